"""What waits for one officer today, gathered from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.clinic.queries.roster import count_to_move, last_slot_day
from app.cooperatives.queries.desk import (
    QueueCounts,
    QueueFilter,
    QueueRow,
    count_queue_for,
    count_to_decide_for,
    list_queue_for,
)
from app.core.access import Access, Actor
from app.core.clock import today
from app.core.db import db
from app.imports.queries.batches import count_running, may_see_batches

_SOON: Final = timedelta(weeks=1)


@dataclass(frozen=True)
class Today:
    """The front desk. ``to_decide``: what this person may decide on now; ``oldest``: where to begin.

    ``to_move``: clinic bookings that lost their half hour; ``times_run_out``: fewer than a week of half hours is left.
    """

    queue: QueueCounts
    to_decide: int
    oldest: list[QueueRow]
    imports_running: int
    to_move: int = 0
    times_run_out: bool = False


def today_for(actor: Actor) -> Today:
    """What waits for this person."""
    if not actor.may(Access.READ_COOPERATIVES):
        return Today(QueueCounts(), 0, [], 0)
    decides = actor.may(Access.VERIFY_COOPERATIVE)
    sees_imports = actor.may(Access.IMPORT_COOPERATIVES) and may_see_batches(actor)
    return Today(
        queue=count_queue_for(actor),
        to_decide=count_to_decide_for(actor) if decides else 0,
        oldest=list(list_queue_for(actor, QueueFilter(), 1).rows[:5]),
        imports_running=count_running() if sees_imports else 0,
        to_move=count_to_move(db.session()) if actor.may(Access.MANAGE_CLINIC) else 0,
        times_run_out=actor.may(Access.MANAGE_CLINIC) and _times_run_out(),
    )


def _times_run_out() -> bool:
    """Less than a week of half hours is left. A clinic that never had any is not begun, and wants no reminder."""
    last = last_slot_day(db.session(), ever=True)
    return last is not None and last < today() + _SOON
