"""Deeds on a batch; each is one short write block's work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.imports.models import ImportBatch, ImportRow
from app.imports.rules import RUNNING, BatchStatus, Outcome, may_move

FORGET_ROWS = 1000


def open_batch(
    session: Session, *, kind: str, file_name: str, file_sha256: str, as_of: date | None, actor: Actor
) -> int:
    """Begin a batch; returns its number."""
    batch = ImportBatch(
        kind=kind,
        file_name=file_name[-200:],
        file_sha256=file_sha256,
        status=BatchStatus.READING,
        data_as_of=as_of.isoformat() if as_of else "",
        created_by=actor.account_id,
        acting_by=actor.account_id,
        created_at=now(),
        heartbeat_at=now(),
    )
    session.add(batch)
    session.flush()
    _note(session, batch.id, "import.opened", actor, after={"file": file_name[-200:]})
    return batch.id


def begin(session: Session, batch_id: int, to: BatchStatus, *, rows: int, actor: Actor) -> None:
    """An officer starts committing or undoing ``rows`` rows: the progress begins anew. Raises RuleBroken."""
    batch = _move(session, batch_id, to)
    if to is BatchStatus.UNDOING and batch.forgotten_at is not None:
        raise RuleBroken(
            "",
            say(
                "Isi berkasnya sudah dihapus karena lewat 30 hari, jadi impor ini tidak bisa dibatalkan lagi."
            ),
            code="closed",
        )
    batch.acting_by = actor.account_id
    batch.rows_done = 0
    batch.rows_total = rows
    batch.sentence = ""
    _note(session, batch_id, f"import.{to.value}", actor)


def finish(session: Session, batch_id: int, to: BatchStatus, *, sentence: str = "") -> None:
    """Committing or undoing is over."""
    batch = _move(session, batch_id, to)
    batch.sentence = sentence
    batch.counts = _counted(session, batch_id)
    if to is BatchStatus.DONE:
        batch.committed_at = now()
    if to is BatchStatus.UNDONE:
        batch.undone_at = now()


def refuse(session: Session, batch_id: int, *, sentence: str) -> None:
    """The file cannot be read to its end: nothing of it is kept but the sentence."""
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
    batch = _move(session, batch_id, BatchStatus.REFUSED)
    batch.sentence = sentence
    batch.rows_done = 0


def keep_reading(session: Session, batch_id: int, *, mapping: Mapping[str, Any], sentence: str = "") -> None:
    """The file is read: keep the columns and the counts of the dry run."""
    batch = _move(session, batch_id, BatchStatus.READY)
    counts = _counted(session, batch_id)
    batch.mapping = dict(mapping)
    batch.counts = counts
    batch.sentence = sentence
    batch.read_at = now()
    batch.rows_total = sum(counts.values())
    batch.rows_done = batch.rows_total


def correct_mapping(session: Session, batch_id: int, mapping: Mapping[str, Any], *, actor: Actor) -> None:
    """An officer corrected the columns: the rows are judged again with ``mapping``. Raises RuleBroken."""
    batch = _move(session, batch_id, BatchStatus.READING)
    batch.mapping = dict(mapping)
    batch.acting_by = actor.account_id
    batch.rows_done = 0
    _note(session, batch_id, "import.columns_corrected", actor)


def take_up(session: Session, batch_id: int, *, quiet_seconds: int) -> BatchStatus | None:
    """Claim a batch whose process died; its status, or None when somebody else was quicker or it is not dead."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or batch.status not in RUNNING:
        return None
    if batch.heartbeat_at is not None and batch.heartbeat_at > now() - timedelta(seconds=quiet_seconds):
        return None
    batch.heartbeat_at = now()
    return batch.status


def recount(session: Session, batch_id: int) -> None:
    """Rows per outcome, after one of them changed."""
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(counts=_counted(session, batch_id), heartbeat_at=now())
    )


def advance(session: Session, batch_id: int, rows: int) -> None:
    """Show the progress, and that the work is alive."""
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(rows_done=ImportBatch.rows_done + rows, heartbeat_at=now())
    )


def forget_cells(session: Session, batch_id: int, *, after_id: int) -> int:
    """Let the next rows lose their sealed cells; the last id seen, 0 when all are done and the batch is marked."""
    statement = (
        select(ImportRow.id)
        .where(ImportRow.batch_id == batch_id, ImportRow.id > after_id)
        .order_by(ImportRow.id)
        .limit(FORGET_ROWS)
    )
    ids = list(session.scalars(statement))
    if not ids:
        session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(forgotten_at=now()))
        _note(session, batch_id, "import.forgotten", Actor())
        return 0
    session.execute(
        update(ImportRow)
        .where(ImportRow.batch_id == batch_id, ImportRow.id > after_id, ImportRow.id <= ids[-1])
        .values(cells_sealed=None, values_sealed=None, changes_sealed=None)
    )
    return ids[-1]


def _move(session: Session, batch_id: int, to: BatchStatus) -> ImportBatch:
    """The batch, moved to another status. Raises RuleBroken when it is not there any more for this move."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or not may_move(batch.status, to):
        raise RuleBroken("", say("Impor ini sudah berubah keadaannya. Lihat lagi halamannya."), code="closed")
    batch.status = to
    batch.heartbeat_at = now()
    return batch


def _counted(session: Session, batch_id: int) -> dict[str, int]:
    """Rows per outcome, every outcome named."""
    statement = (
        select(ImportRow.outcome, func.count())
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.outcome)
    )
    found = {outcome: int(n) for outcome, n in session.execute(statement)}
    return {outcome.value: found.get(outcome, 0) for outcome in Outcome}


def _note(
    session: Session, batch_id: int, deed: str, actor: Actor, *, after: Mapping[str, Any] | None = None
) -> None:
    audit.record(session, deed=deed, subject=f"impor:{batch_id}", actor=actor, after=after)
