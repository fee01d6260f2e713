"""What is read of staged rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from app.accounts.models import Account
from app.core.db import db
from app.imports.kinds import RowRef, StagedRow
from app.imports.models import ImportRow
from app.imports.rules import Decision, Outcome
from app.imports.sealing import place_of, unseal_json

WRITABLE = (Outcome.NEW, Outcome.CHANGED)


@dataclass(frozen=True)
class RowView:
    """A staged row for pages and the report. ``staged`` (cells as read) is None where it was not asked for."""

    id: int
    ref: RowRef
    outcome: Outcome
    name: str
    reasons: list[dict[str, str]]
    record_code: str | None
    changes: dict[str, Any]
    staged: dict[str, Any] | None
    decision: Decision | None
    decided_by: str
    twin: RowRef | None
    applied: bool
    undone: bool

    @property
    def waits_for_twin(self) -> bool:
        """An officer said it is the same as an earlier row, whose record is not there yet."""
        return self.decision is Decision.SAME and self.outcome is Outcome.CHANGED and self.record_code is None


def list_rows(batch_id: int, outcome: Outcome | None, *, after_id: int = 0, limit: int = 50) -> list[RowView]:
    """Rows of a batch in the order of the file, without their cells."""
    where = [ImportRow.batch_id == batch_id, ImportRow.id > after_id]
    if outcome is not None:
        where.append(ImportRow.outcome == outcome)
    return _views(where, limit=limit, with_cells=False)


def list_kept(batch_id: int, *, after_id: int = 0, limit: int = 50) -> list[RowView]:
    """Rows that undoing left in the registry, because somebody worked on them since."""
    where = [_waiting_to_be_undone(batch_id), ImportRow.id > after_id]
    return _views(where, limit=limit, with_cells=False)


def find_row(batch_id: int, row_id: int) -> RowView | None:
    """One row with its cells."""
    found = _views([ImportRow.batch_id == batch_id, ImportRow.id == row_id], limit=1, with_cells=True)
    return found[0] if found else None


def iter_rows(batch_id: int, *, chunk: int = 500) -> Iterator[list[RowView]]:
    """All rows of a batch with their cells, a chunk in memory at a time, in the order of the file."""
    after = 0
    while rows := _views(
        [ImportRow.batch_id == batch_id, ImportRow.id > after], limit=chunk, with_cells=True
    ):
        yield rows
        after = rows[-1].id


def first_rows(batch_id: int, sheet: str, *, limit: int = 60) -> list[RowView]:
    """The first rows of one sheet with their cells."""
    return _views([ImportRow.batch_id == batch_id, ImportRow.sheet == sheet], limit=limit, with_cells=True)


def get_staged(batch_id: int, row_id: int) -> StagedRow | None:
    """One row, opened."""
    found = _staged([ImportRow.batch_id == batch_id, ImportRow.id == row_id], ImportRow.id, 1)
    return found[0] if found else None


def rows_to_apply(batch_id: int, *, limit: int) -> list[StagedRow]:
    """The next rows that a commit has to apply; those that wait for another row come later."""
    return _staged([_waiting_to_be_applied(batch_id), ~_waits_for_twin()], ImportRow.id, limit)


def rows_after_twins(batch_id: int, *, limit: int) -> list[StagedRow]:
    """Rows that an officer called the same as an earlier row of the file."""
    return _staged([_waiting_to_be_applied(batch_id), _waits_for_twin()], ImportRow.id, limit)


def count_to_apply(batch_id: int) -> int:
    """How many rows a commit has to apply."""
    return _count(_waiting_to_be_applied(batch_id))


def rows_to_undo(batch_id: int, *, before_id: int | None, limit: int) -> list[StagedRow]:
    """The next rows to take back, newest first; ``before_id`` is the last one handled."""
    where = [_waiting_to_be_undone(batch_id)]
    if before_id is not None:
        where.append(ImportRow.id < before_id)
    return _staged(where, ImportRow.id.desc(), limit)


def count_to_undo(batch_id: int) -> int:
    """How many rows are in the registry because of this batch."""
    return _count(_waiting_to_be_undone(batch_id))


def count_applied(batch_id: int) -> int:
    """Rows that went into the registry, also if they were taken back since."""
    return _count(and_(ImportRow.batch_id == batch_id, ImportRow.applied.is_(True)))


def count_applied_by_outcome(batch_id: int) -> dict[Outcome, int]:
    """Rows that stand in the registry because of this batch, made and changed ones apart."""
    statement = (
        select(ImportRow.outcome, func.count())
        .where(_waiting_to_be_undone(batch_id))
        .group_by(ImportRow.outcome)
        .order_by(ImportRow.outcome)
    )
    return {outcome: int(n) for outcome, n in db.session.execute(statement)}


def count_outcomes(batch_id: int) -> dict[Outcome, int]:
    """Rows of a batch per outcome."""
    statement = (
        select(ImportRow.outcome, func.count())
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.outcome)
        .order_by(ImportRow.outcome)
    )
    return {outcome: int(n) for outcome, n in db.session.execute(statement)}


def codes_of(batch_id: int, refs: Sequence[RowRef]) -> dict[RowRef, str]:
    """The records that rows of the file made or changed."""
    wanted = tuple_(ImportRow.sheet, ImportRow.row_number).in_([tuple(ref) for ref in refs])
    statement = select(ImportRow.sheet, ImportRow.row_number, ImportRow.record_code).where(
        ImportRow.batch_id == batch_id,
        ImportRow.row_number.in_(sorted({ref.number for ref in refs})),  # the index
        wanted,
        ImportRow.record_code.is_not(None),
        or_(ImportRow.applied.is_(True), ImportRow.outcome == Outcome.UNCHANGED),
    )
    return {RowRef(sheet, number): str(code) for sheet, number, code in db.session.execute(statement)}


def _waiting_to_be_applied(batch_id: int) -> ColumnElement[bool]:
    return and_(ImportRow.batch_id == batch_id, ImportRow.outcome.in_(WRITABLE), ImportRow.applied.is_(False))


def _waits_for_twin() -> ColumnElement[bool]:
    return and_(ImportRow.outcome == Outcome.CHANGED, ImportRow.record_code.is_(None))


def _waiting_to_be_undone(batch_id: int) -> ColumnElement[bool]:
    return and_(ImportRow.batch_id == batch_id, ImportRow.applied.is_(True), ImportRow.undone.is_(False))


def _count(where: ColumnElement[bool]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(ImportRow).where(where)) or 0)


def _views(where: Sequence[ColumnElement[bool]], *, limit: int, with_cells: bool) -> list[RowView]:
    columns = [
        *(ImportRow.id, ImportRow.batch_id, ImportRow.sheet, ImportRow.row_number, ImportRow.outcome),
        *(ImportRow.name, ImportRow.reasons, ImportRow.record_code, ImportRow.changes_sealed),
        *(ImportRow.decision, ImportRow.twin_sheet, ImportRow.twin_row, ImportRow.applied, ImportRow.undone),
        Account.name.label("decided_by"),
        *([ImportRow.cells_sealed] if with_cells else []),
    ]
    statement = (
        select(*columns)
        .outerjoin(Account, Account.id == ImportRow.decided_by)
        .where(*where)
        .order_by(ImportRow.id)
        .limit(limit)
    )
    return [_view(row, row.cells_sealed if with_cells else None) for row in db.session.execute(statement)]


def _view(row: Any, cells_sealed: bytes | None) -> RowView:
    return RowView(
        id=row.id,
        ref=RowRef(row.sheet, row.row_number),
        outcome=row.outcome,
        name=row.name,
        reasons=row.reasons or [],
        record_code=row.record_code,
        changes=_opened(row, row.changes_sealed, "changes") or {},
        staged=_opened(row, cells_sealed, "cells"),
        decision=row.decision,
        decided_by=row.decided_by or "",
        twin=_twin(row),
        applied=row.applied,
        undone=row.undone,
    )


def _staged(where: Sequence[ColumnElement[bool]], order: Any, limit: int) -> list[StagedRow]:
    statement = (
        select(
            *(ImportRow.id, ImportRow.batch_id, ImportRow.sheet, ImportRow.row_number, ImportRow.outcome),
            *(ImportRow.name, ImportRow.record_code, ImportRow.values_sealed, ImportRow.changes_sealed),
            *(ImportRow.decision, ImportRow.twin_sheet, ImportRow.twin_row),
        )
        .where(*where)
        .order_by(order)
        .limit(limit)
    )
    return [_staged_row(row) for row in db.session.execute(statement)]


def _staged_row(row: Any) -> StagedRow:
    changes = _opened(row, row.changes_sealed, "changes") or {}
    return StagedRow(
        id=row.id,
        ref=RowRef(row.sheet, row.row_number),
        outcome=row.outcome,
        code=row.record_code,
        values=_opened(row, row.values_sealed, "values") or {},
        changes={name: (before, after) for name, (before, after) in changes.items()},
        decision=row.decision,
        twin=_twin(row),
        name=row.name,
    )


def _twin(row: Any) -> RowRef | None:
    return None if row.twin_row is None else RowRef(row.twin_sheet, row.twin_row)


def _opened(row: Any, blob: bytes | None, part: str) -> Any:
    if blob is None:
        return None
    return unseal_json(blob, place=place_of(row.batch_id, row.sheet, row.row_number, part))
