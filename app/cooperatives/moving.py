"""What this room tells rooms beside it about its records: hung on the registry's door when it is furnished."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from app.cooperatives.history_words import RECORD_STATUS_WORDS
from app.cooperatives.queries import moving
from app.cooperatives.words import ACTIVITY_SOURCE_WORDS, ACTIVITY_WORDS
from app.core.access import Actor
from app.core.clock import in_wib
from app.core.language import formatting_locale, say
from app.core.words import number
from app.regions.queries import place_names
from app.registry.moving_rules import Brief, BriefFact, Trail, Window
from app.registry.rules import RecordStatus, Source

CODE_LETTER = "K"


class CooperativeReader:
    """``RecordReader`` of the cooperatives."""

    def standing(self, session: Session, codes: Collection[str]) -> Mapping[str, str]:
        """Code -> code of the record that it leads to today."""
        return moving.standing(session, codes)

    def namesakes(self, session: Session, code: str) -> Collection[str]:
        """All codes that lead to the same record."""
        return moving.namesakes(session, code)

    def trails(self, session: Session, windows: Collection[Window]) -> Mapping[Window, Trail]:
        """What moved in each window."""
        return moving.trails(session, windows)

    def brief_for(self, session: Session, actor: Actor, code: str) -> Brief | None:
        """Name, place, how it stands, last RAT, members."""
        short = moving.short_for(session, actor, code)
        return _brief(short) if short else None


def _brief(short: moving.Short) -> Brief:
    known = [short.desa_code, short.kecamatan_code]
    names = place_names(known)
    place = next((names[code] for code in known if code in names), "")
    rat = str(say("Tahun buku %(year)s", year=short.last_rat)) if short.last_rat else ""
    members = number(short.members_total, formatting_locale()) if short.members_total is not None else ""
    facts = [
        BriefFact(str(say("Tempat")), place),
        BriefFact(
            str(say("Keaktifan")),
            str(ACTIVITY_WORDS[short.activity]),
            str(ACTIVITY_SOURCE_WORDS[short.activity_source]),
            short.activity_on,
        ),
        BriefFact(str(say("RAT terakhir")), rat),
        BriefFact(str(say("Jumlah anggota")), members),
    ]
    if short.status is not RecordStatus.PUBLIC:
        facts.insert(0, BriefFact(str(say("Status")), str(RECORD_STATUS_WORDS[short.status])))
    source = (
        say("Sumber: daftar Dinas dan kementerian.")
        if short.source is Source.IMPORT
        else say("Sumber: diisi koperasi, diperiksa petugas.")
    )
    return Brief(short.code, short.name, tuple(facts), str(source), in_wib(short.updated_at).date())
