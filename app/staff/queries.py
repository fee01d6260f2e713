"""What waits for one officer today, gathered from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass

from app.cooperatives.queries.desk import (
    QueueCounts,
    QueueFilter,
    QueueRow,
    count_queue_for,
    count_to_decide_for,
    list_queue_for,
)
from app.core.access import Access, Actor
from app.imports.queries.batches import count_running, may_see_batches


@dataclass(frozen=True)
class Today:
    """The front desk. ``to_decide``: what this person may decide on now; ``oldest``: where to begin."""

    queue: QueueCounts
    to_decide: int
    oldest: list[QueueRow]
    imports_running: int


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
    )
