"""One row of the office's or the ministry's list, understood. Pure: cells in, values and reasons out.

Only a missing name or an unknown kecamatan makes a row faulty. Everything else that cannot be read is left out
and said at its cell, because a list with gaps is better in the registry than in a drawer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.cooperatives.rules import CooperativeType, MembershipArea, MinistryStatus
from app.core.codes import RECORD_PATTERN, tidy_code
from app.core.language import say
from app.core.values import (
    Cell,
    Certainty,
    Repaired,
    ValueProblem,
    cell_text,
    parse_count,
    parse_legal_number,
    parse_nib,
    parse_nik_koperasi,
    parse_npwp,
    parse_phones,
    parse_rupiah,
    repair_date,
    repair_nib,
    repair_nik_koperasi,
    repair_npwp,
    repair_phone,
    says_none,
    tidy_name,
    tidy_text,
)
from app.imports.kinds import Reading, Reason, Values
from app.regions.places import Places
from app.regions.rules import Certainty as PlaceCertainty
from app.regions.rules import match_desa, match_kecamatan

_KINDS: Final = {
    "konsumen": CooperativeType.CONSUMER,
    "konsumsi": CooperativeType.CONSUMER,
    "produsen": CooperativeType.PRODUCER,
    "pemasaran": CooperativeType.MARKETING,
    "jasa": CooperativeType.SERVICE,
    "simpan pinjam": CooperativeType.SAVINGS_AND_LOAN,
    "ksp": CooperativeType.SAVINGS_AND_LOAN,
    "kspps": CooperativeType.SAVINGS_AND_LOAN,
    "serba usaha": CooperativeType.UNKNOWN,
    "ksu": CooperativeType.UNKNOWN,
}
_MINISTRY: Final = {
    "aktif": MinistryStatus.ACTIVE,
    "tidak aktif": MinistryStatus.INACTIVE,
    "non aktif": MinistryStatus.INACTIVE,
    "nonaktif": MinistryStatus.INACTIVE,
    "pasif": MinistryStatus.INACTIVE,
}
_AREAS: Final = {
    "nasional": MembershipArea.NASIONAL,
    "provinsi": MembershipArea.PROVINSI,
    "propinsi": MembershipArea.PROVINSI,
    "kabupaten": MembershipArea.KABUPATEN,
    "kota": MembershipArea.KABUPATEN,
}
_RAT_COLUMN: Final = re.compile(r"rat_(20[0-9]{2})")
_RAT_NOT_HELD: Final = {"belum", "tidak", "tdk", "x", "n", "no", "blm"}
# A number and its date in one cell: "518/12/BH/2004, 3 Mei 2004" or "... tgl. 3-5-2004".
_NUMBER_AND_DATE: Final = re.compile(
    r"(?P<number>.{5,80}?)[,;]?\s*(?:tanggal|tgl\.?|\s)\s*(?P<day>[0-9]{1,2}[ ./-].{3,25})",
    re.IGNORECASE,
)
# Columns of the ministry's list that this registry keeps as they came, for the record's later chapters.
MINISTRY_TEXTS: Final = (
    "amendment_number",
    "amendment_date",
    "form",
    "group",
    "business_sector",
    "secretary_name",
    "treasurer_name",
    "supervisor_name",
    "manager_name",
    "managers_total",
    "employees_total",
    "nik_status",
    "certificate_until",
    "grade",
    "remark",
    "management_pattern",
    "managers_male",
    "managers_female",
    "employees_male",
    "employees_female",
    "kuk",
    "email",
    "postal_code",
    "rt_rw",
)


@dataclass
class RowNotes:
    """Values and reasons gathered while a row is read."""

    values: Values = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    faulty: bool = False

    def say(self, name: str, words: Any) -> None:
        """Say something about the cell of ``name``."""
        self.reasons.append(Reason(name, str(words)))

    def fault(self, name: str, words: Any) -> None:
        """The row cannot stand."""
        self.say(name, words)
        self.faulty = True

    def keep(self, name: str, value: object) -> None:
        """Keep what the row really says."""
        if value not in (None, "", (), [], {}):
            self.values[name] = value


def read_row(cells: Mapping[str, Cell], places: Places, *, sheet: str, today: date) -> Reading:
    """Understand one row. ``sheet`` may name the kecamatan when no column does."""
    notes = RowNotes()
    _read_name(cells, notes)
    _read_place(cells, places, sheet, notes)
    cells = _split_legal_entity(cells)
    _read_numbers(cells, notes)
    _read_dates(cells, notes, today)
    _read_people(cells, notes)
    _read_words(cells, notes)
    return Reading(notes.values, tuple(notes.reasons), notes.faulty)


def _text(cells: Mapping[str, Cell], name: str) -> str:
    text = cell_text(cells.get(name)).strip()
    return "" if says_none(text) else text


def _read_name(cells: Mapping[str, Cell], notes: RowNotes) -> None:
    try:
        notes.keep("name", tidy_name(_text(cells, "name")))
    except ValueProblem as problem:
        notes.fault("name", problem.sentence)
        return
    if "name" not in notes.values:
        notes.fault("name", say("Nama koperasi kosong."))


def _read_place(cells: Mapping[str, Cell], places: Places, sheet: str, notes: RowNotes) -> None:
    written = _text(cells, "kecamatan")
    desa_written = _text(cells, "desa")
    found = match_kecamatan(written or sheet, places)
    code = found.code
    if code is None and desa_written:
        alone = match_desa(desa_written, None, places)
        if alone.code is not None and not written:
            notes.keep("desa_code", alone.code)
            code = alone.code[:8]
    if code is None:
        _say_unclear_kecamatan(written, _names(found.suggestions, places), notes)
        return
    if found.certainty is PlaceCertainty.LIKELY:
        notes.say("kecamatan", say("Kami baca sebagai %(name)s.", name=places.name_of(code)))
    notes.keep("kecamatan_code", code)
    if desa_written and "desa_code" not in notes.values:
        _read_desa(desa_written, code, places, notes)
    notes.keep("address", tidy_text(_text(cells, "address"), most=300))


def _names(codes: Iterable[str], places: Places) -> str:
    return "; ".join(places.name_of(code) for code in codes)


def _say_unclear_kecamatan(written: str, suggestions: str, notes: RowNotes) -> None:
    if not written:
        notes.fault("kecamatan", say("Kecamatan kosong."))
    elif suggestions:
        notes.fault(
            "kecamatan",
            say(
                "Kecamatan ini belum jelas. Mungkin maksudnya: %(names)s.",
                names=suggestions,
            ),
        )
    else:
        notes.fault("kecamatan", say("Kecamatan ini tidak ada di Kabupaten Bogor."))


def _read_desa(written: str, kecamatan: str, places: Places, notes: RowNotes) -> None:
    found = match_desa(written, kecamatan, places)
    if found.code is not None:
        notes.keep("desa_code", found.code)
        if found.certainty is PlaceCertainty.LIKELY:
            notes.say(
                "desa",
                say("Kami baca sebagai %(name)s.", name=places.name_of(found.code)),
            )
    elif found.suggestions:
        notes.say(
            "desa",
            say(
                "Desa ini belum jelas. Mungkin: %(names)s.",
                names=_names(found.suggestions, places),
            ),
        )
    else:
        notes.say("desa", say("Desa ini tidak ada di kecamatan itu. Dikosongkan dulu."))


def _split_legal_entity(cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
    """The office writes number and date of the legal entity in one cell; take it apart where that is clear."""
    both = _text(cells, "legal_entity")
    if not both or _text(cells, "legal_entity_number"):
        return cells
    found = _NUMBER_AND_DATE.fullmatch(both[:120])
    if found is None:
        return {**cells, "legal_entity_number": both}
    return {
        **cells,
        "legal_entity_number": found["number"],
        "legal_entity_date": found["day"],
    }


def _read_numbers(cells: Mapping[str, Cell], notes: RowNotes) -> None:
    _repaired("nik_koperasi", cells, repair_nik_koperasi, parse_nik_koperasi, notes)
    _repaired("nib", cells, repair_nib, parse_nib, notes)
    _repaired("npwp", cells, repair_npwp, parse_npwp, notes)
    _repaired("phone", cells, repair_phone, lambda text: parse_phones(text)[0], notes)
    _typed("legal_entity_number", cells, lambda text: parse_legal_number(text).text, notes)
    for name in ("members_male", "members_female", "members_total"):
        _typed(name, cells, parse_count, notes)
    if cell_text(cells.get("annual_turnover")).strip() != "0":
        _typed("annual_turnover", cells, parse_rupiah, notes)


def _repaired(
    name: str,
    cells: Mapping[str, Cell],
    repair: Callable[[Any], Repaired],
    parse: Callable[[str], str],
    notes: RowNotes,
) -> None:
    if not _text(cells, name):
        return
    mended = repair(cells.get(name))
    if mended.note is not None:
        notes.say(name, mended.note)
    if mended.certainty is Certainty.LOST or not mended.value:
        return
    _parsed(name, mended.value, parse, notes)


def _typed(
    name: str,
    cells: Mapping[str, Cell],
    parse: Callable[[str], object],
    notes: RowNotes,
) -> None:
    text = _text(cells, name)
    if text:
        _parsed(name, text, parse, notes)


def _parsed(name: str, text: str, parse: Callable[[str], object], notes: RowNotes) -> None:
    try:
        notes.keep(name, parse(text))
    except ValueProblem as problem:
        notes.say(name, problem.sentence)


def _read_dates(cells: Mapping[str, Cell], notes: RowNotes, today: date) -> None:
    founded = _date("legal_entity_date", cells, notes)
    if founded is not None and founded > today:
        notes.say("legal_entity_date", say("Tanggal ini belum terjadi. Dikosongkan dulu."))
    elif founded is not None:
        notes.keep("legal_entity_date", founded.isoformat())
    years = _rat_columns(cells, today)
    last_rat = _date("last_rat_date", cells, notes)
    if last_rat is not None and last_rat <= today:
        years.add(last_rat.year - 1)  # a RAT is about the book year before
    notes.keep("rat_years", sorted(years))


def _rat_columns(cells: Mapping[str, Cell], today: date) -> set[int]:
    """Book years with a column of their own that says anything but no."""
    held = set()
    for name in cells:
        column = _RAT_COLUMN.fullmatch(name)
        if column and int(column[1]) < today.year:
            text = _text(cells, name).casefold().rstrip(".")
            if text and text.split()[0] not in _RAT_NOT_HELD:
                held.add(int(column[1]))
    return held


def _date(name: str, cells: Mapping[str, Cell], notes: RowNotes) -> date | None:
    if not _text(cells, name):
        return None
    try:
        mended = repair_date(cells.get(name))
    except ValueProblem as problem:
        notes.say(name, problem.sentence)
        return None
    if mended.note is not None:
        notes.say(name, mended.note)
    return mended.value


def _read_people(cells: Mapping[str, Cell], notes: RowNotes) -> None:
    for name in ("chair_name", "contact_name"):
        text = _text(cells, name)
        if text:
            _parsed(name, text, lambda t: tidy_name(t, most=120), notes)


def _read_words(cells: Mapping[str, Cell], notes: RowNotes) -> None:
    notes.keep("main_activity", tidy_text(_text(cells, "main_activity"), most=200))
    notes.keep("cooperative_type", _word("cooperative_type", cells, _KINDS, notes))
    notes.keep("ministry_status", _word("ministry_status", cells, _MINISTRY, notes))
    form = _text(cells, "form").casefold()
    notes.keep(
        "membership_area",
        next((area.value for word, area in _AREAS.items() if word in form), None),
    )
    extra = {name: tidy_text(text, most=200) for name in MINISTRY_TEXTS if (text := _text(cells, name))}
    notes.keep("ministry_record", extra)
    code = tidy_code(_text(cells, "code"))
    notes.keep("code", code if RECORD_PATTERN.fullmatch(code) else None)


def _word(name: str, cells: Mapping[str, Cell], meanings: Mapping[str, Any], notes: RowNotes) -> str | None:
    """The value of a word of a closed list; longest words first, so that 'tidak aktif' is not read as 'aktif'."""
    text = " ".join(_text(cells, name).casefold().replace("-", " ").split())
    if not text:
        return None
    for word in sorted(meanings, key=len, reverse=True):
        if word in text:
            return str(meanings[word])
    notes.say(name, say("Kata ini tidak kami kenal. Dikosongkan dulu."))
    return None
