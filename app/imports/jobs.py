"""Long work on a batch, made of many short write blocks while others go on working.

A door without a visitor: like the other doors it calls ``atomically``; services never do. Each piece can be
taken up again where it stopped, because the state lies in the batch and its rows.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from app.core.access import ANONYMOUS, Actor
from app.core.db import db
from app.core.language import say
from app.core.transaction import atomically
from app.imports import queries
from app.imports.kinds import KINDS, Applied, ImportKind, Matcher
from app.imports.queries import BatchView, label_of
from app.imports.reading.cells import typed_cells
from app.imports.reading.limits import Refused
from app.imports.reading.tables import Table, read_tables
from app.imports.reading.workbook import SheetRows, open_rows
from app.imports.refusals import sentence_of
from app.imports.report_file import ReportRow, write_report_file
from app.imports.rules import BatchStatus, Outcome
from app.imports.sealing import place_of, seal_json
from app.imports.services import batches
from app.imports.services.batches import RowToStage
from app.imports.words import OUTCOME_WORDS

log = logging.getLogger(__name__)

STAGE_ROWS: Final = 500
WRITE_ROWS: Final = 100
"""Rows applied per write block: about 50 ms, so that others wait little."""

T = TypeVar("T")


@dataclass(frozen=True)
class SheetRow:
    """A data row of the file: where it stands and its cells by column."""

    sheet: str
    number: int
    cells: list[Any]


@dataclass(frozen=True)
class SheetColumns:
    """Headings of a sheet and the field of each used column; JSON in ``ImportBatch.mapping``."""

    headings: dict[str, str]
    columns: dict[str, str]

    def as_json(self) -> dict[str, dict[str, str]]:
        """As it is stored and corrected."""
        return {"headings": self.headings, "columns": self.columns}


def take_file(
    stream: IO[bytes], *, file_name: str, kind: str, as_of: str, actor: Actor
) -> tuple[int, SheetRows]:
    """Look a file over and open a batch for it. Raises Refused within two seconds, then nothing was kept."""
    with tempfile.NamedTemporaryFile(prefix="impor-", suffix=".unggah") as copy:
        digest = hashlib.sha256()
        while block := stream.read(1 << 16):
            digest.update(block)
            copy.write(block)
        copy.flush()
        rows = open_rows(copy.name)  # the reader keeps a copy of its own
    batch_id = atomically(
        lambda s: batches.open_batch(
            s,
            kind=kind,
            file_name=file_name,
            file_sha256=digest.hexdigest(),
            as_of=as_of,
            actor=actor,
        )
    )
    return batch_id, rows


def read_file(batch_id: int, rows: SheetRows) -> None:
    """Dry run: stage and judge every row. A file that breaks half-way is refused as a whole."""
    batch = _batch(batch_id)
    kind = KINDS[batch.kind]
    mapping: dict[str, SheetColumns] = {}
    try:
        with rows:
            counts = _stage(
                batch_id,
                kind,
                _typed(read_tables(rows, kind.vocabulary), mapping),
                mapping,
            )
    except Refused as refused:
        sentence = str(sentence_of(refused))
        atomically(lambda s: batches.clear_rows(s, batch_id))
        atomically(
            lambda s: batches.move(s, batch_id, BatchStatus.REFUSED, sentence=sentence)
        )
        return
    _finish_reading(batch_id, kind, mapping, counts)


def read_again(batch_id: int) -> None:
    """Judge the staged rows anew with the corrected columns of the batch."""
    batch = _batch(batch_id)
    kind = KINDS[batch.kind]
    mapping = {sheet: SheetColumns(**seen) for sheet, seen in batch.mapping.items()}
    staged = [
        SheetRow(r.sheet, r.row_number, r.cells) for r in queries.iter_rows(batch_id)
    ]
    atomically(lambda s: batches.clear_rows(s, batch_id))
    counts = _stage(batch_id, kind, staged, mapping)
    _finish_reading(batch_id, kind, mapping, counts)


def begin_commit(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being committed. Raises RuleBroken when it is not ready."""
    atomically(
        lambda s: batches.begin(s, batch_id, BatchStatus.COMMITTING, actor=actor)
    )


def commit(batch_id: int, actor: Actor) -> None:
    """Apply new and changed rows in small blocks; zero rows is never called a success."""
    batch = _batch(batch_id)
    kind = KINDS[batch.kind]
    note = f"Impor {batch_id}: {batch.file_name}"
    while rows := queries.rows_to_apply(batch_id, limit=WRITE_ROWS):
        places = {
            row.id: place_of(batch_id, row.sheet, row.row_number, "changes")
            for row in rows
        }

        def block(session: Any, rows: Any = rows, places: Any = places) -> None:
            results = kind.apply(
                session, rows, actor=actor, source_note=note, as_of=batch.as_of
            )
            batches.mark_applied(
                session,
                batch_id,
                [
                    (r, seal_json(dict(r.changes), place=places[r.row_id]))
                    for r in results
                ],
            )

        atomically(block)
    counts = queries.count_outcomes(batch_id)
    sentence = (
        ""
        if queries.count_applied(batch_id)
        else str(say("Tidak ada baris yang masuk."))
    )
    atomically(
        lambda s: batches.finish(
            s, batch_id, BatchStatus.DONE, sentence=sentence, counts=counts
        )
    )


def begin_undo(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being undone. Raises RuleBroken when it is not in."""
    atomically(lambda s: batches.begin(s, batch_id, BatchStatus.UNDOING, actor=actor))


def undo(batch_id: int, actor: Actor) -> list[Applied]:
    """Take the batch back, newest row first; returns what stays because it was changed since."""
    batch = _batch(batch_id)
    kind = KINDS[batch.kind]
    note = f"Impor {batch_id} dibatalkan"
    kept: list[Applied] = []
    before: int | None = None
    while rows := queries.rows_to_undo(batch_id, before_id=before, limit=WRITE_ROWS):

        def block(session: Any, rows: Any = rows) -> list[Applied]:
            results = kind.undo(session, rows, actor=actor, note=note)
            batches.mark_undone(session, batch_id, results)
            return results

        kept += [r for r in atomically(block) if r.problem is not None]
        before = rows[-1].id
    sentence = (
        str(say("%(n)s baris tetap, karena sudah diubah sejak impor.", n=len(kept)))
        if kept
        else ""
    )
    atomically(
        lambda s: batches.finish(
            s, batch_id, BatchStatus.UNDONE, sentence=sentence, counts=None
        )
    )
    return kept


def resume_stalled(minutes: int = 10) -> list[int]:
    """Take up batches whose process died; a file half read is refused, for the file itself is never kept."""
    resumed = []
    for batch_id, status in queries.stalled_batches(minutes):
        resumed.append(batch_id)
        if status is BatchStatus.COMMITTING:
            commit(batch_id, ANONYMOUS)
        elif status is BatchStatus.UNDOING:
            undo(batch_id, ANONYMOUS)
        else:
            words = str(say("Pembacaan terputus. Unggah lagi berkasnya."))
            atomically(
                lambda s, i=batch_id, w=words: batches.move(
                    s, i, BatchStatus.REFUSED, sentence=w
                )
            )  # type: ignore[misc]
    return resumed


def write_report(batch: BatchView, path: Path) -> None:
    """Write the row report of ``batch`` as .xlsx to ``path``: the file's own columns, what each row does, and why."""
    kind = KINDS[batch.kind]
    headings = next(
        (list(seen["headings"].values()) for seen in batch.mapping.values()), []
    )
    write_report_file(path, headings=headings, rows=_report_rows(batch.id, kind))


def _report_rows(batch_id: int, kind: ImportKind) -> Iterator[ReportRow]:
    for row in queries.iter_rows(batch_id):
        reasons = [
            f"{kind.labels.get(r['field'], '')}: {r['words']}".lstrip(": ")
            for r in row.reasons
        ]
        yield ReportRow(
            place=label_of(row.sheet, row.row_number),
            cells=row.cells,
            outcome=str(OUTCOME_WORDS[row.outcome]),
            reasons="; ".join(reasons),
        )


# --- staging ------------------------------------------------------------------------------------------------------


def _typed(
    tables: Iterable[Table], mapping: dict[str, SheetColumns]
) -> Iterator[SheetRow]:
    """Rows of all tables; fills ``mapping`` with each sheet's columns as it comes along."""
    for table in tables:
        mapping[table.sheet] = SheetColumns(
            {str(i): text for i, text in table.headings.items()},
            {str(i): name for i, name in table.columns.items()},
        )
        for row in table.rows:
            yield SheetRow(table.sheet, row.number, typed_cells(row.cells))


def _stage(
    batch_id: int,
    kind: ImportKind,
    rows: Iterable[SheetRow],
    mapping: Mapping[str, SheetColumns],
) -> Counter[Outcome]:
    matcher = kind.matcher()
    counts: Counter[Outcome] = Counter()
    for chunk in _chunks(rows, STAGE_ROWS):
        staged = _judged(batch_id, matcher, chunk, mapping)
        counts.update(row.outcome for row in staged)
        db.session.rollback()  # the look into the database ends before the write block begins
        atomically(lambda s, staged=staged: batches.stage_rows(s, batch_id, staged))  # type: ignore[misc]
    return counts


def _judged(
    batch_id: int,
    matcher: Matcher,
    chunk: list[SheetRow],
    mapping: Mapping[str, SheetColumns],
) -> list[RowToStage]:
    """Read, judge and seal a chunk; nothing is written here."""
    labels = [label_of(row.sheet, row.number) for row in chunk]
    readings = [
        matcher.read(_by_field(row, mapping[row.sheet]), sheet=row.sheet)
        for row in chunk
    ]
    staged = []
    for row, reading, judgement in zip(
        chunk, readings, matcher.judge(labels, readings), strict=True
    ):
        place = {
            part: place_of(batch_id, row.sheet, row.number, part)
            for part in ("cells", "values", "changes")
        }
        staged.append(
            RowToStage(
                sheet=row.sheet,
                row_number=row.number,
                cells_sealed=seal_json(row.cells, place=place["cells"]),
                values_sealed=seal_json(reading.values, place=place["values"]),
                outcome=judgement.outcome,
                reasons=[
                    batches.reason_row(r)
                    for r in (*reading.reasons, *judgement.reasons)
                ],
                record_code=judgement.code,
                changes_sealed=seal_json(
                    dict(judgement.changes), place=place["changes"]
                )
                if judgement.changes
                else None,
            )
        )
    return staged


def _by_field(row: SheetRow, columns: SheetColumns) -> dict[str, Any]:
    cells = row.cells
    return {
        name: cells[int(i)]
        for i, name in columns.columns.items()
        if int(i) < len(cells)
    }


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _finish_reading(
    batch_id: int,
    kind: ImportKind,
    mapping: Mapping[str, SheetColumns],
    counts: Counter[Outcome],
) -> None:
    found = {name for seen in mapping.values() for name in seen.columns.values()}
    missing = [
        str(kind.labels.get(name, name)) for name in kind.required if name not in found
    ]
    sentence = (
        str(
            say(
                "Kolom ini belum ketemu: %(names)s. Betulkan kolomnya di bawah.",
                names=", ".join(missing),
            )
        )
        if missing
        else ""
    )
    plain = {sheet: seen.as_json() for sheet, seen in mapping.items()}
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


def _batch(batch_id: int) -> BatchView:
    batch = queries.find_batch(batch_id)
    if batch is None:
        raise LookupError(batch_id)
    return batch
