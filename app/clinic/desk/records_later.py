"""The table of report 13 that tells what the records of sessions say ninety days later, with its definition."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from flask_babel import LazyString

from app.clinic.desk.report_parts import Block, Row, figure, percent, words_of
from app.clinic.rules.booking import Outcome
from app.clinic.rules.counting import RecordsLater, Told
from app.clinic.words import OUTCOME_WORDS
from app.core.language import formatting_locale, say
from app.core.words import date_short
from app.registry.moving_rules import Moving
from app.registry.rules import Source

MOVING_WORDS: Final[dict[Moving, LazyString]] = {
    Moving.MEMBERS_MORE: say("Anggota bertambah"),
    Moving.MEMBERS_FEWER: say("Anggota berkurang"),
    Moving.LEGAL_STEP: say("Nomor atau izin baru tercatat"),
    Moving.RAT: say("RAT baru tercatat"),
}
WAY_WORDS: Final[dict[Source, LazyString]] = {
    Source.SELF: say("usul pengurus"),
    Source.ASSISTED: say("diubah petugas"),
    Source.IMPORT: say("dari daftar"),
}
# outcomes that are counted of sessions without a record: something is about to begin
BEGAN: Final = (Outcome.NEW_COOPERATIVE, Outcome.NEW_BUSINESS)
_NOTE: Final = say(
    "Dihitung dari riwayat data: yang tercatat sejak konsultasi sampai 90 hari sesudahnya. Bergerak artinya: jumlah "
    "anggota naik atau turun; nomor badan hukum, Nomor Induk Koperasi, NIB, atau NPWP tercatat pertama kali; atau "
    "RAT tercatat. Satu konsultasi bisa punya lebih dari satu gerak. Tidak dihitung: jumlah anggota yang sebelumnya "
    "kosong, badan hukum yang terbit sebelum konsultasi, RAT untuk tahun buku yang lebih lama dari tahun lalu, "
    "penyatuan data, dan daftar yang dibatalkan. Data yang disatukan diikuti ke data yang tetap dipakai. Pembetulan "
    "salah ketik ikut terhitung. Ini yang terjadi sesudah konsultasi, belum tentu karena konsultasi."
)


def records_block(later: RecordsLater) -> Block:
    """All of it; no rows where no session is ninety days old."""
    return Block(
        "data-bergerak",
        str(say("Data koperasi sesudah 90 hari")),
        str(say("Sumber: konsultasi yang genap 90 hari pada masa ini, dan riwayat data koperasi.")),
        words_of(say("Yang dihitung"), say("Konsultasi"), say("Sumber")),
        tuple(_rows(later)) if later.sessions else (),
        str(_NOTE),
    )


def _rows(later: RecordsLater) -> list[Row]:
    whole, named = later.sessions, later.with_record
    clinic = str(say("catatan klinik"))
    return [
        _row(str(say("Menyebut kode koperasi atau usaha")), named, whole, clinic),
        _told(str(say("Datanya bergerak")), later.moved, named),
        *(_told(f"- {MOVING_WORDS[what]}", told, named) for what, told in later.kinds),
        _told(str(say("Datanya diperbarui, tetapi tidak bergerak")), later.still, named),
        _row(str(say("Belum diketahui: datanya belum diperbarui")), later.not_renewed, named),
        _row(str(say("Belum diketahui: kodenya tidak ada di daftar")), later.not_found, named),
        _row(str(say("Tidak menyebut kode")), later.without_record, whole, clinic),
        *(
            _row(f"- {OUTCOME_WORDS[Outcome(outcome)]}", count, later.without_record, clinic)
            for outcome, count in later.without_outcomes
        ),
    ]


def _told(name: str, told: Told, of: int) -> Row:
    """With the ways by which it came and the day of the latest."""
    if told.last_at is None:
        return _row(name, told.sessions, of)
    ways = ", ".join(f"{WAY_WORDS[source]} {figure(count)}" for source, count in told.sources)
    last = date_short(told.last_at, formatting_locale())
    return _row(name, told.sessions, of, str(say("%(ways)s; terakhir %(day)s", ways=ways, day=last)))


def _row(name: str, count: int, of: int, source: str = "-") -> Row:
    """``of``: on how many sessions the share rests."""
    if not of:
        return Row((name, figure(count), source))
    part = percent(Fraction(count, of))
    words = say("%(n)s (%(part)s dari %(of)s)", n=figure(count), part=part, of=figure(of))
    return Row((name, str(words), source))
