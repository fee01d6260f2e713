"""Staged rows as people read them: cells with their names, reasons at their cells, values before and after.

Shared by the desk and the report. Numbers of persons are covered unless somebody asks in clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.values.covering import cover_all, cover_numbers
from app.imports.kinds import ImportKind
from app.imports.queries.rows import RowView
from app.imports.reading.cells import shown_text
from app.imports.reading.tables import RowKind
from app.imports.reading.wire import Cell, unpack_cell
from app.imports.rules import column_letter

_LONGEST_SAMPLE: Final = 60
_DATA: Final = frozenset({RowKind.DATA, RowKind.UNREAD})
# Smaller numbers belong to nobody: the shortest of a mobile telephone has nine digits without its zero.
_LEAST_NUMBER: Final = 10**8


@dataclass(frozen=True)
class CellShown:
    """One cell of a row: where it stands, what it says, what that was taken for, what is to be said about it."""

    letter: str
    heading: str
    text: str
    field: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class RowShown:
    """A row in words. ``reasons``: (place or '', sentence); ``changes``: (field, before, after)."""

    row: RowView
    reasons: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]


class SheetShower:
    """One sheet: which column holds which field."""

    def __init__(self, kind: ImportKind, mapping: Mapping[str, Any], *, in_clear: bool = False) -> None:
        self._kind = kind
        self._in_clear = in_clear
        self.fields: dict[int, str] = {int(i): name for i, name in mapping.get("columns", {}).items()}
        found: Mapping[str, str] = mapping.get("headings", {})
        width = max((int(column) for column in found), default=-1) + 1
        self.headings = [found.get(str(column), "") for column in range(width)]
        self._letters = {name: column_letter(column) for column, name in self.fields.items()}

    def place(self, row: RowView, name: str) -> str:
        """Where a reason belongs: 'H17 Kecamatan', 'Kecamatan' where no column has it, '' for the whole row."""
        if not name:
            return ""
        letter = self._letters.get(name)
        return f"{letter}{row.ref.number} {self._kind.label(name)}" if letter else self._kind.label(name)

    def cells(self, row: RowView) -> list[Cell]:
        """Cells as they came, or with numbers of persons covered."""
        found = [unpack_cell(cell) for cell in row.staged["cells"]] if row.staged else []
        return found if self._in_clear else [self._covered(i, cell) for i, cell in enumerate(found)]

    def _covered(self, column: int, cell: Cell) -> Cell:
        if self.fields.get(column) in self._kind.personal:
            return cover_all(shown_text(cell))
        if isinstance(cell, str):
            return cover_numbers(cell)
        is_long = isinstance(cell, int | float) and abs(cell) >= _LEAST_NUMBER
        return cover_numbers(shown_text(cell)) if is_long else cell


class RowShower:
    """Rows of a batch in words."""

    def __init__(self, kind: ImportKind, mapping: Mapping[str, Any]) -> None:
        self._kind = kind
        self._sheets = {sheet: SheetShower(kind, seen) for sheet, seen in mapping.items()}

    def _sheet(self, row: RowView) -> SheetShower:
        return self._sheets.get(row.ref.sheet) or SheetShower(self._kind, {})

    def shown(self, row: RowView) -> RowShown:
        """The row with its reasons and changes."""
        sheet = self._sheet(row)
        reasons = [(sheet.place(row, reason["field"]), reason["words"]) for reason in row.reasons]
        return RowShown(row, reasons, list(self._changes(row)))

    def _changes(self, row: RowView) -> Iterable[tuple[str, str, str]]:
        for name, (before, after) in row.changes.items():
            if isinstance(after, dict):
                old = before or {}
                for key in after:
                    if old.get(key) != after[key]:
                        yield self._kind.label(key), old.get(key, ""), after[key]
            else:
                yield (
                    self._kind.label(name),
                    self._kind.describe(name, before),
                    self._kind.describe(name, after),
                )

    def cells(self, row: RowView) -> list[CellShown]:
        """Every cell of the row that has a heading or says something."""
        sheet = self._sheet(row)
        cells = sheet.cells(row)
        width = max(len(sheet.headings), len(cells))
        shown = [self._cell(row, sheet, column, cells) for column in range(width)]
        return [cell for cell in shown if cell.text or cell.heading]

    def _cell(self, row: RowView, sheet: SheetShower, column: int, cells: Sequence[Cell]) -> CellShown:
        name = sheet.fields.get(column, "")
        return CellShown(
            letter=column_letter(column),
            heading=sheet.headings[column] if column < len(sheet.headings) else "",
            text=shown_text(cells[column]) if column < len(cells) else "",
            field=self._kind.label(name) if name else "",
            reasons=tuple(reason["words"] for reason in row.reasons if name and reason["field"] == name),
        )


def samples_of(kind: ImportKind, mapping: Mapping[str, Any], rows: Iterable[RowView]) -> dict[int, str]:
    """The first text of each column in rows of data, by its number, with numbers of persons covered."""
    sheet = SheetShower(kind, mapping)
    found: dict[int, str] = {}
    for row in rows:
        if row.staged is None or row.staged["kind"] not in _DATA:
            continue
        for column, cell in enumerate(sheet.cells(row)):
            text = shown_text(cell)
            if text and column not in found:
                found[column] = text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"
    return found
