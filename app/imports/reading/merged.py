"""Merged cells: a spreadsheet keeps their value in the first place only. Standard library only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from .facts import Merge


class MergedCells:
    """Carries values of merged cells down the rows, and tells which lie across several columns.

    Values are carried down only in their first column: whether a wide cell means all its columns (a heading
    over two) or just itself (a note across the table) is for the reader of tables to say.
    """

    def __init__(self, merges: Iterable[Merge], columns: int) -> None:
        self._starting: dict[int, list[Merge]] = defaultdict(list)
        for top, left, bottom, right in merges:
            if left < columns:
                self._starting[top].append((top, left, bottom, min(right, columns - 1)))
        # First column -> last row, last column, value; one per column, so overlapping ranges cost nothing.
        self._running: dict[int, tuple[int, int, Any]] = {}

    def apply(self, index: int, cells: list[Any]) -> tuple[list[int], list[list[int]]]:
        """Fill the row with number ``index`` (from 0) in place; the columns filled, and [first, last] across.

        Must be called for every row in order.
        """
        filled: list[int] = []
        for column, (bottom, _, value) in list(self._running.items()):
            if index > bottom:
                del self._running[column]
            elif value is not None and column < len(cells) and cells[column] is None:
                cells[column] = value
                filled.append(column)
        for _, left, bottom, right in self._starting.pop(index, ()):
            self._running[left] = (
                bottom,
                right,
                cells[left] if left < len(cells) else None,
            )
        spans = [[column, right] for column, (_, right, _) in self._running.items() if right > column]
        return sorted(filled), sorted(spans)
