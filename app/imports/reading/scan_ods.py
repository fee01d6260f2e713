"""The content of an .ods, counted before a reader unfolds it. Standard library only.

One tag may stand for a million cells ('number-columns-repeated'), and every file of LibreOffice ends with
such blank ones; what counts is how far cells with a value reach once unfolded. Merged cells and failed
formulas are noted on the way, which the reader of .ods does not tell.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from .facts import SheetFacts
from .limits import Limits, Refused

_CELLS: Final = ("table:table-cell", "table:covered-table-cell")
_MOST_REPEATS: Final = 1 << 30


class ContentScan:
    """Called with each piece of content.xml, already free of declarations. Raises Refused."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[SheetFacts] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None
        self._reset()

    def _reset(self) -> None:
        self._row = self._rows = self._valued = self._columns = self._cells = 0
        self._row_repeats = 1
        self._column = self._width = 0
        self._failed: list[str] | None = None

    def __call__(self, piece: bytes) -> None:
        """Take the next piece."""
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError:
            raise Refused("damaged") from None

    def finish(self) -> list[SheetFacts]:
        """The sheets of the whole file."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise Refused("damaged") from None
        return self.sheets

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _CELLS:
            self._cell(attributes)
        elif tag == "table:table-row":
            self._row_repeats = _repeats(attributes, "table:number-rows-repeated")
            self._column = self._width = 0
        elif tag == "table:table":
            self._sheet(attributes)
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _end(self, tag: str) -> None:
        if tag == "table:table-row":
            self._close_row()
        elif tag in _CELLS and self._failed is not None:
            self.sheets[-1].note_error(self._row, self._column - 1, "".join(self._failed).strip() or "#N/A")
            self._failed = None
            self._parser.CharacterDataHandler = None

    def _sheet(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get("table:style-name", "") in self._hidden_styles
        self.sheets.append(SheetFacts(attributes.get("table:name", ""), hidden=hidden))
        if len(self.sheets) > self.limits.sheets:
            raise Refused("too_many_sheets", sheets=self.limits.sheets)
        self._reset()

    def _cell(self, attributes: dict[str, str]) -> None:
        if not self.sheets:
            raise Refused("damaged")
        first = self._column
        self._column += _repeats(attributes, "table:number-columns-repeated")
        if any(name.startswith("office:") or name == "table:formula" for name in attributes):
            self._width = self._column
            if self._width > self.limits.columns:
                raise Refused("too_many_columns", columns=self.limits.columns)
            if attributes.get("calcext:value-type") == "error":
                self._failed = []
                self._parser.CharacterDataHandler = self._failed.append
        if "table:number-columns-spanned" in attributes or "table:number-rows-spanned" in attributes:
            self._merge(first, attributes)

    def _merge(self, first: int, attributes: dict[str, str]) -> None:
        down = _repeats(attributes, "table:number-rows-spanned")
        across = _repeats(attributes, "table:number-columns-spanned")
        merges = self.sheets[-1].merges
        if len(merges) >= self.limits.merges:
            raise Refused("too_many_cells", sheet=self.sheets[-1].name)
        if down > 1 or across > 1:
            merges.append((self._row, first, self._row + down - 1, first + across - 1))

    def _close_row(self) -> None:
        if self._width:
            self._valued += self._row_repeats
            self._rows = self._row + self._row_repeats
            self._columns = max(self._columns, self._width)
            self._cells += self._width * self._row_repeats
            self._measure()
        self._row += self._row_repeats

    def _measure(self) -> None:
        name = self.sheets[-1].name
        if self._rows > self.limits.rows:
            if self._valued < self._rows // 2:
                raise Refused("stray_cell", sheet=name, cell=f"A{self._rows}")
            raise Refused("too_many_rows", rows=self.limits.rows)
        if self._cells > self.limits.cells or self._rows * self._columns > self.limits.area:
            raise Refused("too_many_cells", sheet=name)


def _repeats(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused("damaged")
    return min(max(1, int(text)), _MOST_REPEATS)
