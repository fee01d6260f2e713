"""Cancelling: the half hour is offered again later."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clinic.models import Slot
from app.clinic.queries.timetable import number
from app.clinic.rules.booking import BookingStatus, check_change
from app.clinic.rules.settings import REOFFER_MINUTES
from app.clinic.services.locking import lock_booking
from app.clinic.services.status import set_status
from app.core.access import Actor
from app.core.clock import now

_CHANCE: Final = secrets.SystemRandom()


def cancel(session: Session, booking_id: int, *, actor: Actor, by_office: bool = False) -> None:
    """Cancel: the client until two hours before, the office until the end. The time is offered again later.

    Raises RuleBroken('closed'), LookupError.
    """
    booking = lock_booking(session, booking_id)
    if not by_office:
        check_change(booking.status, booking.starts_at, now())
    new = BookingStatus.CANCELLED_BY_OFFICE if by_office else BookingStatus.CANCELLED_BY_CLIENT
    set_status(session, booking, new, actor=actor)
    booking.cancelled_at = now()
    offer_again(session, booking.slot_id)
    session.flush()


def offer_again(session: Session, slot_id: int) -> None:
    """After a random while, so that nobody can pass a time on to a friend who waits for it."""
    most = number(session, REOFFER_MINUTES) * 60
    pause = timedelta(seconds=_CHANCE.randint(0, most)) if most else timedelta(0)
    session.execute(update(Slot).where(Slot.id == slot_id).values(offered_from=now() + pause))
