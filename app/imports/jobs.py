"""Committing and undoing a batch: long work made of short write blocks while others go on working.

Each piece can be taken up again where it stopped, because the state lies in the batch and its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.access import ANONYMOUS, Actor
from app.core.language import say
from app.core.transaction import atomically
from app.imports import queries
from app.imports.kinds import KINDS, Applied, ImportKind, StagedRow
from app.imports.queries import BatchView, RowView
from app.imports.reading.wire import unpack_cell
from app.imports.report_file import ReportRow, ReportSheet, write_report
from app.imports.rules import BatchStatus
from app.imports.sealing import place_of, seal_json
from app.imports.services import batches
from app.imports.words import OUTCOME_WORDS

WRITE_ROWS: Final = 100
"""Rows applied per write block: some 50 ms, so that others wait little."""


def begin_commit(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being committed. Raises RuleBroken when it is not ready."""
    atomically(lambda s: batches.begin(s, batch_id, BatchStatus.COMMITTING, actor=actor))


def commit(batch_id: int, actor: Actor) -> None:
    """Apply new and changed rows in small blocks; zero rows is never called a success."""
    batch = queries.get_batch(batch_id)
    kind = KINDS[batch.kind]
    note = f"Impor {batch_id}: {batch.file_name}"
    while rows := queries.rows_to_apply(batch_id, limit=WRITE_ROWS):
        atomically(partial(_apply_block, batch, kind, rows, actor, note))
    counts = queries.count_outcomes(batch_id)
    sentence = "" if queries.count_applied(batch_id) else str(say("Tidak ada baris yang masuk."))
    atomically(lambda s: batches.finish(s, batch_id, BatchStatus.DONE, sentence=sentence, counts=counts))


def _apply_block(
    batch: BatchView, kind: ImportKind, rows: list[StagedRow], actor: Actor, note: str, session: Session
) -> None:
    places = {row.id: place_of(batch.id, row.sheet, row.row_number, "changes") for row in rows}
    results = kind.apply(session, rows, actor=actor, source_note=note, as_of=batch.as_of)
    sealed = [(r, seal_json(dict(r.changes), place=places[r.row_id])) for r in results]
    batches.mark_applied(session, batch.id, sealed)


def begin_undo(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being undone. Raises RuleBroken when it is not in."""
    atomically(lambda s: batches.begin(s, batch_id, BatchStatus.UNDOING, actor=actor))


def undo(batch_id: int, actor: Actor) -> list[Applied]:
    """Take the batch back, newest row first; returns what stays because it was changed since."""
    kind = KINDS[queries.get_batch(batch_id).kind]
    note = f"Impor {batch_id} dibatalkan"
    kept: list[Applied] = []
    before: int | None = None
    while rows := queries.rows_to_undo(batch_id, before_id=before, limit=WRITE_ROWS):
        results = atomically(partial(_undo_block, batch_id, kind, rows, actor, note))
        kept += [r for r in results if r.problem is not None]
        before = rows[-1].id
    sentence = str(say("%(n)s baris tetap, karena sudah diubah sejak impor.", n=len(kept))) if kept else ""
    atomically(lambda s: batches.finish(s, batch_id, BatchStatus.UNDONE, sentence=sentence, counts=None))
    return kept


def _undo_block(
    batch_id: int, kind: ImportKind, rows: list[StagedRow], actor: Actor, note: str, session: Session
) -> list[Applied]:
    results = kind.undo(session, rows, actor=actor, note=note)
    batches.mark_undone(session, batch_id, results)
    return results


def resume_stalled(minutes: int = 10) -> list[int]:
    """Take up batches whose process died; a file half read is refused, for the file itself is never kept."""
    stalled = queries.stalled_batches(minutes)
    for batch_id, status in stalled:
        match status:
            case BatchStatus.COMMITTING:
                commit(batch_id, ANONYMOUS)
            case BatchStatus.UNDOING:
                undo(batch_id, ANONYMOUS)
            case _:
                atomically(partial(_refuse_half_read, batch_id))
    return [batch_id for batch_id, _status in stalled]


def _refuse_half_read(batch_id: int, session: Session) -> None:
    sentence = str(say("Pembacaan terputus. Unggah lagi berkasnya."))
    batches.move(session, batch_id, BatchStatus.REFUSED, sentence=sentence)


def write_row_report(batch: BatchView, path: Path) -> int:
    """Write the row report of ``batch`` as .xlsx: sheet by sheet as in the file, each row with what it does and why."""
    return write_report(path, _report_sheets(batch))


def _report_sheets(batch: BatchView) -> Iterator[ReportSheet]:
    labels = KINDS[batch.kind].labels
    for sheet, rows in groupby(queries.iter_rows(batch.id), key=attrgetter("sheet")):
        headings: Mapping[str, str] = batch.mapping.get(sheet, {}).get("headings", {})
        width = max((int(column) for column in headings), default=-1) + 1
        texts = [headings.get(str(column), "") for column in range(width)]
        yield ReportSheet(sheet, texts, (_report_row(row, labels) for row in rows))


def _report_row(row: RowView, labels: Mapping[str, Any]) -> ReportRow:
    return ReportRow(
        number=row.row_number,
        outcome=str(OUTCOME_WORDS[row.outcome]),
        reasons=[f"{labels[r['field']]}: {r['words']}" if r["field"] else r["words"] for r in row.reasons],
        cells=[unpack_cell(cell) for cell in row.staged["cells"]],
        code=row.record_code or "",
    )
