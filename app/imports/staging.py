"""The dry run: a file becomes staged, judged rows; nothing of the registry changes here.

A door without a visitor: like the other doors it calls ``atomically``, once per chunk of rows.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import IO, Any, Final, TypeVar

from app.core.access import Actor
from app.core.db import db
from app.core.language import say
from app.core.transaction import atomically
from app.core.values.covering import cover_numbers
from app.imports.kinds import KINDS, ImportKind, Judgement, Matcher, Reading, Reason, RowRef
from app.imports.queries.batches import get_batch
from app.imports.queries.rows import RowView, iter_rows
from app.imports.reading.limits import Refused
from app.imports.reading.tables import RowKind, Table, TableRow, read_tables, row_values
from app.imports.reading.wire import pack_cell, unpack_cell
from app.imports.reading.workbook import SheetRows, open_rows
from app.imports.refusals import sentence_of
from app.imports.rules import Outcome
from app.imports.sealing import place_of, seal_json
from app.imports.services import batches, rows
from app.imports.services.rows import RowToStage, reason_row

STAGE_ROWS: Final = 250
PLACE_FIELD: Final = "kecamatan"

_SKIPPED: Final = defaultdict(
    lambda: Judgement(Outcome.SKIPPED),
    {
        RowKind.TOTAL: Judgement(Outcome.SKIPPED, reasons=(Reason("", say("Baris jumlah, dilewati.")),)),
        RowKind.SECTION: Judgement(Outcome.SKIPPED, reasons=(Reason("", say("Judul kelompok, dilewati.")),)),
        RowKind.HEADING: Judgement(Outcome.SKIPPED, reasons=(Reason("", say("Judul tabel, dilewati.")),)),
        RowKind.UNREAD: Judgement(
            Outcome.SKIPPED,
            reasons=(Reason("", say("Kolom lembar ini belum jelas. Betulkan kolomnya kalau ini daftar.")),),
        ),
    },
)

T = TypeVar("T")


@dataclass(frozen=True)
class SheetRow:
    """A row of the file under its heading: where it stands, its cells, and what they say by field."""

    ref: RowRef
    kind: RowKind
    cells: list[Any]
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    place: str

    def as_json(self) -> dict[str, Any]:
        """As it is staged, so that it can be judged again with other columns."""
        return {
            "kind": self.kind.value,
            "place": self.place,
            "cells": [pack_cell(cell) for cell in self.cells],
        }


@dataclass(frozen=True)
class SheetColumns:
    """Headings of a sheet, the field of each used column and how sure that is (percent), by column from 0."""

    headings: dict[str, str]
    columns: dict[str, str]
    certainty: dict[str, int]

    @classmethod
    def of(cls, table: Table) -> SheetColumns:
        """Of a table as it was found. What was taken for a heading may be data, so numbers are covered."""
        return cls(
            {str(i): cover_numbers(text) for i, text in table.headings.items()},
            {str(i): name for i, name in table.columns.items()},
            {str(i): sure for i, sure in table.certainty.items()},
        )

    def as_json(self) -> dict[str, dict[str, Any]]:
        """As it is stored in ``ImportBatch.mapping`` and corrected."""
        return {"headings": self.headings, "columns": self.columns, "certainty": self.certainty}

    def by_number(self) -> dict[int, str]:
        """Field of each column, by its number from 0."""
        return {int(column): name for column, name in self.columns.items()}

    def has(self, fields: Iterable[str]) -> bool:
        """All of ``fields`` have a column."""
        return set(self.columns.values()).issuperset(fields)


def take_file(
    stream: IO[bytes], *, file_name: str, kind: str, as_of: date | None, actor: Actor
) -> tuple[int, SheetRows]:
    """Look a file over and open a batch for it. Raises Refused within two seconds; then nothing was kept."""
    with tempfile.NamedTemporaryFile(prefix="impor-", suffix=".unggah") as copy:
        digest = hashlib.sha256()
        while block := stream.read(1 << 16):
            digest.update(block)
            copy.write(block)
        copy.flush()
        found = open_rows(copy.name)  # the reader keeps a copy of its own
    batch_id = atomically(
        lambda s: batches.open_batch(
            s, kind=kind, file_name=file_name, file_sha256=digest.hexdigest(), as_of=as_of, actor=actor
        )
    )
    return batch_id, found


def read_file(batch_id: int, found: SheetRows) -> None:
    """Stage and judge every row. A file that breaks half-way is refused as a whole."""
    batch = get_batch(batch_id)
    kind = KINDS[batch.kind]
    mapping: dict[str, SheetColumns] = {}
    try:
        with found:
            tables = read_tables(
                found,
                kind.vocabulary,
                required=kind.required,
                place_field=PLACE_FIELD,
                zero_is_empty=kind.zero_is_empty,
            )
            _stage(batch_id, kind.matcher(as_of=batch.as_of), _noting_columns(tables, mapping))
    except Refused as refused:
        refuse(batch_id, str(sentence_of(refused)))
        return
    _finish_reading(batch_id, kind, mapping)


def refuse(batch_id: int, sentence: str) -> None:
    """Keep nothing of the file but why."""
    atomically(lambda s: batches.refuse(s, batch_id, sentence=sentence))


def read_again(batch_id: int) -> None:
    """Judge the staged rows anew with the corrected columns of the batch; may be begun again when it broke off."""
    batch = get_batch(batch_id)
    kind = KINDS[batch.kind]
    mapping = {sheet: SheetColumns(**seen) for sheet, seen in batch.mapping.items()}
    matcher = kind.matcher(as_of=batch.as_of)
    for chunk in iter_rows(batch_id, chunk=STAGE_ROWS):
        judged = _judged(batch_id, matcher, [_read_anew(row, mapping, kind) for row in chunk])
        again = [(row.id, new) for row, new in zip(chunk, judged, strict=True)]
        db.session.rollback()
        atomically(partial(rows.stage_again, batch_id=batch_id, rows=again))
    _finish_reading(batch_id, kind, mapping)


def _noting_columns(
    found: Iterable[Table | TableRow], mapping: dict[str, SheetColumns]
) -> Iterator[SheetRow]:
    """Rows of all tables; fills ``mapping`` with each sheet's columns as it comes along."""
    for item in found:
        if isinstance(item, TableRow):
            ref = RowRef(item.sheet, item.number)
            yield SheetRow(ref, item.kind, item.cells, item.values, item.errors, item.place)
        elif item.headings:
            mapping[item.sheet] = SheetColumns.of(item)


def _read_anew(row: RowView, mapping: Mapping[str, SheetColumns], kind: ImportKind) -> SheetRow:
    """A staged row under corrected columns. Rows of a sheet that nobody understood become data, and back."""
    staged = row.staged or {"kind": RowKind.UNREAD, "cells": [], "place": ""}
    cells = [unpack_cell(cell) for cell in staged["cells"]]
    columns = mapping[row.ref.sheet]
    row_kind = RowKind(staged["kind"])
    if row_kind in {RowKind.DATA, RowKind.UNREAD}:
        row_kind = RowKind.DATA if columns.has(kind.required) else RowKind.UNREAD
    values, errors = row_values(cells, columns.by_number(), kind.zero_is_empty)
    if staged["place"] and PLACE_FIELD not in columns.columns.values():
        values[PLACE_FIELD] = staged["place"]
    return SheetRow(row.ref, row_kind, cells, values, errors, staged["place"])


def _stage(batch_id: int, matcher: Matcher, found: Iterable[SheetRow]) -> None:
    for chunk in _chunks(found, STAGE_ROWS):
        staged = _judged(batch_id, matcher, chunk)
        db.session.rollback()  # the look into the database ends before the write block begins
        atomically(partial(rows.stage, batch_id=batch_id, rows=staged))


def _judged(batch_id: int, matcher: Matcher, chunk: list[SheetRow]) -> list[RowToStage]:
    """Read, judge and seal a chunk; nothing is written here. Rows that are no data are kept and skipped."""
    data = [row for row in chunk if row.kind is RowKind.DATA]
    readings = [_with_errors(matcher.read(row.values, sheet=row.place), row) for row in data]
    judgements = iter(zip(readings, matcher.judge([row.ref for row in data], readings), strict=True))
    return [
        _to_stage(batch_id, row, *next(judgements))
        if row.kind is RowKind.DATA
        else _to_stage(batch_id, row, Reading({}), _SKIPPED[row.kind])
        for row in chunk
    ]


def _with_errors(reading: Reading, row: SheetRow) -> Reading:
    """A cell whose formula failed is said at the cell."""
    if not row.errors:
        return reading
    said = (
        Reason(name, say("Rumus Excel di sel ini rusak: %(code)s.", code=code))
        for name, code in row.errors.items()
    )
    return replace(reading, reasons=(*reading.reasons, *said))


def _to_stage(batch_id: int, row: SheetRow, reading: Reading, judgement: Judgement) -> RowToStage:
    def sealed(part: str, value: object) -> bytes:
        return seal_json(value, place=place_of(batch_id, *row.ref, part))

    may_be_applied = judgement.outcome in {Outcome.NEW, Outcome.CHANGED, Outcome.CONFLICT}
    return RowToStage(
        sheet=row.ref.sheet,
        row_number=row.ref.number,
        name=str(reading.values.get("name", "")),
        cells_sealed=sealed("cells", row.as_json()),
        values_sealed=sealed("values", reading.values) if may_be_applied else None,
        outcome=judgement.outcome,
        reasons=[reason_row(r) for r in (*reading.reasons, *judgement.reasons)] or None,
        record_code=judgement.code,
        twin_sheet=judgement.twin.sheet if judgement.twin else None,
        twin_row=judgement.twin.number if judgement.twin else None,
        changes_sealed=sealed("changes", dict(judgement.changes)) if judgement.changes else None,
    )


def _chunks(found: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(found)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _finish_reading(batch_id: int, kind: ImportKind, mapping: Mapping[str, SheetColumns]) -> None:
    plain = {sheet: seen.as_json() for sheet, seen in mapping.items()}
    sentence = _missing_columns(kind, mapping)
    atomically(lambda s: batches.keep_reading(s, batch_id, mapping=plain, sentence=sentence))


def _missing_columns(kind: ImportKind, mapping: Mapping[str, SheetColumns]) -> str:
    """A sentence about needed columns that no sheet has; '' when all are there."""
    if not mapping:
        return str(say("Tidak ada tabel di berkas ini. Periksa lembarnya, lalu unggah lagi."))
    if any(seen.has(kind.required) for seen in mapping.values()):
        return ""
    names = ", ".join(kind.label(name) for name in kind.required)
    return str(say("Kolom ini belum ketemu: %(names)s. Betulkan kolomnya di bawah.", names=names))
