"""Deeds on staged rows; each is one short write block's work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.db import Base
from app.core.errors import RuleBroken
from app.core.language import say
from app.imports.kinds import Applied, Judgement, Reason, RowRef
from app.imports.models import ImportBatch, ImportRow
from app.imports.rules import DECIDABLE, Decision, Outcome
from app.imports.services.batches import advance, recount

_TABLE: Final = Base.metadata.tables[ImportRow.__tablename__]


@dataclass(frozen=True, slots=True)
class RowToStage:
    """One row of the file with its judgement, sealed outside the write block. Named as the columns."""

    sheet: str
    row_number: int
    name: str
    cells_sealed: bytes
    values_sealed: bytes | None
    outcome: Outcome
    reasons: list[dict[str, str]] | None
    record_code: str | None
    twin_sheet: str | None
    twin_row: int | None
    changes_sealed: bytes | None


@dataclass(frozen=True)
class RowDecision:
    """An officer's word about one row, with the judgement that follows from it (sealed changes included)."""

    row_id: int
    ref: RowRef
    decision: Decision | None
    judgement: Judgement
    changes_sealed: bytes | None


def stage(session: Session, batch_id: int, rows: Sequence[RowToStage]) -> None:
    """Keep a chunk of judged rows and show the progress."""
    undecided = {
        "batch_id": batch_id,
        "decision": None,
        "decided_by": None,
        "applied": False,
        "undone": False,
    }
    session.connection().execute(insert(_TABLE), [{**asdict(row), **undecided} for row in rows])
    advance(session, batch_id, len(rows))


def stage_again(session: Session, batch_id: int, rows: Sequence[tuple[int, RowToStage]]) -> None:
    """Replace what was read from (row id, row) with other columns; decisions about them are void."""
    again = [{**asdict(row), "id": row_id, "decision": None, "decided_by": None} for row_id, row in rows]
    session.execute(update(ImportRow), again)
    advance(session, batch_id, len(rows))


def claim(session: Session, row_ids: Collection[int], *, undo: bool = False) -> set[int]:
    """Of these rows those still to be applied (or undone): another process may have taken the batch up too."""
    waiting = (
        (ImportRow.applied.is_(True), ImportRow.undone.is_(False))
        if undo
        else (ImportRow.applied.is_(False),)
    )
    statement = (
        select(ImportRow.id)
        .where(ImportRow.id.in_(sorted(row_ids)), *waiting)
        .order_by(ImportRow.id)
        .with_for_update()
    )
    return set(session.scalars(statement))


def mark_applied(session: Session, batch_id: int, results: Sequence[tuple[Applied, bytes | None]]) -> None:
    """Note what became of rows: (result, its changes sealed). Those that could not be applied are conflicts."""
    done = [
        {"id": r.row_id, "applied": True, "record_code": r.code, "changes_sealed": sealed}
        for r, sealed in results
        if r.problem is None
    ]
    failed = [
        {
            "id": r.row_id,
            "outcome": Outcome.CONFLICT,
            "reasons": [reason_row(r.problem)],
            "record_code": r.code,
            "decision": None,
            "decided_by": None,
        }
        for r, _sealed in results
        if r.problem is not None
    ]
    _update_rows(session, done, failed)
    advance(session, batch_id, len(results))


def mark_undone(session: Session, batch_id: int, results: Sequence[Applied]) -> None:
    """Note which rows were taken back and which were changed since and stay."""
    done = [{"id": r.row_id, "undone": True} for r in results if r.problem is None]
    kept = [{"id": r.row_id, "reasons": [reason_row(r.problem)]} for r in results if r.problem is not None]
    _update_rows(session, done, kept)
    advance(session, batch_id, len(results))


def settle(
    session: Session, batch_id: int, row_id: int, judgement: Judgement, changes_sealed: bytes | None
) -> None:
    """A row that waited for another one is judged now."""
    values: dict[str, Any] = {
        "outcome": judgement.outcome,
        "record_code": judgement.code,
        "changes_sealed": changes_sealed,
    }
    if judgement.reasons:
        values["reasons"] = [reason_row(reason) for reason in judgement.reasons]
    if judgement.outcome is Outcome.CONFLICT:
        values |= {"decision": None, "decided_by": None}
    session.execute(update(ImportRow).where(ImportRow.id == row_id).values(**values))
    advance(session, batch_id, int(judgement.outcome is not Outcome.CHANGED))


def decide(session: Session, batch_id: int, word: RowDecision, *, actor: Actor) -> None:
    """Remember an officer's word about a row in conflict, or that it is open again (decision None).

    Raises RuleBroken when the batch is being worked on, or the row is in the registry already.
    """
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    row = session.get(ImportRow, word.row_id, with_for_update=True)
    open_row = row is not None and not row.applied and (row.outcome is Outcome.CONFLICT or row.decision)
    if batch is None or row is None or batch.status not in DECIDABLE or not open_row:
        raise RuleBroken("", say("Baris ini sudah berubah keadaannya. Lihat lagi halamannya."), code="closed")
    row.decision = word.decision
    row.decided_by = actor.account_id if word.decision else None
    row.outcome = word.judgement.outcome
    row.record_code = word.judgement.code
    row.changes_sealed = word.changes_sealed
    session.flush()
    recount(session, batch_id)
    audit.record(
        session,
        deed="import.row_decided",
        subject=f"impor:{batch_id}",
        actor=actor,
        after={
            "row": str(word.ref.label),
            "decision": word.decision.value if word.decision else "open",
            "same_as": word.judgement.code if word.decision is Decision.SAME else None,
        },
    )


def _update_rows(session: Session, *groups: list[dict[str, Any]]) -> None:
    for rows in groups:
        if rows:
            session.execute(update(ImportRow), rows)


def reason_row(reason: Reason) -> dict[str, str]:
    """A reason as it is stored."""
    return {"field": reason.field, "words": str(reason.words)}
