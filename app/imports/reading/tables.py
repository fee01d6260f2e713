"""Tables in the sheets of a list: heading, data rows, and what is neither.

Rows come in one by one and leave one by one, so a list of any length costs the memory of its first rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, groupby, islice
from typing import Final

from app.core.values import Cell as PlainCell
from app.imports.reading.cells import clean_cell, shown_text
from app.imports.reading.headings import EXACT, HEADING_ROWS, Heading, Vocabulary, find_heading, normal
from app.imports.reading.wire import Cell, CellError, Row


class RowKind(StrEnum):
    """What a row of a table is. Only DATA is brought in; the others are said in the report."""

    DATA = "data"
    NUMBERING = "numbering"
    HEADING = "heading"
    SECTION = "section"
    TOTAL = "total"
    FOOTER = "footer"
    UNREAD = "unread"  # data perhaps, under a heading that does not name what is required


@dataclass(frozen=True)
class Table:
    """A sheet's table. ``headings`` is {column: text}, ``columns`` {column: field}, ``certainty`` {column: percent}.

    ``complete`` is False when the required fields were not found: then its rows are UNREAD, or there are none.
    """

    sheet: str
    rows: tuple[int, ...] = ()
    headings: dict[int, str] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)
    certainty: dict[int, int] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row under a heading.

    ``values`` are the clean cells by field, only those that say something; ``errors`` the fields whose
    formula failed, with the error shown ('#REF!'). ``place`` is the text that names the row's group where no
    column does: the section it stands under, the title above the table, or the sheet's name.
    """

    sheet: str
    number: int
    kind: RowKind
    cells: list[Cell]
    values: dict[str, PlainCell]
    errors: dict[str, str]
    place: str


def read_tables(
    rows: Iterable[Row],
    vocabulary: Mapping[str, Sequence[str]],
    *,
    required: Sequence[str] = ("name",),
    place_field: str = "kecamatan",
    zero_is_empty: Iterable[str] = (),
) -> Iterator[Table | TableRow]:
    """For each sheet its Table, then its rows from the heading's end on, blank ones left out.

    ``place_field`` is the field that sections ("Kecamatan Cibinong"), titles and names of sheets stand for;
    where no column has it, ``values`` gets it from ``place``. A sheet without anything like a heading has no rows.
    """
    words = Vocabulary(vocabulary)
    reader = _Reader(words, tuple(required), place_field, frozenset(zero_is_empty))
    for sheet, found in groupby(rows, key=lambda row: row.sheet):
        yield from reader.sheet(sheet, found)


def row_values(
    cells: Sequence[Cell], columns: Mapping[int, str], zero_is_empty: Iterable[str] = ()
) -> tuple[dict[str, PlainCell], dict[str, str]]:
    """Clean values and errors by field, for columns chosen anew over rows read before."""
    values: dict[str, PlainCell] = {}
    errors: dict[str, str] = {}
    for column, name in columns.items():
        found = (
            clean_cell(cells[column], zero_is_empty=name in zero_is_empty) if column < len(cells) else None
        )
        if isinstance(found, CellError):
            errors[name] = found.code
        elif found is not None:
            values[name] = found
    return values, errors


_TOTAL: Final = re.compile(r"(?:sub ?|grand )?(?:total|jumlah)\b|jml\b", re.IGNORECASE)
_FOOTER: Final = re.compile(
    r"(?:mengetahui|menyetujui|kepala (?:dinas|bidang|seksi)|plt\b|a\.?n\.? |nip\b|sumber(?: data)? ?:"
    r"|catatan ?:|keterangan ?:|dibuat (?:oleh|di)|pembina (?:utama|tingkat|tk)|penata (?:tingkat|tk|muda)|dicetak)"
    r"|[a-z .]{3,30}, ?(?:tgl\.? ?)?(?:\d{1,2}|\.{2,}) ?(?:januari|februari|maret|april|mei|juni|juli|agustus"
    r"|september|oktober|nopember|november|desember)",
    re.IGNORECASE,
)
_TITLE_PLACE: Final = re.compile(r"\bkec(?:amatan|\.)?[ .:]+([a-z ]{3,40})", re.IGNORECASE)
_TITLE_END: Final = re.compile(
    r"\b(?:tahun|thn|kabupaten|kab|provinsi|prov|per|bulan|periode|tgl|tanggal|dan|se)\b.*", re.IGNORECASE
)
_NO_PLACE: Final = re.compile(
    r"(?:sheet|lembar|lembaran|data|rekap|rekapitulasi|koperasi|kop|tabel|table|book|all|semua|gabungan|daftar|list"
    r"|master|laporan|[0-9 ._()-])*",
    re.IGNORECASE,
)
_LONGEST_TITLE: Final = 200
_MOST_IN_FOOTER: Final = 3
_LEAST_NUMBERED: Final = 3


class _Reader:
    """Reads sheets of one list; the vocabulary is prepared once."""

    def __init__(
        self, words: Vocabulary, required: tuple[str, ...], place_field: str, zero_is_empty: frozenset[str]
    ) -> None:
        self.words = words
        self.required = required
        self.place_field = place_field
        self.zero_is_empty = zero_is_empty

    def sheet(self, name: str, rows: Iterator[Row]) -> Iterator[Table | TableRow]:
        first = list(islice(rows, HEADING_ROWS + 1))
        table = _table(name, find_heading(first, self.words, self.required))
        yield table
        if not table.rows:
            return
        above = [row for row in first if row.number < table.rows[0]]
        sorter = _Sorter(table, _place_of(name, above), self)
        # what was taken for a heading without surely knowing any of its words may be the first row of data
        sure = table.complete or EXACT in table.certainty.values()
        begin = table.rows[-1] + 1 if sure else first[0].number
        for row in chain(first, rows):
            if row.number >= begin:
                yield sorter.sort(row)


def _table(sheet: str, heading: Heading | None) -> Table:
    if heading is None:
        return Table(sheet)
    columns = {column: name for column, (name, _) in heading.columns.items()}
    certainty = {column: sure for column, (_, sure) in heading.columns.items()}
    return Table(sheet, heading.rows, heading.texts, columns, certainty, heading.complete)


def _place_of(sheet: str, above: Sequence[Row]) -> str:
    """The place a whole sheet is about: from the titles over its table, else from its name."""
    for row in reversed(above):
        for cell in row.cells:
            found = _TITLE_PLACE.search(cell[:_LONGEST_TITLE]) if isinstance(cell, str) else None
            place = _TITLE_END.sub("", found[1]).strip() if found else ""
            if len(place) >= 3:
                return place
    place = re.sub(r"\([0-9]*\)|[._]", " ", sheet)
    place = re.sub(r"^\s*(?:[0-9]+\s+)?(?:kec(?:amatan)?\b)?\s*", "", place, flags=re.IGNORECASE).strip()
    return "" if _NO_PLACE.fullmatch(place) else place


class _Sorter:
    """Tells data from the rest, row by row of one table."""

    def __init__(self, table: Table, place: str, reader: _Reader) -> None:
        self._table = table
        self._reader = reader
        self._place = place
        self._heading = {normal(text) for text in table.headings.values()}
        self._place_words = set(normal(reader.place_field).split())
        self._first = True
        self._signing = False

    def sort(self, row: Row) -> TableRow:
        kind = RowKind.UNREAD if row.number in self._table.rows else self._kind(row)
        if kind is RowKind.DATA and not self._table.complete:
            kind = RowKind.UNREAD
        self._first = False
        if kind is not RowKind.DATA:
            return TableRow(row.sheet, row.number, kind, row.cells, {}, {}, self._place)
        values, errors = row_values(row.cells, self._table.columns, self._reader.zero_is_empty)
        place_field = self._reader.place_field
        if self._place and place_field not in self._table.columns.values():
            values[place_field] = self._place
        return TableRow(row.sheet, row.number, kind, row.cells, values, errors, self._place)

    def _kind(self, row: Row) -> RowKind:
        own = {c: cell for c, cell in enumerate(row.cells) if cell is not None and c not in row.filled}
        texts = {c: cell for c, cell in own.items() if isinstance(cell, str)}
        if self._first and _counts_columns(own):
            return RowKind.NUMBERING
        if self._repeats_heading(texts, len(own)):
            return RowKind.HEADING
        if self._is_total(own, texts):
            return RowKind.TOTAL
        if self._is_footer(own, texts):
            return RowKind.FOOTER
        if self._is_section(own, texts):
            return RowKind.SECTION
        return RowKind.DATA

    def _repeats_heading(self, texts: Mapping[int, str], cells: int) -> bool:
        if cells < 2 or len(texts) < cells:
            return False
        same = sum(1 for text in texts.values() if normal(text) in self._heading)
        return same >= max(2, cells * 2 // 3)

    def _is_total(self, own: Mapping[int, Cell], texts: Mapping[int, str]) -> bool:
        """Begins with 'Jumlah' or 'Total', and hardly any other words: no cooperative is called that."""
        if not texts or len(texts) > 2:
            return False
        first = min(texts)
        return bool(_TOTAL.match(texts[first].strip())) and first == min(own)

    def _is_footer(self, own: Mapping[int, Cell], texts: Mapping[int, str]) -> bool:
        """Signatures and notes under the table; once begun, rows with little in them belong to it."""
        few = len(own) <= _MOST_IN_FOOTER
        if few and any(_FOOTER.match(text.strip()) for text in texts.values()):
            self._signing = True
        elif not few:
            self._signing = False
        return self._signing

    def _is_section(self, own: Mapping[int, Cell], texts: Mapping[int, str]) -> bool:
        """'KECAMATAN CIBINONG' alone in a row, perhaps with a letter or number before it."""
        if len(own) > 2 or not texts:
            return False
        text = max(texts.values(), key=len)
        words = text.replace(".", " ").replace(":", " ").split()
        for at, word in enumerate(words[:2]):
            if normal(word) in self._place_words and words[at + 1 :]:
                self._place = " ".join(words[at + 1 :])
                return True
        return False


def _counts_columns(own: Mapping[int, Cell]) -> bool:
    """1, 2, 3 ... under the heading, also as '(1)' or '4=2+3'."""
    numbers: list[int] = []
    for column in sorted(own):
        found = re.match(r"\(?([0-9]{1,3})\)?\s*(?:$|=)", shown_text(own[column]))
        if not found:
            return False
        numbers.append(int(found[1]))
    return len(numbers) >= _LEAST_NUMBERED and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
