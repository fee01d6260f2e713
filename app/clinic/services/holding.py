"""A half hour that waits some minutes for its asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clinic.models import Slot
from app.clinic.queries.free import Asked
from app.clinic.queries.timetable import number
from app.clinic.rules.settings import HOLD_MINUTES
from app.clinic.services.locking import lock_days
from app.clinic.services.taking import check_when, first_candidate
from app.core.clock import in_wib, now


@dataclass(frozen=True)
class Held:
    """A half hour that waits for its asker."""

    starts_at: datetime
    until: datetime


def hold(session: Session, asked: Asked, starts_at: datetime) -> Held:
    """Keep a half hour while somebody types; what the same asker held before is let go.

    Raises SlotTaken, RuleBroken('slot').
    """
    lock_days(session, [in_wib(starts_at).date()])
    check_when(session, asked, starts_at)
    slot = first_candidate(session, asked, starts_at)
    let_go(session, asked.hold)
    until = now() + timedelta(minutes=number(session, HOLD_MINUTES))
    session.execute(update(Slot).where(Slot.id == slot.id).values(held_by=asked.hold, held_until=until))
    return Held(starts_at, until)


def let_go(session: Session, asker: str) -> None:
    """What ``asker`` held is everybody's again."""
    if asker:
        session.execute(update(Slot).where(Slot.held_by == asker).values(held_by=None, held_until=None))
