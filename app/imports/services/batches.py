"""Deeds on a batch and its staged rows; each is one short write block's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.imports.kinds import Applied, Reason
from app.imports.models import ImportBatch, ImportRow
from app.imports.rules import BatchStatus, Outcome, may_move


@dataclass(frozen=True)
class RowToStage:
    """One row of the file with its judgement, sealed outside the write block."""

    sheet: str
    row_number: int
    cells_sealed: bytes
    values_sealed: bytes | None
    outcome: Outcome
    reasons: list[dict[str, str]]
    record_code: str | None
    changes_sealed: bytes | None


def open_batch(
    session: Session,
    *,
    kind: str,
    file_name: str,
    file_sha256: str,
    as_of: str,
    actor: Actor,
) -> int:
    """Begin a batch; returns its number."""
    batch = ImportBatch(
        kind=kind,
        file_name=file_name[:200],
        file_sha256=file_sha256,
        status=BatchStatus.READING,
        data_as_of=as_of,
        created_by=actor.account_id,
        created_at=now(),
        heartbeat_at=now(),
    )
    session.add(batch)
    session.flush()
    audit.record(
        session,
        deed="import.opened",
        subject=f"impor:{batch.id}",
        actor=actor,
        after={"file": file_name[:200]},
    )
    return batch.id


def move(session: Session, batch_id: int, to: BatchStatus, *, sentence: str = "") -> None:
    """Move a batch to another status. Raises RuleBroken when it is not there any more for this move."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or not may_move(batch.status, to):
        raise RuleBroken(
            "",
            say("Impor ini sudah berubah keadaannya. Lihat lagi halamannya."),
            code="closed",
        )
    batch.status = to
    batch.sentence = sentence
    batch.heartbeat_at = now()
    if to is BatchStatus.DONE:
        batch.committed_at = now()
    if to is BatchStatus.UNDONE:
        batch.undone_at = now()


def begin(session: Session, batch_id: int, to: BatchStatus, *, actor: Actor) -> None:
    """An officer starts committing or undoing: the progress begins anew. Raises RuleBroken."""
    move(session, batch_id, to)
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(rows_done=0))
    audit.record(session, deed=f"import.{to.value}", subject=f"impor:{batch_id}", actor=actor)


def finish(
    session: Session,
    batch_id: int,
    to: BatchStatus,
    *,
    sentence: str,
    counts: Mapping[Outcome, int] | None,
) -> None:
    """Committing or undoing is over. ``counts`` are the outcomes as they really came."""
    move(session, batch_id, to, sentence=sentence)
    if counts is not None:
        session.execute(
            update(ImportBatch).where(ImportBatch.id == batch_id).values(counts=counts_of(counts))
        )


def stage_rows(session: Session, batch_id: int, rows: Sequence[RowToStage]) -> None:
    """Keep a chunk of judged rows and show the progress."""
    session.execute(
        insert(ImportRow),
        [
            {
                "batch_id": batch_id,
                "sheet": row.sheet,
                "row_number": row.row_number,
                "cells_sealed": row.cells_sealed,
                "values_sealed": row.values_sealed,
                "outcome": row.outcome,
                "reasons": row.reasons,
                "record_code": row.record_code,
                "changes_sealed": row.changes_sealed,
                "applied": False,
                "undone": False,
            }
            for row in rows
        ],
    )
    _advance(session, batch_id, len(rows))


def clear_rows(session: Session, batch_id: int) -> None:
    """Forget all staged rows of a batch that is being read again."""
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(rows_done=0))


def keep_reading(
    session: Session,
    batch_id: int,
    *,
    mapping: Mapping[str, Any],
    counts: Mapping[str, int],
    rows_total: int,
    sentence: str = "",
) -> None:
    """The file is read: keep the column mapping and the counts of the dry run."""
    move(session, batch_id, BatchStatus.READY, sentence=sentence)
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(
            mapping=dict(mapping),
            counts=dict(counts),
            rows_total=rows_total,
            rows_done=0,
        )
    )


def keep_mapping(session: Session, batch_id: int, mapping: Mapping[str, Any], *, actor: Actor) -> None:
    """An officer corrected the columns: the batch is read again with ``mapping``."""
    move(session, batch_id, BatchStatus.READING)
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(mapping=dict(mapping)))
    audit.record(
        session,
        deed="import.columns_corrected",
        subject=f"impor:{batch_id}",
        actor=actor,
    )


def mark_applied(session: Session, batch_id: int, results: Sequence[tuple[Applied, bytes]]) -> None:
    """Note what became of rows: (result, its changes sealed). Those that could not be applied become conflicts."""
    done = [
        {
            "id": r.row_id,
            "applied": True,
            "record_code": r.code,
            "changes_sealed": sealed,
        }
        for r, sealed in results
        if r.problem is None
    ]
    failed = [
        {
            "id": r.row_id,
            "applied": False,
            "outcome": Outcome.CONFLICT,
            "reasons": [reason_row(r.problem)],
        }
        for r, _sealed in results
        if r.problem is not None
    ]
    _update_rows(session, done, failed)
    _advance(session, batch_id, len(results))


def mark_undone(session: Session, batch_id: int, results: Sequence[Applied]) -> None:
    """Note which rows were taken back and which were changed since and stay."""
    done = [{"id": r.row_id, "undone": True} for r in results if r.problem is None]
    kept = [
        {"id": r.row_id, "undone": False, "reasons": [reason_row(r.problem)]}
        for r in results
        if r.problem is not None
    ]
    _update_rows(session, done, kept)
    _advance(session, batch_id, len(results))


def _update_rows(session: Session, *groups: list[dict[str, Any]]) -> None:
    for rows in groups:
        if rows:
            session.execute(update(ImportRow), rows)


def reason_row(reason: Reason) -> dict[str, str]:
    """A reason as it is stored."""
    return {"field": reason.field, "words": str(reason.words)}


def counts_of(found: Mapping[Outcome, int]) -> dict[str, int]:
    """Rows per outcome, every outcome named."""
    return {outcome.value: found.get(outcome, 0) for outcome in Outcome}


def _advance(session: Session, batch_id: int, rows: int) -> None:
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(rows_done=ImportBatch.rows_done + rows, heartbeat_at=now())
    )
