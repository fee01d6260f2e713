"""What is read of batches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.core.access import Actor
from app.core.clock import now
from app.core.db import db
from app.imports.kinds import BatchFacts
from app.imports.models import ImportBatch
from app.imports.rules import (
    KEEP_DAYS,
    RUNNING,
    STALLED_SECONDS,
    BatchStatus,
    Outcome,
)

BATCHES_SHOWN = 50
_NUMBER: Final = re.compile(r"Impor ([0-9]{1,9}):")


@dataclass(frozen=True)
class BatchView:
    """A batch as its pages show it."""

    id: int
    kind: str
    file_name: str
    file_sha256: str
    status: BatchStatus
    sentence: str
    counts: dict[str, int]
    mapping: dict[str, Any]
    rows_done: int
    rows_total: int
    as_of: date | None
    created_by: str
    acting_by: int | None
    acting_name: str
    created_at: datetime
    read_at: datetime
    heartbeat_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    forgotten_at: datetime | None

    @property
    def running(self) -> bool:
        """Work is under way."""
        return self.status in RUNNING

    @property
    def stalled(self) -> bool:
        """The work said nothing for too long: its process died."""
        return self.running and self.heartbeat_at < now() - timedelta(seconds=STALLED_SECONDS)

    @property
    def percent(self) -> int | None:
        """Progress, 0 to 100; None while nobody knows how much there is."""
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else None

    @property
    def writable_rows(self) -> int:
        """Rows that bring something into the registry."""
        return self.counts.get(Outcome.NEW, 0) + self.counts.get(Outcome.CHANGED, 0)

    @property
    def keeps_until(self) -> datetime:
        """From here on the cells may be gone, and undoing with them."""
        return self.created_at + timedelta(days=KEEP_DAYS)

    @property
    def note(self) -> str:
        """The mark of this batch on records and in their history."""
        return note_of(self.id, self.file_name)

    @property
    def facts(self) -> BatchFacts:
        """For the kind that applies its rows."""
        return BatchFacts(self.note, self.as_of, self.read_at)

    @property
    def acting(self) -> Actor:
        """Who began the running work, as history names them. For work taken up without them."""
        return Actor(account_id=self.acting_by, name=self.acting_name)


def note_of(batch_id: int, file_name: str) -> str:
    """The mark of a batch: 'Impor 7: daftar.xlsx'."""
    return f"Impor {batch_id}: {file_name}"[:160]


def undone_notes(notes: Iterable[str]) -> set[str]:
    """Of these marks those of batches that were taken back."""
    wanted = set(notes)
    ids = {int(found[1]) for note in wanted if (found := _NUMBER.match(note))}
    statement = (
        select(ImportBatch.id, ImportBatch.file_name)
        .where(ImportBatch.id.in_(sorted(ids)), ImportBatch.status == BatchStatus.UNDONE)
        .order_by(ImportBatch.id)
    )
    return wanted & {note_of(*row) for row in db.session.execute(statement)}


def may_see_batches(actor: Actor) -> bool:
    """Imports reach over all kecamatan, so only those who see the whole kabupaten handle them."""
    return actor.everywhere


def list_batches() -> list[BatchView]:
    """The latest batches, newest first."""
    statement = _batches().order_by(ImportBatch.id.desc()).limit(BATCHES_SHOWN)
    return [_batch_view(*row) for row in db.session.execute(statement)]


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


def earlier_of_file(batch: BatchView) -> BatchView | None:
    """The latest other batch that brought this very file in and was not undone."""
    statement = (
        _batches()
        .where(
            ImportBatch.file_sha256 == batch.file_sha256,
            ImportBatch.id != batch.id,
            ImportBatch.status == BatchStatus.DONE,
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return None if row is None else _batch_view(*row)


def stalled_batches(seconds: int = STALLED_SECONDS) -> list[int]:
    """Batches whose work stopped without a word: no heartbeat for ``seconds``."""
    before = now() - timedelta(seconds=seconds)
    quiet = or_(ImportBatch.heartbeat_at < before, ImportBatch.heartbeat_at.is_(None))
    statement = (
        select(ImportBatch.id)
        .where(ImportBatch.status.in_(sorted(RUNNING)), quiet)
        .order_by(ImportBatch.id)
        .limit(BATCHES_SHOWN)
    )
    return [int(i) for i in db.session.scalars(statement)]


def count_running() -> int:
    """How many batches are being worked on, by whomever."""
    statement = select(ImportBatch.id).where(ImportBatch.status.in_(sorted(RUNNING))).order_by(ImportBatch.id)
    return len(db.session.scalars(statement.limit(BATCHES_SHOWN)).all())


def batches_to_forget(days: int) -> list[int]:
    """Batches whose cells have been kept long enough. Those being worked on wait."""
    before = now() - timedelta(days=days)
    statement = (
        select(ImportBatch.id)
        .where(
            ImportBatch.created_at < before,
            ImportBatch.forgotten_at.is_(None),
            ImportBatch.status.not_in(sorted(RUNNING)),
        )
        .order_by(ImportBatch.id)
        .limit(BATCHES_SHOWN)
    )
    return [int(i) for i in db.session.scalars(statement)]


def _batches() -> Any:
    creator, acting = aliased(Account), aliased(Account)
    return (
        select(ImportBatch, creator.name, acting.name)
        .outerjoin(creator, creator.id == ImportBatch.created_by)
        .outerjoin(acting, acting.id == ImportBatch.acting_by)
    )


def _batch_view(batch: ImportBatch, created_by: str | None, acting_name: str | None) -> BatchView:
    return BatchView(
        id=batch.id,
        kind=batch.kind,
        file_name=batch.file_name,
        file_sha256=batch.file_sha256,
        status=batch.status,
        sentence=batch.sentence,
        counts=batch.counts or {},
        mapping=batch.mapping or {},
        rows_done=batch.rows_done,
        rows_total=batch.rows_total,
        as_of=date.fromisoformat(batch.data_as_of) if batch.data_as_of else None,
        created_by=created_by or "",
        acting_by=batch.acting_by,
        acting_name=acting_name or "",
        created_at=batch.created_at,
        read_at=batch.read_at or batch.created_at,
        heartbeat_at=batch.heartbeat_at or batch.created_at,
        committed_at=batch.committed_at,
        undone_at=batch.undone_at,
        forgotten_at=batch.forgotten_at,
    )
