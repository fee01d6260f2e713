"""The dry run: a file becomes staged, judged rows; nothing of the registry changes here.

A door without a visitor: like the other doors it calls ``atomically``, once per chunk of rows.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import IO, Any, Final, TypeVar

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.db import db
from app.core.language import say
from app.core.transaction import atomically
from app.imports import queries
from app.imports.kinds import KINDS, ImportKind, Judgement, Matcher, Reading, Reason
from app.imports.queries import RowView, label_of
from app.imports.reading.limits import Refused
from app.imports.reading.tables import RowKind, Table, TableRow, read_tables, row_values
from app.imports.reading.wire import pack_cell, unpack_cell
from app.imports.reading.workbook import SheetRows, open_rows
from app.imports.refusals import sentence_of
from app.imports.rules import BatchStatus, Outcome
from app.imports.sealing import place_of, seal_json
from app.imports.services import batches
from app.imports.services.batches import RowToStage

STAGE_ROWS: Final = 500
PLACE_FIELD: Final = "kecamatan"

_SKIPPED: Final = defaultdict(
    lambda: Judgement(Outcome.SKIPPED),
    {
        RowKind.TOTAL: Judgement(Outcome.SKIPPED, reasons=(Reason("", say("Baris jumlah, dilewati.")),)),
        RowKind.SECTION: Judgement(Outcome.SKIPPED, reasons=(Reason("", say("Judul kelompok, dilewati.")),)),
        RowKind.UNREAD: Judgement(
            Outcome.SKIPPED, reasons=(Reason("", say("Lembar ini tidak punya kolom nama, dilewati.")),)
        ),
    },
)

T = TypeVar("T")


@dataclass(frozen=True)
class SheetRow:
    """A row of the file under its heading: where it stands, its cells, and what they say by field."""

    sheet: str
    number: int
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
    """Headings of a sheet and the field of each used column; JSON in ``ImportBatch.mapping``."""

    headings: dict[str, str]
    columns: dict[str, str]

    def as_json(self) -> dict[str, dict[str, str]]:
        """As it is stored and corrected."""
        return {"headings": self.headings, "columns": self.columns}

    def by_number(self) -> dict[int, str]:
        """Field of each column, by its number from 0."""
        return {int(column): name for column, name in self.columns.items()}


def take_file(
    stream: IO[bytes], *, file_name: str, kind: str, as_of: str, actor: Actor
) -> tuple[int, SheetRows]:
    """Look a file over and open a batch for it. Raises Refused within two seconds; then nothing was kept."""
    with tempfile.NamedTemporaryFile(prefix="impor-", suffix=".unggah") as copy:
        digest = hashlib.sha256()
        while block := stream.read(1 << 16):
            digest.update(block)
            copy.write(block)
        copy.flush()
        rows = open_rows(copy.name)  # the reader keeps a copy of its own
    batch_id = atomically(
        lambda s: batches.open_batch(
            s, kind=kind, file_name=file_name, file_sha256=digest.hexdigest(), as_of=as_of, actor=actor
        )
    )
    return batch_id, rows


def read_file(batch_id: int, rows: SheetRows) -> None:
    """Stage and judge every row. A file that breaks half-way is refused as a whole."""
    kind = KINDS[queries.get_batch(batch_id).kind]
    mapping: dict[str, SheetColumns] = {}
    try:
        with rows:
            found = read_tables(rows, kind.vocabulary, required=kind.required, place_field=PLACE_FIELD)
            counts = _stage(batch_id, kind, _noting_columns(found, mapping))
    except Refused as refused:
        sentence = str(sentence_of(refused))
        atomically(lambda s: batches.clear_rows(s, batch_id))
        atomically(lambda s: batches.move(s, batch_id, BatchStatus.REFUSED, sentence=sentence))
        return
    _finish_reading(batch_id, kind, mapping, counts)


def read_again(batch_id: int) -> None:
    """Judge the staged rows anew with the corrected columns of the batch."""
    batch = queries.get_batch(batch_id)
    kind = KINDS[batch.kind]
    mapping = {sheet: SheetColumns(**seen) for sheet, seen in batch.mapping.items()}
    rows = [_read_anew(row, mapping[row.sheet], kind) for row in queries.iter_rows(batch_id)]
    atomically(lambda s: batches.clear_rows(s, batch_id))
    counts = _stage(batch_id, kind, rows)
    _finish_reading(batch_id, kind, mapping, counts)


def _noting_columns(
    found: Iterable[Table | TableRow], mapping: dict[str, SheetColumns]
) -> Iterator[SheetRow]:
    """Rows of all tables; fills ``mapping`` with each sheet's columns as it comes along."""
    for item in found:
        if isinstance(item, Table):
            headings = {str(i): text for i, text in item.headings.items()}
            mapping[item.sheet] = SheetColumns(headings, {str(i): name for i, name in item.columns.items()})
        else:
            yield SheetRow(
                item.sheet, item.number, item.kind, item.cells, item.values, item.errors, item.place
            )


def _read_anew(row: RowView, columns: SheetColumns, kind: ImportKind) -> SheetRow:
    """A staged row under corrected columns. A sheet counts as soon as its needed columns are named, else not."""
    cells = [unpack_cell(cell) for cell in row.staged["cells"]]
    values, errors = row_values(cells, columns.by_number())
    place = row.staged["place"]
    named = set(columns.columns.values())
    if place and PLACE_FIELD not in named:
        values[PLACE_FIELD] = place
    what = RowKind(row.staged["kind"])
    if what in {RowKind.DATA, RowKind.UNREAD}:
        what = RowKind.DATA if named.issuperset(kind.required) else RowKind.UNREAD
    return SheetRow(row.sheet, row.row_number, what, cells, values, errors, place)


def _stage(batch_id: int, kind: ImportKind, rows: Iterable[SheetRow]) -> Counter[Outcome]:
    matcher = kind.matcher()
    counts: Counter[Outcome] = Counter()
    for chunk in _chunks(rows, STAGE_ROWS):
        staged = _judged(batch_id, matcher, chunk)
        counts.update(row.outcome for row in staged)
        db.session.rollback()  # the look into the database ends before the write block begins
        atomically(partial(_keep_staged, batch_id, staged))
    return counts


def _keep_staged(batch_id: int, staged: list[RowToStage], session: Session) -> None:
    batches.stage_rows(session, batch_id, staged)


def _judged(batch_id: int, matcher: Matcher, chunk: list[SheetRow]) -> list[RowToStage]:
    """Read, judge and seal a chunk; nothing is written here. Rows that are no data are kept and skipped."""
    data = [row for row in chunk if row.kind is RowKind.DATA]
    readings = [_with_errors(matcher.read(row.values, sheet=row.place or row.sheet), row) for row in data]
    judgements = matcher.judge([label_of(row.sheet, row.number) for row in data], readings)
    judged = {(r.sheet, r.number): pair for r, *pair in zip(data, readings, judgements, strict=True)}
    return [
        _to_stage(batch_id, row, *judged.get((row.sheet, row.number), (Reading({}), _SKIPPED[row.kind])))
        for row in chunk
    ]


def _with_errors(reading: Reading, row: SheetRow) -> Reading:
    """A cell whose formula failed is said at the cell."""
    said = tuple(
        Reason(name, say("Rumus Excel di sel ini rusak: %(code)s.", code=code))
        for name, code in row.errors.items()
    )
    return replace(reading, reasons=(*reading.reasons, *said))


def _to_stage(batch_id: int, row: SheetRow, reading: Reading, judgement: Judgement) -> RowToStage:
    def sealed(part: str, value: object) -> bytes:
        return seal_json(value, place=place_of(batch_id, row.sheet, row.number, part))

    return RowToStage(
        sheet=row.sheet,
        row_number=row.number,
        cells_sealed=sealed("cells", row.as_json()),
        values_sealed=sealed("values", reading.values),
        outcome=judgement.outcome,
        reasons=[batches.reason_row(r) for r in (*reading.reasons, *judgement.reasons)],
        record_code=judgement.code,
        changes_sealed=sealed("changes", dict(judgement.changes)) if judgement.changes else None,
    )


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _finish_reading(
    batch_id: int, kind: ImportKind, mapping: Mapping[str, SheetColumns], counts: Counter[Outcome]
) -> None:
    plain = {sheet: seen.as_json() for sheet, seen in mapping.items()}
    sentence = _missing_columns(kind, mapping)
    atomically(
        lambda s: batches.keep_reading(
            s,
            batch_id,
            mapping=plain,
            counts=batches.counts_of(counts),
            rows_total=counts.total(),
            sentence=sentence,
        )
    )


def _missing_columns(kind: ImportKind, mapping: Mapping[str, SheetColumns]) -> str:
    """A sentence about needed columns that no sheet has; '' when all are there."""
    found = {name for seen in mapping.values() for name in seen.columns.values()}
    missing = [str(kind.labels[name]) for name in kind.required if name not in found]
    if not missing:
        return ""
    return str(
        say("Kolom ini belum ketemu: %(names)s. Betulkan kolomnya di bawah.", names=", ".join(missing))
    )
