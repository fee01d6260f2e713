"""One row of the office's or the ministry's list, understood. Pure: cells in, values and reasons out.

Only a missing name or an unknown kecamatan makes a row faulty. Everything else that cannot be read is left out
and said at its cell, because a list with gaps is better in the registry than in a drawer. Cells come clean from
the reader of tables: trimmed, and without what people write instead of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from app.cooperatives.importing.place_reading import PlaceReader
from app.cooperatives.importing.row_words import AREAS, KINDS, MINISTRY, Meanings, meaning
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
    tidy_name,
    tidy_text,
)
from app.core.values.covering import cover_numbers
from app.imports.kinds import Reading, Reason, Values
from app.regions.rules import Certainty as PlaceCertainty

_RAT_COLUMN: Final = re.compile(r"rat_(20[0-9]{2})")
_RAT_NOT_HELD: Final = frozenset({"belum", "tidak", "tdk", "x", "n", "no", "blm"})
# A number and its date in one cell: "518/12/BH/2004, 3 Mei 2004" or "... tgl. 3-5-2004".
_NUMBER_AND_DATE: Final = re.compile(
    r"(?P<number>.{5,80}?)[,;]?\s*(?:tanggal|tgl\.?|\s)\s*(?P<day>[0-9]{1,2}[ ./-].{3,25})",
    re.IGNORECASE,
)
# Columns of the ministry's list that this registry keeps as they came, for the record's later chapters.
MINISTRY_TEXTS: Final = (
    *("amendment_number", "amendment_date", "form", "group", "business_sector", "management_pattern"),
    *("secretary_name", "treasurer_name", "supervisor_name", "manager_name"),
    *("managers_total", "managers_male", "managers_female"),
    *("employees_total", "employees_male", "employees_female"),
    *("nik_status", "certificate_until", "grade", "kuk", "remark", "email", "postal_code", "rt_rw"),
)
_REPAIRED: Final[tuple[tuple[str, Callable[[Any], Repaired], Callable[[str], str]], ...]] = (
    ("nik_koperasi", repair_nik_koperasi, parse_nik_koperasi),
    ("nib", repair_nib, parse_nib),
    ("npwp", repair_npwp, parse_npwp),
    ("phone", repair_phone, lambda text: parse_phones(text)[0]),
)


@dataclass
class RowNotes:
    """Cells of a row as texts; values and reasons gathered while it is read."""

    cells: Mapping[str, Cell]
    texts: dict[str, str]
    values: Values = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    faulty: bool = False

    def text(self, name: str) -> str:
        """What a person would have typed into the cell of ``name``."""
        return self.texts.get(name, "")

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

    def parse(self, name: str, text: str, reader: Callable[[str], object]) -> None:
        """Keep ``text`` as ``reader`` understands it, or say why not."""
        try:
            self.keep(name, reader(text))
        except ValueProblem as problem:
            self.say(name, problem.sentence)

    def open_text(self, name: str, text: str) -> str:
        """A text that will stand open in the registry: numbers of persons in it are covered, and that is said."""
        covered = cover_numbers(text)
        if covered != text:
            self.say(name, say("Nomor HP atau NIK orang di sel ini kami samarkan."))
        return covered


def read_row(cells: Mapping[str, Cell], places: PlaceReader, *, sheet: str, today: date) -> Reading:
    """Understand one row. ``sheet`` may name the kecamatan when no column does."""
    notes = RowNotes(cells, {name: cell_text(cell).strip() for name, cell in cells.items()})
    _read_name(notes)
    _read_place(places, sheet, notes)
    _split_legal_entity(notes)
    _read_numbers(notes)
    _read_members(notes)
    _read_dates(notes, today)
    _read_words(notes)
    return Reading(notes.values, tuple(notes.reasons), notes.faulty)


def _read_name(notes: RowNotes) -> None:
    try:
        notes.keep("name", notes.open_text("name", tidy_name(notes.text("name"))))
    except ValueProblem as problem:
        notes.fault("name", problem.sentence)
        return
    if "name" not in notes.values:
        notes.fault("name", say("Nama koperasi kosong."))


def _read_place(places: PlaceReader, sheet: str, notes: RowNotes) -> None:
    written, desa_written = notes.text("kecamatan"), notes.text("desa")
    found = places.kecamatan(written or sheet)
    code = found.code
    if code is None and desa_written and not written:
        alone = places.desa(desa_written, None)
        if alone.code is not None:
            notes.keep("desa_code", alone.code)
            code = alone.code[:8]
    if code is None:
        _say_unclear_kecamatan(written, places.names(found.suggestions), notes)
        return
    if found.certainty is PlaceCertainty.LIKELY:
        notes.say("kecamatan", say("Kami baca sebagai %(name)s.", name=places.name(code)))
    notes.keep("kecamatan_code", code)
    if desa_written and "desa_code" not in notes.values:
        _read_desa(desa_written, code, places, notes)
    notes.parse("address", notes.text("address"), partial(_one_text, notes, "address", 300))


def _one_text(notes: RowNotes, name: str, most: int, text: str) -> str:
    return notes.open_text(name, tidy_text(text, most=most))


def _say_unclear_kecamatan(written: str, suggestions: str, notes: RowNotes) -> None:
    if not written:
        notes.fault("kecamatan", say("Kecamatan kosong."))
    elif suggestions:
        words = say("Kecamatan ini belum jelas. Mungkin maksudnya: %(names)s.", names=suggestions)
        notes.fault("kecamatan", words)
    else:
        notes.fault("kecamatan", say("Kecamatan ini tidak ada di Kabupaten Bogor."))


def _read_desa(written: str, kecamatan: str, places: PlaceReader, notes: RowNotes) -> None:
    found = places.desa(written, kecamatan)
    if found.code is not None:
        notes.keep("desa_code", found.code)
        if found.certainty is PlaceCertainty.LIKELY:
            notes.say("desa", say("Kami baca sebagai %(name)s.", name=places.name(found.code)))
    elif found.suggestions:
        names = places.names(found.suggestions)
        notes.say("desa", say("Desa ini belum jelas. Mungkin: %(names)s.", names=names))
    else:
        notes.say("desa", say("Desa ini tidak ada di kecamatan itu. Dikosongkan dulu."))


def _split_legal_entity(notes: RowNotes) -> None:
    """The office writes number and date of the legal entity in one cell; take it apart where that is clear."""
    both = notes.text("legal_entity")
    if not both or notes.text("legal_entity_number"):
        return
    found = _NUMBER_AND_DATE.fullmatch(both[:120])
    notes.texts["legal_entity_number"] = found["number"] if found else both
    if found and "legal_entity_date" not in notes.cells:
        notes.cells = {**notes.cells, "legal_entity_date": found["day"]}
        notes.texts["legal_entity_date"] = found["day"]


def _read_numbers(notes: RowNotes) -> None:
    for name, repair, parse in _REPAIRED:
        if notes.text(name):
            _read_repaired(name, repair, parse, notes)
    if notes.text("legal_entity_number"):
        number = notes.text("legal_entity_number")
        notes.parse("legal_entity_number", number, lambda text: parse_legal_number(text).text)
    if notes.text("annual_turnover") not in ("", "0"):
        notes.parse("annual_turnover", notes.text("annual_turnover"), parse_rupiah)


def _read_repaired(
    name: str, repair: Callable[[Any], Repaired], parse: Callable[[str], str], notes: RowNotes
) -> None:
    mended = repair(notes.cells[name])
    if mended.note is not None:
        notes.say(name, mended.note)
    if mended.certainty is not Certainty.LOST and mended.value:
        notes.parse(name, mended.value, parse)


def _read_members(notes: RowNotes) -> None:
    """The sum of men and women is what counts; a total beside them is only compared."""
    for name in ("members_male", "members_female", "members_total"):
        if notes.text(name):
            notes.parse(name, notes.text(name), parse_count)
    values = notes.values
    if "members_male" in values and "members_female" in values:
        total = values["members_male"] + values["members_female"]
        if values.pop("members_total", total) != total:
            notes.say("members_total", say("Jumlahnya tidak cocok. Kami pakai laki-laki ditambah perempuan."))


def _read_dates(notes: RowNotes, today: date) -> None:
    founded = _date("legal_entity_date", notes)
    if founded is not None and founded > today:
        notes.say("legal_entity_date", say("Tanggal ini belum terjadi. Dikosongkan dulu."))
    elif founded is not None:
        notes.keep("legal_entity_date", founded.isoformat())
    years = _rat_columns(notes, today)
    last_rat = _date("last_rat_date", notes)
    if last_rat is not None and last_rat > today:
        notes.say("last_rat_date", say("Tanggal ini belum terjadi. Dikosongkan dulu."))
    elif last_rat is not None:
        years.add(last_rat.year - 1)  # a RAT is about the book year before
    notes.keep("rat_years", sorted(years))


def _rat_columns(notes: RowNotes, today: date) -> set[int]:
    """Book years with a column of their own that says anything but no."""
    held = set()
    for name, text in notes.texts.items():
        column = _RAT_COLUMN.fullmatch(name)
        if column and int(column[1]) < today.year:
            words = text.casefold().rstrip(".").split()
            if words and words[0] not in _RAT_NOT_HELD:
                held.add(int(column[1]))
    return held


def _date(name: str, notes: RowNotes) -> date | None:
    if not notes.text(name):
        return None
    try:
        mended = repair_date(notes.cells[name])
    except ValueProblem as problem:
        notes.say(name, problem.sentence)
        return None
    if mended.note is not None:
        notes.say(name, mended.note)
    return mended.value


def _read_words(notes: RowNotes) -> None:
    for name in ("chair_name", "contact_name"):
        if notes.text(name):
            notes.parse(name, notes.text(name), partial(_person, notes, name))
    notes.parse("main_activity", notes.text("main_activity"), partial(_one_text, notes, "main_activity", 200))
    for name, meanings in (("cooperative_type", KINDS), ("ministry_status", MINISTRY)):
        _read_choice(name, meanings, notes)
    notes.keep("membership_area", meaning(notes.text("membership_area") or notes.text("form"), AREAS))
    notes.keep("ministry_record", _ministry_texts(notes))
    code = tidy_code(notes.text("code"))
    notes.keep("code", code if RECORD_PATTERN.fullmatch(code) else None)


def _person(notes: RowNotes, name: str, text: str) -> str:
    return notes.open_text(name, tidy_name(text, most=120))


def _read_choice(name: str, meanings: Meanings, notes: RowNotes) -> None:
    text = notes.text(name)
    if not text:
        return
    found = meaning(text, meanings)
    notes.keep(name, found)
    if found is None:
        notes.say(name, say("Kata ini tidak kami kenal. Dikosongkan dulu."))


def _ministry_texts(notes: RowNotes) -> dict[str, str]:
    """Columns kept as they came; too long ones are cut at 200 characters, for nobody decides by them."""
    found: dict[str, str] = {}
    for name in MINISTRY_TEXTS:
        text = notes.text(name)
        if text:
            found[name] = notes.open_text(name, tidy_text(text[:200], most=200))
    return found
