"""From booked to done, step by step: arrived, called in, did not come."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.rules.booking import (
    KEEPS_SLOT,
    WAITING,
    BookingStatus,
    check_arrival,
    check_move,
    check_no_show,
)
from app.clinic.rules.day import check_call
from app.clinic.services.locking import lock_booking
from app.core import audit
from app.core.access import Actor
from app.core.clock import now


def change_status(session: Session, booking_id: int, new: BookingStatus, *, actor: Actor) -> None:
    """Arrived, called in, done, did not come. Raises RuleBroken('closed'), LookupError."""
    booking = lock_booking(session, booking_id)
    if new is BookingStatus.NO_SHOW:
        check_no_show(booking.starts_at, now())
    if new is BookingStatus.IN_SESSION and booking.status in WAITING:
        check_call(must_move=booking.must_move)
    set_status(session, booking, new, actor=actor)
    session.flush()


def arrive(session: Session, booking_id: int, *, actor: Actor) -> None:
    """The client says "I am here": on the day itself. Raises RuleBroken('closed'), LookupError."""
    booking = lock_booking(session, booking_id)
    check_arrival(booking.status, booking.starts_at, now())
    set_status(session, booking, BookingStatus.ARRIVED, actor=actor)
    session.flush()


_STAMPS: Final = {
    BookingStatus.ARRIVED: "arrived_at",
    BookingStatus.IN_SESSION: "called_at",
    BookingStatus.DONE: "ended_at",
}


def set_status(session: Session, booking: Booking, new: BookingStatus, *, actor: Actor) -> None:
    """Give the booking its new status, and the hour of it. Raises RuleBroken('closed')."""
    old = booking.status
    check_move(old, new)
    booking.status, booking.alive = new, new in KEEPS_SLOT
    if new in _STAMPS:
        setattr(booking, _STAMPS[new], now())
    note(session, booking.id, "clinic.status", actor, {"status": old}, {"status": new})


def note(
    session: Session, booking_id: int, deed: str, actor: Actor, before: dict[str, str], after: dict[str, str]
) -> None:
    """A line in the history of the booking."""
    audit.record(session, deed=deed, subject=f"klinik:{booking_id}", actor=actor, before=before, after=after)
