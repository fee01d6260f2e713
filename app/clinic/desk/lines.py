"""What the office did to timetable and roster, in words for ``ui.timeline``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.clinic.forms.timetable import WEEKDAY_WORDS
from app.clinic.queries.roster import list_desks, list_experts
from app.clinic.rules.timetable import Service
from app.clinic.words import SERVICE_WORDS
from app.core.audit import History
from app.core.language import formatting_locale, say
from app.core.words import date_short, join_words

_DEEDS: Final = {
    "clinic.slots_made": say("Jam konsultasi dibuat"),
    "clinic.hours_added": say("Jam layanan ditambah"),
    "clinic.hours_ended": say("Jam layanan diakhiri"),
    "clinic.numbers_set": say("Angka klinik diubah"),
    "clinic.closed": say("Tutup dicatat"),
    "clinic.reopened": say("Dibuka lagi"),
    "clinic.duty_added": say("Piket ditambah"),
    "clinic.duty_removed": say("Piket dihapus"),
    "clinic.month_copied": say("Piket disalin dari bulan lalu"),
    "clinic.swapped": say("Piket ditukar"),
    "clinic.desk_saved": say("Data meja diubah"),
    "clinic.expert_saved": say("Data narasumber disimpan"),
}


@dataclass(frozen=True)
class Entry:
    """One line for ``ui.timeline``."""

    at: datetime
    title: str
    who: str
    text: str


def entries_of(session: Session, lines: Iterable[History]) -> list[Entry]:
    """History in words."""
    kept = list(lines)
    experts = {row.id: row.name for row in list_experts(session)} if kept else {}
    desks = {desk.id: desk.name for desk in list_desks(session)} if kept else {}
    return [
        Entry(
            line.at,
            str(_DEEDS.get(line.deed, line.deed)),
            line.actor_name,
            _text({**(line.before or {}), **(line.after or {})}, experts, desks),
        )
        for line in kept
    ]


def _text(facts: Mapping[str, Any], experts: Mapping[int, str], desks: Mapping[int, str]) -> str:
    """What it was about: who, for whom, when, why."""
    language = formatting_locale()
    parts = [
        str(facts.get("expert") or experts.get(facts.get("expert_id", 0), "")),
        str(facts.get("other", "")),
        str(facts.get("desk") or desks.get(facts.get("desk_id", 0), "")),
        join_words([str(SERVICE_WORDS[Service(one)]) for one in facts.get("services", ())], language),
        join_words([str(WEEKDAY_WORDS[one]) for one in facts.get("weekdays", ())], language),
        str(facts.get("time", "")),
        _dates(facts, language),
        str(facts.get("reason", "")),
    ]
    if "added" in facts:
        parts.append(
            str(say("%(added)s baru, %(removed)s dihapus", added=facts["added"], removed=facts["removed"]))
        )
    return " · ".join(part for part in parts if part)


def _dates(facts: Mapping[str, Any], language: str) -> str:
    first = facts.get("from") or facts.get("first_day")
    last = facts.get("to") or facts.get("until") or facts.get("last_day")
    days = [date_short(date.fromisoformat(str(day)), language) for day in (first, last) if day]
    return " - ".join(dict.fromkeys(days))
