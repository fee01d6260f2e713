"""What is read of batches and their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.core.access import Actor
from app.core.clock import now
from app.core.db import db
from app.imports.kinds import StagedRow
from app.imports.models import ImportBatch, ImportRow
from app.imports.rules import BatchStatus, Outcome
from app.imports.sealing import place_of, unseal_json

BATCHES_SHOWN = 50


@dataclass(frozen=True)
class BatchView:
    """A batch as its pages show it."""

    id: int
    kind: str
    file_name: str
    status: BatchStatus
    sentence: str
    counts: dict[str, int]
    mapping: dict[str, Any]
    rows_done: int
    rows_total: int
    as_of: str
    created_by: str
    created_at: datetime
    heartbeat_at: datetime | None
    committed_at: datetime | None
    undone_at: datetime | None

    @property
    def running(self) -> bool:
        """Work is under way."""
        return self.status in {
            BatchStatus.READING,
            BatchStatus.COMMITTING,
            BatchStatus.UNDOING,
        }

    @property
    def percent(self) -> int:
        """Progress, 0 to 100."""
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else 0

    @property
    def writable_rows(self) -> int:
        """Rows that a commit would bring into the registry."""
        return self.counts.get("new", 0) + self.counts.get("changed", 0)


@dataclass(frozen=True)
class RowView:
    """A staged row for the page and the report: its cells as read, what it does, and why."""

    id: int
    sheet: str
    row_number: int
    outcome: Outcome
    staged: dict[str, Any]
    reasons: list[dict[str, str]]
    record_code: str | None
    applied: bool
    undone: bool
    name: str
    changes: dict[str, Any]


def list_batches() -> list[BatchView]:
    """The latest batches, newest first."""
    return [_batch_view(*row) for row in db.session.execute(_batches().limit(BATCHES_SHOWN))]


def find_batch(batch_id: int) -> BatchView | None:
    """One batch."""
    row = db.session.execute(_batches().where(ImportBatch.id == batch_id)).first()
    return None if row is None else _batch_view(*row)


def get_batch(batch_id: int) -> BatchView:
    """One batch that must be there. Raises LookupError."""
    batch = find_batch(batch_id)
    if batch is None:
        raise LookupError(batch_id)
    return batch


def latest_of_file(file_sha256: str) -> int | None:
    """A batch that already brought this very file in and was not undone."""
    statement = (
        select(ImportBatch.id)
        .where(
            ImportBatch.file_sha256 == file_sha256,
            ImportBatch.status == BatchStatus.DONE,
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def stalled_batches(minutes: int) -> list[tuple[int, BatchStatus]]:
    """Batches whose work stopped without a word (the process died): no heartbeat for ``minutes``."""
    before = now() - timedelta(minutes=minutes)
    running = (BatchStatus.READING, BatchStatus.COMMITTING, BatchStatus.UNDOING)
    statement = (
        select(ImportBatch.id, ImportBatch.status)
        .where(ImportBatch.status.in_(running), ImportBatch.heartbeat_at < before)
        .order_by(ImportBatch.id)
        .limit(BATCHES_SHOWN)
    )
    return [(int(i), s) for i, s in db.session.execute(statement)]


def list_rows(batch_id: int, outcome: Outcome | None, *, after_id: int = 0, limit: int = 50) -> list[RowView]:
    """Rows of a batch in the order of the file."""
    statement = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.id > after_id)
    if outcome is not None:
        statement = statement.where(ImportRow.outcome == outcome)
    rows = db.session.scalars(statement.order_by(ImportRow.id).limit(limit)).all()
    return [_row_view(row) for row in rows]


def iter_rows(batch_id: int, *, chunk: int = 500) -> Iterator[RowView]:
    """All rows of a batch, a chunk in memory at a time."""
    after = 0
    while rows := list_rows(batch_id, None, after_id=after, limit=chunk):
        yield from rows
        after = rows[-1].id
        db.session.expunge_all()


def rows_to_apply(batch_id: int, *, limit: int) -> list[StagedRow]:
    """The next rows that a commit has to apply."""
    return _staged(
        select(ImportRow).where(
            ImportRow.batch_id == batch_id,
            ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED)),
            ImportRow.applied.is_(False),
        ),
        ImportRow.id.asc(),
        limit,
    )


def rows_to_undo(batch_id: int, *, before_id: int | None, limit: int) -> list[StagedRow]:
    """The next rows to take back, newest first; ``before_id`` is the last one handled."""
    statement = select(ImportRow).where(
        ImportRow.batch_id == batch_id,
        ImportRow.applied.is_(True),
        ImportRow.undone.is_(False),
    )
    if before_id is not None:
        statement = statement.where(ImportRow.id < before_id)
    return _staged(statement, ImportRow.id.desc(), limit)


def count_outcomes(batch_id: int) -> dict[Outcome, int]:
    """Rows of a batch per outcome."""
    statement = (
        select(ImportRow.outcome, func.count())
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.outcome)
        .order_by(ImportRow.outcome)
    )
    return {outcome: int(n) for outcome, n in db.session.execute(statement)}


def count_applied(batch_id: int) -> int:
    """Rows that went into the registry."""
    statement = select(func.count()).where(ImportRow.batch_id == batch_id, ImportRow.applied.is_(True))
    return int(db.session.scalar(statement) or 0)


def label_of(sheet: str, row_number: int) -> str:
    """A row's name for people."""
    return f"{sheet} baris {row_number}"


def _staged(statement: Any, order: Any, limit: int) -> list[StagedRow]:
    rows: Sequence[ImportRow] = db.session.scalars(statement.order_by(order).limit(limit)).all()
    return [
        StagedRow(
            id=row.id,
            sheet=row.sheet,
            row_number=row.row_number,
            outcome=row.outcome,
            code=row.record_code,
            values=_opened(row, row.values_sealed, "values") or {},
            changes={
                name: (pair[0], pair[1])
                for name, pair in (_opened(row, row.changes_sealed, "changes") or {}).items()
            },
        )
        for row in rows
    ]


def _opened(row: ImportRow, blob: bytes | None, part: str) -> Any:
    return (
        None
        if blob is None
        else unseal_json(blob, place=place_of(row.batch_id, row.sheet, row.row_number, part))
    )


def _row_view(row: ImportRow) -> RowView:
    values = _opened(row, row.values_sealed, "values") or {}
    return RowView(
        id=row.id,
        sheet=row.sheet,
        row_number=row.row_number,
        outcome=row.outcome,
        staged=_opened(row, row.cells_sealed, "cells"),
        reasons=row.reasons or [],
        record_code=row.record_code,
        applied=row.applied,
        undone=row.undone,
        name=str(values.get("name", "")),
        changes=_opened(row, row.changes_sealed, "changes") or {},
    )


def _batches() -> Any:
    person = aliased(Account)
    return (
        select(ImportBatch, person.name)
        .outerjoin(person, person.id == ImportBatch.created_by)
        .order_by(ImportBatch.id.desc())
    )


def _batch_view(batch: ImportBatch, person: str | None) -> BatchView:
    return BatchView(
        id=batch.id,
        kind=batch.kind,
        file_name=batch.file_name,
        status=batch.status,
        sentence=batch.sentence,
        counts=batch.counts or {},
        mapping=batch.mapping or {},
        rows_done=batch.rows_done,
        rows_total=batch.rows_total,
        as_of=batch.data_as_of,
        created_by=person or "",
        created_at=batch.created_at,
        heartbeat_at=batch.heartbeat_at,
        committed_at=batch.committed_at,
        undone_at=batch.undone_at,
    )


def may_see_batches(actor: Actor) -> bool:
    """Imports reach over all kecamatan, so only those who see the whole kabupaten handle them."""
    return actor.everywhere
