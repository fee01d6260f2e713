"""What the office agreed with a client on the telephone: another time, or the old one after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.clinic.queries.earlier import asked_for, find_waiting
from app.clinic.queries.people import Person
from app.clinic.services.locking import lock_days
from app.clinic.services.moving import move
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib
from app.core.errors import RuleBroken
from app.core.language import say


def move_as_agreed(
    session: Session, booking_id: int, person: Person, starts_at: datetime, *, how_asked: str, actor: Actor
) -> None:
    """To the time that the client agreed to. Raises SlotTaken with other times, RuleBroken('closed')."""
    booking = find_waiting(session, booking_id)
    if booking is None:
        raise _changed()
    move(session, booking_id, asked_for(booking, person), starts_at, actor=actor, by_office=True)
    _note(session, "clinic.client_agreed", booking_id, actor, {"how_asked": how_asked})


def keep_time(session: Session, booking_id: int, *, actor: Actor) -> None:
    """No earlier time any more: nobody asks again. Done twice it is done once. Raises RuleBroken('closed')."""
    booking = find_waiting(session, booking_id)
    if booking is None:
        raise _changed()
    lock_days(session, [in_wib(booking.starts_at).date()])
    if booking.wants_earlier:
        booking.wants_earlier = False
        session.flush()
        _note(session, "clinic.keeps_time", booking_id, actor, {})


def _changed() -> RuleBroken:
    return RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")


def _note(session: Session, deed: str, booking_id: int, actor: Actor, after: dict[str, str]) -> None:
    audit.record(session, deed=deed, subject=f"klinik:{booking_id}", actor=actor, after=after)
