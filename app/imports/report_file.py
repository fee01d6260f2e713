"""The report of a batch as .xlsx: every row as it came, what it does, and why.

Each sheet of the list has its sheet here, under the same name and with the file's own columns first, so a
mended report can be sent in again as a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from app.core.language import say
from app.core.sheet_out import Column, Sheet, write_sheets
from app.imports.reading.cells import shown_text
from app.imports.reading.wire import Cell

_WIDTH_OF_CELLS: Final = 22
_WIDTH_OF_REASONS: Final = 70


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row. ``number`` is that of the file; ``outcome`` is a word to read, ``reasons`` a sentence each."""

    number: int
    outcome: str
    reasons: Sequence[str]
    cells: Sequence[Cell]
    code: str = ""


@dataclass(frozen=True)
class ReportSheet:
    """One sheet of the list. ``headings`` are those of its columns, as wide as its rows shall be shown."""

    name: str
    headings: Sequence[str]
    rows: Iterable[ReportRow]


def write_report(
    target: Path | IO[bytes], sheets: Iterable[ReportSheet], *, folder: Path | None = None
) -> int:
    """Write the report, sheet by sheet and row by row as they come; the number of rows.

    Every cell is text. ``folder`` takes the temporary files.
    """
    return write_sheets(target, (_sheet(sheet) for sheet in sheets), folder=folder)


def _sheet(sheet: ReportSheet) -> Sheet:
    width = len(sheet.headings)
    columns = [
        *(Column(heading, _WIDTH_OF_CELLS) for heading in sheet.headings),
        Column(str(say("Hasil impor")), 16),
        Column(str(say("Alasan")), _WIDTH_OF_REASONS, wrapped=True),
        Column(str(say("Kode catatan")), 14),
        Column(str(say("Baris asal")), 12),
    ]
    return Sheet(sheet.name, columns, (_line(row, width) for row in sheet.rows))


def _line(row: ReportRow, width: int) -> list[object]:
    cells: list[object] = [shown_text(cell) for cell in row.cells[:width]]
    cells += [""] * (width - len(cells))
    return [*cells, row.outcome, "\n".join(row.reasons), row.code, row.number]
