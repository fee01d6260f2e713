"""What the guards found out on the way, for the reader that comes after. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .wire import CellError

MOST_ERRORS = 20_000

# First row, first column, last row, last column, all from 0.
Merge = tuple[int, int, int, int]


@dataclass
class SheetFacts:
    """One sheet: ``errors`` are cells whose formula failed (the reader shows them as blank)."""

    name: str = ""
    hidden: bool = False
    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def note_error(self, row: int, column: int, code: str) -> None:
        """Remember a failed formula; beyond some thousands nobody reads them."""
        if len(self.errors) < MOST_ERRORS:
            self.errors[row, column] = CellError(code[:20])


@dataclass
class Checked:
    """A file that may be read. ``kind`` is xlsx, xls, ods or csv; for csv how its text is written."""

    kind: str
    path: Path
    sheets: list[SheetFacts] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
