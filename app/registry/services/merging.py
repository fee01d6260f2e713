"""Two records become one: what the registry keeps of it, whatever kind the records are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.models import Merge, Submission
from app.registry.rules import RecordKind


@dataclass(frozen=True)
class KeptMerge:
    """A merge as it was written down."""

    id: int
    kept_code: str
    merged_code: str
    snapshot: Mapping[str, Any]


def write_down(
    session: Session,
    *,
    kind: RecordKind,
    kept_code: str,
    merged_code: str,
    snapshot: Mapping[str, Any],
    actor: Actor,
) -> int:
    """Keep what is needed to take the merge back; returns its number."""
    if actor.account_id is None:
        raise ValueError("a stranger does not merge records")
    row = {
        "kind": kind,
        "kept_code": kept_code,
        "merged_code": merged_code,
        "snapshot": dict(snapshot),
        "merged_at": now(),
        "merged_by": actor.account_id,
    }
    return int(session.execute(insert(Merge).returning(Merge.id), row).scalar_one())


def move_submissions(session: Session, *, from_code: str, to_code: str) -> list[str]:
    """Let submissions about one record be about the other; returns their ids."""
    statement = select(Submission.id).where(Submission.record_code == from_code).order_by(Submission.id)
    ids = list(session.scalars(statement.limit(1000)))
    _point(session, ids, to_code)
    return ids


def move_submissions_back(session: Session, *, ids: Collection[str], to_code: str) -> None:
    """The reverse of ``move_submissions``."""
    _point(session, ids, to_code)


def _point(session: Session, ids: Collection[str], code: str) -> None:
    if ids:
        session.execute(update(Submission).where(Submission.id.in_(ids)).values(record_code=code))


def open_merge(session: Session, merge_id: int) -> KeptMerge:
    """A merge that stands, held until the block ends. Raises LookupError, RuleBroken('closed') when taken back."""
    row = session.scalar(select(Merge).where(Merge.id == merge_id).with_for_update())
    if row is None:
        raise LookupError(merge_id)
    if row.undone_at is not None:
        raise RuleBroken("", say("Penyatuan ini sudah dibatalkan."), code="closed")
    return KeptMerge(row.id, row.kept_code, row.merged_code, row.snapshot)


def refuse_if_built_upon(session: Session, merge: KeptMerge) -> None:
    """Raise RuleBroken when the kept record was itself merged into another since: that one must go back first."""
    later = session.scalar(
        select(Merge.kept_code).where(
            Merge.merged_code == merge.kept_code, Merge.undone_at.is_(None), Merge.id > merge.id
        )
    )
    if later is not None:
        raise RuleBroken(
            "",
            say("Batalkan dulu penyatuan yang lebih baru, dengan %(code)s.", code=later),
            code="closed",
        )


def close_merge(session: Session, merge_id: int, *, actor: Actor) -> None:
    """Write down that it was taken back."""
    session.execute(
        update(Merge).where(Merge.id == merge_id).values(undone_at=now(), undone_by=actor.account_id)
    )
