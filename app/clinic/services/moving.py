"""Bookings that lost their half hour: moved when the client agrees, or served first by whoever is free that day."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.queries.free import Asked
from app.clinic.queries.roster import find_to_move
from app.clinic.services.booking import move
from app.clinic.services.locking import lock_days
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib
from app.core.errors import RuleBroken
from app.core.language import say

_SETTLED: Final = say("Janji ini sudah tidak perlu dipindah. Muat ulang halamannya.")


def move_after_consent(
    session: Session, booking_id: int, starts_at: datetime, *, how_asked: str, actor: Actor
) -> None:
    """To a time that the client agreed to, with whatever expert is free then. ``how_asked``: telephone, WhatsApp ...

    Raises SlotTaken with other times, RuleBroken('closed').
    """
    booking = _homeless(session, booking_id)
    asked = Asked(booking.service, booking.mode, booking.topic, may_reserved=True)
    move(session, booking_id, asked, starts_at, actor=actor, by_office=True)
    _note(session, "clinic.client_agreed", booking_id, how_asked, actor)


def serve_first(session: Session, booking_id: int, *, how_asked: str, actor: Actor) -> None:
    """The client could not be reached and will come: any free expert of that day takes them first.

    Raises RuleBroken('closed').
    """
    booking = _homeless(session, booking_id)
    lock_days(session, [in_wib(booking.starts_at).date()])
    session.execute(update(Booking).where(Booking.id == booking_id).values(serve_first=True))
    _note(session, "clinic.unreached", booking_id, how_asked, actor)


def _homeless(session: Session, booking_id: int) -> Booking:
    found = find_to_move(session, booking_id)
    if found is None:
        raise RuleBroken("", _SETTLED, code="closed")
    return found.booking


def _note(session: Session, deed: str, booking_id: int, how_asked: str, actor: Actor) -> None:
    audit.record(
        session, deed=deed, subject=f"klinik:{booking_id}", actor=actor, after={"how_asked": how_asked}
    )
