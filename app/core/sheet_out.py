"""The one writer of spreadsheets that leave the house: exports of the desk, reports of imports.

Every cell is text. What begins with = + - @ stays the text it is and is never a formula; numbers of many
digits keep their digits; nothing is read as a link. Rows stream to a file on disk, so 50,000 cost no more than 50.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MIME_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_575
# What Excel takes in one cell; more would be dropped without a word.
MOST_CHARACTERS: Final = 32_767
_CUT: Final = "…"
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME: Final = 31
# Characters that XML cannot hold in any way; control characters the writer escapes itself.
_NOT_IN_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """A heading and the width of its column in characters. ``wrapped`` breaks long text into lines."""

    heading: str
    width: int = 18
    wrapped: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (made acceptable and unique), its columns, its rows.

    Cells may be text, numbers, dates, None; shorter rows are filled with blanks.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]


def write_sheets(target: Path | IO[bytes], sheets: Iterable[Sheet], *, folder: Path | None = None) -> int:
    """Write a workbook; the number of rows. Each heading is bold, stays in sight and can be filtered by.

    ``folder`` takes the temporary files. Raises ValueError for more than 1,048,575 rows in a sheet and for
    rows wider than the heading.
    """
    from xlsxwriter import Workbook  # 33 ms, and only needed here

    options = {"constant_memory": True, "tmpdir": str(folder) if folder else None}
    names: set[str] = set()
    count = 0
    with Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "num_format": "@"})
        plain = book.add_format({"num_format": "@", "valign": "top"})
        wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, names))
            formats = [wrapped if column.wrapped else plain for column in sheet.columns]
            _write_heading(page, sheet.columns, formats, bold)
            written = _write_rows(page, sheet.rows, formats)
            if sheet.columns:
                page.autofilter(0, 0, written, len(sheet.columns) - 1)
            count += written
    return count


def write_sheet(
    target: Path | IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    name: str = "Data",
    folder: Path | None = None,
) -> int:
    """As ``write_sheets`` with a single sheet."""
    return write_sheets(target, [Sheet(name, columns, rows)], folder=folder)


def _write_heading(
    page: Worksheet, columns: Sequence[Column], formats: Sequence[Format], bold: Format
) -> None:
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, formats[place])
        page.write_string(0, place, cell_text(column.heading), bold)
    page.freeze_panes(1, 0)


def _write_rows(page: Worksheet, rows: Iterable[Sequence[object]], formats: Sequence[Format]) -> int:
    number = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise ValueError("more rows than a sheet holds")
        if len(row) > len(formats):
            raise ValueError("a row is wider than the heading")
        for place, value in enumerate(row):
            text = cell_text(value)
            if text:
                page.write_string(number, place, text, formats[place])
    return number


def cell_text(value: object) -> str:
    """A value as the text of its cell: dates as 17-08-1990, whole numbers without a dot, None as nothing."""
    text = value if isinstance(value, str) else _shown(value)
    if not text.isascii():
        text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + _CUT


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ya" if value else "tidak"
        case datetime():
            return f"{value:%d-%m-%Y %H.%M}"
        case date():
            return f"{value:%d-%m-%Y}"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: no brackets or slashes, no apostrophe at its ends, at most 31 long, unique."""
    found = _NOT_IN_SHEET_NAMES.sub(" ", cell_text(name))[:_LONGEST_SHEET_NAME].strip(" '")
    found = found if found and found.lower() != "history" else "Data"
    unique, number = found, 2
    while unique.lower() in taken:
        ending = f" ({number})"
        unique, number = found[: _LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
    taken.add(unique.lower())
    return unique
