"""One sheet of an .xlsx, looked at as bytes: how far its cells reach, which formulas failed.

The reader keeps a place for every cell between the first and the last, so a single value in XFD1048576
would ask for 500 GB. Regular expressions here are bounded, and run over pieces of some 100 kB. Standard
library only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .facts import SheetFacts
from .limits import Limits, Refused

# References with two letters or more, or with six digits or more: 'r="AB12"', 'r="B100000"'.
# They begin with the letter, not with the blank before it: that is found twice as fast.
_FAR: Final = re.compile(
    rb"""r(?<=\sr)\s{0,9}=\s{0,9}["']([A-Za-z]{2,7}[0-9]{1,10}|[A-Za-z][0-9]{6,10})["']"""
)
_ROW: Final = re.compile(rb"""[^<>]{0,200}?\sr=["']([0-9]{1,10})["']""")
_FAILED: Final = re.compile(
    rb"""<c\s[^<>]{0,60}?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,60}?\st="e"[^<>]{0,60}>"""
    rb"""(?:<f[^<>]{0,200}(?:/>|>[^<]{0,8192}</f>))?<v>([^<]{1,20})</v>"""
)
# The rest of a tag behind an attribute, its quotes understood, closing itself.
_REST_OF_BLANK: Final = re.compile(
    rb"""(?:[^<>"'/]{0,99}(?:"[^"<]{0,99}"|'[^'<]{0,99}')){0,9}[^<>"'/]{0,99}/>"""
)


@lru_cache(maxsize=20_000)
def column_number(letters: bytes) -> int:
    """1 for A, 26 for Z, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class SheetScan:
    """Called with each piece of the sheet's XML. Raises Refused as soon as a bound is passed."""

    def __init__(self, sheet: SheetFacts, limits: Limits) -> None:
        self.sheet = sheet
        self.limits = limits
        self.columns = 26
        self.rows = 0
        self.cells = 0
        self.merges = 0

    def __call__(self, piece: bytes) -> None:
        """Take the next piece."""
        self._count(piece)
        self._measure(piece)
        if b't="e"' in piece:
            self._note_failed(piece)

    def finish(self) -> None:
        """Weigh the rectangle of the whole sheet."""
        if min(self.rows, self.limits.rows) * self.columns > self.limits.area:
            raise Refused("too_wide", sheet=self.sheet.name, columns=self.columns)

    def _count(self, piece: bytes) -> None:
        self.cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b":c ") + piece.count(b":c>")
        if self.cells > self.limits.cells:
            raise Refused("too_many_cells", sheet=self.sheet.name)
        self.merges += piece.count(b"mergeCell ")
        if self.merges > self.limits.merges:
            raise Refused("too_many_cells", sheet=self.sheet.name)

    def _measure(self, piece: bytes) -> None:
        for found in _FAR.finditer(piece):
            reference = found[1]
            letters = reference.rstrip(b"0123456789")
            column, row = column_number(letters), int(reference[len(letters) :])
            if column <= self.limits.columns and row <= self.limits.rows:
                self.columns = max(self.columns, column)
            elif not _is_blank(piece, found.end()):
                raise Refused("stray_cell", sheet=self.sheet.name, cell=reference.decode())
        for at in (piece.find(b"<row"), piece.rfind(b"<row")):
            start = _ROW.match(piece, at + 4) if at >= 0 else None
            if start is not None:
                self.rows = max(self.rows, int(start[1]))

    def _note_failed(self, piece: bytes) -> None:
        for found in _FAILED.finditer(piece):
            row, column = int(found[2]) - 1, column_number(found[1]) - 1
            self.sheet.note_error(row, column, found[3].decode("ascii", "replace"))


def _is_blank(piece: bytes, at: int) -> bool:
    """True when the tag around ``at`` (behind a quote) closes itself: a formatted cell without a value.

    A tag that is strange or very long counts as one with a value.
    """
    return _REST_OF_BLANK.match(piece, at) is not None
