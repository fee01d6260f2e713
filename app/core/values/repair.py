"""Values that a spreadsheet mangled, brought back where possible and reported as lost where not.

A spreadsheet keeps a number with 15 significant digits, drops zeros in front, shows long ones as 3.20101E+12
(and writes just that into a .csv), and keeps dates as day numbers. Repair never judges whether a value is
right: what needs no repair comes back as it is, for the reader of that value to accept or refuse.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from flask_babel import LazyString

from app.core.language import say
from app.core.values.dates import EARLIEST, LATEST, date_from_serial, date_within, parse_date
from app.core.values.digits import NIB_LENGTH, NIK_KOPERASI_LENGTH, NIK_LENGTH, NPWP_OLD_LENGTH
from app.core.values.typed import MOST_TYPED, plain

Cell: TypeAlias = str | int | float | date | datetime | None


class Certainty(StrEnum):
    """How far a value from a spreadsheet can be trusted to be what was once typed."""

    SURE = "sure"
    LIKELY = "likely"  # brought back by a rule that is nearly always right; show the note
    LOST = "lost"  # part of it is gone; the value is ''


class Repaired(NamedTuple):
    """The text to read on, and what was done to it. A blank cell is '' and SURE."""

    value: str
    certainty: Certainty
    note: LazyString | None


class RepairedDate(NamedTuple):
    """The day of a cell (None: blank), and what was done to it. Never LOST."""

    value: date | None
    certainty: Certainty
    note: LazyString | None


_ZERO_BACK: Final = say("Nol di depan hilang di Excel, sudah kami tambahkan. Mohon diperiksa.")
_SHORTENED: Final = say("Excel menyingkat angka ini, jadi sebagian hilang. Lihat surat aslinya.")
_FIFTEEN: Final = say("Excel hanya menyimpan 15 angka, jadi angka terakhir hilang. Lihat surat aslinya.")
_MADE_A_DATE: Final = say("Excel mengubah angka ini menjadi tanggal. Lihat surat aslinya.")
_DAY_NUMBER: Final = say("Tanggal ini tersimpan sebagai angka Excel. Mohon diperiksa.")

# Significant digits a spreadsheet keeps.
_KEPT: Final = 15
# Beyond this a float no longer holds every whole number.
_EXACT: Final = 2**53

_WRAPPED: Final = re.compile(r'=?"([^"]*)"')
_SCIENTIFIC: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_WITH_ZERO_CENTS: Final = re.compile(r"([0-9]+)[.,]0{1,2}")
_SEPARATED: Final = re.compile(r"[0-9](?:[0-9 .\-/]*[0-9])?")
_SERIAL: Final = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")


def cell_text(cell: Cell) -> str:
    """What a person would have typed into the cell: 518.0 -> '518', a day -> '17-08-1990', nothing -> ''."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, date):
        return f"{cell.day:02}-{cell.month:02}-{cell.year:04}"
    if isinstance(cell, float):
        return "" if not math.isfinite(cell) else str(int(cell)) if cell.is_integer() else repr(cell)
    return cell if isinstance(cell, str) else str(cell)


def _sure(value: str) -> Repaired:
    return Repaired(value, Certainty.SURE, None)


def _lost(note: LazyString) -> Repaired:
    return Repaired("", Certainty.LOST, note)


def _unmangled(cell: Cell) -> Repaired:
    """The cell as text, with numbers in all their digits or reported as lost."""
    if isinstance(cell, date):
        return _lost(_MADE_A_DATE)
    text = cell_text(cell)
    if not isinstance(cell, str):
        return _whole_number(text)
    if len(text) > MOST_TYPED:
        return _sure(text)
    text = plain(text).removeprefix("'")
    wrapped = _WRAPPED.fullmatch(text)
    text = wrapped[1].strip() if wrapped else text
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _from_scientific(text, *scientific.groups(default=""))
    with_cents = _WITH_ZERO_CENTS.fullmatch(text)
    return _whole_number(with_cents[1]) if with_cents else _sure(text)


def _whole_number(text: str) -> Repaired:
    """Digits kept as a number. Past 15 the rest is zeros (or, past 2^53, wrong), whatever was typed."""
    if not text.isdigit() or len(text) <= _KEPT:
        return _sure(text)
    if text.endswith("0") or int(text) > _EXACT:
        return _lost(_FIFTEEN)
    return Repaired(text, Certainty.LIKELY, None)


def _from_scientific(text: str, whole: str, decimals: str, exponent: str) -> Repaired:
    """3.275070060001E+12 holds all its digits; 3.27507E+12 does not."""
    missing = int(exponent) - len(decimals)
    if missing > 0:
        return _lost(_SHORTENED)
    return _whole_number(whole + decimals) if missing == 0 else _sure(text)


def repair_digits(cell: Cell, length: int, *, lost_zeros: int = 1) -> Repaired:
    """The digits of a cell that should hold ``length`` of them; at most ``lost_zeros`` are put back in front.

    Anything that is not digits and separators comes back as it is. Never raises.
    """
    found = _unmangled(cell)
    if len(found.value) > MOST_TYPED or not _SEPARATED.fullmatch(found.value):
        return found
    if not isinstance(cell, str) and not found.value.isdigit():
        return found  # the point in a number cell separates nothing
    digits = re.sub("[^0-9]", "", found.value)
    if 0 < length - len(digits) <= lost_zeros:
        return Repaired(digits.zfill(length), Certainty.LIKELY, _ZERO_BACK)
    return found._replace(value=digits)


def repair_npwp(cell: Cell) -> Repaired:
    """Text for ``parse_npwp``; 14 digits get their zero back, 15 and 16 are both forms of the number."""
    return repair_digits(cell, NPWP_OLD_LENGTH)


def repair_nib(cell: Cell) -> Repaired:
    """Text for ``parse_nib``; NIBs of the first years begin with 0."""
    return repair_digits(cell, NIB_LENGTH)


def repair_nik_koperasi(cell: Cell) -> Repaired:
    """Text for ``parse_nik_koperasi``; no province has a code that begins with 0, so no zero can be lost."""
    return repair_digits(cell, NIK_KOPERASI_LENGTH, lost_zeros=0)


def repair_nik(cell: Cell) -> Repaired:
    """Text for ``parse_nik``; 16 digits kept as a number have lost the last one."""
    return repair_digits(cell, NIK_LENGTH, lost_zeros=0)


def repair_phone(cell: Cell) -> Repaired:
    """Text for ``parse_phone`` or ``parse_phones``, with the zero a number cell lost. Never raises."""
    found = _unmangled(cell)
    if found.value.isdigit() and found.value.startswith(("8", "21", "251")):
        return Repaired("0" + found.value, Certainty.LIKELY, _ZERO_BACK)
    return found


def repair_date(cell: Cell, *, earliest: date = EARLIEST, latest: date = LATEST) -> RepairedDate:
    """The day in a cell: a date, a day number (44044), 17081990 as a number, or a typed date.

    Raises ValueProblem as ``parse_date``.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return RepairedDate(date_within(cell, earliest, latest), Certainty.SURE, None)
    text = _date_text(cell)
    if not text:
        return RepairedDate(None, Certainty.SURE, None)
    serial = _SERIAL.fullmatch(text)
    if serial:
        day = date_from_serial(int(serial[1]), earliest=earliest, latest=latest)
        return RepairedDate(day, Certainty.LIKELY, _DAY_NUMBER)
    if re.fullmatch("[0-9]{7}", text):
        return RepairedDate(
            parse_date(f"0{text}", earliest=earliest, latest=latest), Certainty.LIKELY, _ZERO_BACK
        )
    return RepairedDate(parse_date(text, earliest=earliest, latest=latest), Certainty.SURE, None)


def _date_text(cell: str | float | None) -> str:
    text = cell_text(cell)
    if len(text) > MOST_TYPED:
        return text
    text = plain(text).removeprefix("'")
    with_cents = _WITH_ZERO_CENTS.fullmatch(text)
    return with_cents[1] if with_cents else text
