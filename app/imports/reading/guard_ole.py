"""Guard for .xls: a file system of its own ('compound file') with the workbook as one of its streams.

Follows [MS-CFB] and [MS-XLS] just far enough to see what is inside, which cells are furthest out and which
formulas failed. Sector chains that run in circles or out of the file are refused. Standard library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .facts import Checked, SheetFacts
from .limits import Limits, Refused

_END_OF_CHAIN: Final = 0xFFFFFFFA  # this and above are marks, not sectors
_ENTRY: Final = 128
_MOST_ENTRIES: Final = 4_000

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_FORMULA, _BOOLERR = 0x0006, 0x0205
# Records that hold one cell: FORMULA NUMBER LABEL BOOLERR RK LABELSST RSTRING.
_ONE_CELL: Final = frozenset({_FORMULA, 0x0203, 0x0204, _BOOLERR, 0x027E, 0x00FD, 0x00D6})
_SEVERAL_CELLS: Final = 0x00BD  # MULRK
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_HEAD: Final = struct.Struct("<HH")
_CELL: Final = struct.Struct("<HH")


def check(path: Path, limits: Limits) -> Checked:
    """Facts about an .xls, or Refused."""
    try:
        files = _Compound(path.read_bytes())
        names = {name.lower() for name in files.streams}
        if "encryptedpackage" in names:
            raise Refused("password")
        if "_vba_project_cur" in names or "_vba_project" in names:
            raise Refused("macros")
        book = files.read("workbook") or files.read("book")
    except (struct.error, IndexError):
        raise Refused("damaged") from None
    if book is None:
        raise Refused("word_document" if names & {"worddocument", "powerpoint document"} else "not_a_sheet")
    return Checked("xls", path, _scan_book(book, limits))


class _Compound:
    """The streams of a compound file. Raises Refused, struct.error, IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("damaged")
        self.sector = 1 << shift
        directory, self._cutoff, mini_fat = struct.unpack_from("<L4xLL", data, 48)
        self._fat = self._longs(self._fat_sectors())
        self._mini_fat = self._longs(self._chain(mini_fat))
        self.streams = self._directory(directory)
        self._mini = b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        if start >= len(self.data):
            raise Refused("damaged")
        return self.data[start : start + self.sector]

    def _longs(self, sectors: Iterator[int]) -> tuple[int, ...]:
        raw = b"".join(self._sector(number) for number in sectors)
        return struct.unpack(f"<{len(raw) // 4}L", raw[: len(raw) // 4 * 4])

    def _fat_sectors(self) -> Iterator[int]:
        """Where the table of sectors lies: 109 places in the head, the rest in a chain of its own."""
        most = len(self.data) // self.sector + 1
        yield from (number for number in struct.unpack_from("<109L", self.data, 76) if number < _END_OF_CHAIN)
        (number,) = struct.unpack_from("<L", self.data, 68)
        seen = 0
        while number < _END_OF_CHAIN:
            seen += 1
            if seen > most:
                raise Refused("damaged")
            longs = struct.unpack(f"<{self.sector // 4}L", self._sector(number))
            yield from (long for long in longs[:-1] if long < _END_OF_CHAIN)
            number = longs[-1]

    def _chain(self, number: int, *, mini: bool = False) -> Iterator[int]:
        table = self._mini_fat if mini else self._fat
        for _ in range(len(table) + 1):
            if number >= _END_OF_CHAIN:
                return
            yield number
            number = table[number]
        raise Refused("damaged")

    def _directory(self, start: int) -> dict[str, tuple[int, int]]:
        """Name -> first sector and size, for streams; storages with -1."""
        found: dict[str, tuple[int, int]] = {}
        raw = b"".join(self._sector(number) for number in self._chain(start))
        self._root = struct.unpack_from("<LL", raw, 116)
        for at in range(0, min(len(raw), _MOST_ENTRIES * _ENTRY), _ENTRY):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            if kind not in (1, 2) or not 2 <= length <= 64:
                continue
            name = raw[at : at + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<LL", raw, at + 116)
            found.setdefault(name, (first, size) if kind == 2 else (-1, 0))
        return found

    def read(self, name: str) -> bytes | None:
        """A stream by its name whatever its capitals, None when there is none."""
        place = next((place for key, place in self.streams.items() if key.lower() == name), None)
        if place is None or place[0] < 0:
            return None
        first, size = place
        if size > len(self.data):
            raise Refused("damaged")
        if size >= self._cutoff:
            return b"".join(self._sector(number) for number in self._chain(first))[:size]
        if not self._mini:
            self._mini = b"".join(self._sector(number) for number in self._chain(self._root[0]))
        return b"".join(
            self._mini[number * 64 : number * 64 + 64] for number in self._chain(first, mini=True)
        )[:size]


def _scan_book(book: bytes, limits: Limits) -> list[SheetFacts]:
    """Walk the records once: the list of sheets first, then each sheet's cells."""
    sheets: dict[int, SheetFacts] = {}
    current: _SheetBounds | None = None
    at, depth = 0, 0
    while at + 4 <= len(book):
        kind, length = _HEAD.unpack_from(book, at)
        body = at + 4
        if kind == _BOF:
            depth += 1
            if depth == 1 and at in sheets:
                current = _SheetBounds(sheets[at], limits)
        elif kind == _EOF:
            depth -= 1
            current = None if depth <= 0 else current
        elif kind == _FILEPASS:
            raise Refused("password")
        elif kind == _BOUNDSHEET:
            _add_sheet(sheets, book[body : body + length], limits)
        elif current is not None and depth == 1:
            current.take(kind, book, body, length)
        at = body + length
    if not sheets:
        raise Refused("damaged")
    return [sheet for sheet in sheets.values() if sheet.name]


def _add_sheet(sheets: dict[int, SheetFacts], raw: bytes, limits: Limits) -> None:
    """[MS-XLS] 2.4.28: offset, visibility, type (0 sheet, 1 macros, 2 chart, 6 module), name."""
    offset, hidden, kind, length, wide = struct.unpack_from("<LBBBB", raw)
    if kind in (1, 6):
        raise Refused("macros")
    size = length * 2 if wide & 1 else length
    name = raw[8 : 8 + size].decode("utf-16-le" if wide & 1 else "cp1252", "replace")
    sheets[offset] = SheetFacts(name if kind == 0 else "", hidden=bool(hidden & 3))
    if len(sheets) > limits.sheets:
        raise Refused("too_many_sheets", sheets=limits.sheets)


class _SheetBounds:
    """How far the cells of one sheet reach."""

    def __init__(self, sheet: SheetFacts, limits: Limits) -> None:
        self.sheet = sheet
        self.limits = limits
        self.rows = self.columns = 0

    def take(self, kind: int, book: bytes, body: int, length: int) -> None:
        if kind in _ONE_CELL:
            row, column = _CELL.unpack_from(book, body)
            if kind in (_FORMULA, _BOOLERR):
                self._note_failed(kind, book[body : body + 14], row, column)
        elif kind == _SEVERAL_CELLS and length >= 6:
            row, column = _CELL.unpack_from(book, body)
            column += (length - 6) // 6 - 1
        else:
            return
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if self.columns > self.limits.columns:
            raise Refused("too_many_columns", columns=self.limits.columns)
        if self.rows * self.columns > self.limits.area:
            raise Refused("too_many_cells", sheet=self.sheet.name)

    def _note_failed(self, kind: int, raw: bytes, row: int, column: int) -> None:
        if kind == _BOOLERR and len(raw) >= 8 and raw[7]:
            self.sheet.note_error(row, column, _ERRORS.get(raw[6], "#N/A"))
        elif kind == _FORMULA and len(raw) == 14 and raw[6] == 2 and raw[12:14] == b"\xff\xff":
            self.sheet.note_error(row, column, _ERRORS.get(raw[8], "#N/A"))
