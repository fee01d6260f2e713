"""Moving to another half hour: asked for by the client, or because the booking lost its own.

One that lost it is moved when the client agrees, or served first by whoever is free that day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.queries.free import Asked
from app.clinic.queries.roster import find_to_move
from app.clinic.rules.booking import BookingStatus, check_change
from app.clinic.services.cancelling import offer_again
from app.clinic.services.holding import let_go
from app.clinic.services.locking import find_booking, lock_days
from app.clinic.services.status import note, set_status
from app.clinic.services.taking import check_when, first_candidate, place_of, sentence_for
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib, now
from app.core.errors import RuleBroken
from app.core.language import say

_SETTLED: Final = say("Janji ini sudah tidak perlu dipindah. Muat ulang halamannya.")


def move(
    session: Session,
    booking_id: int,
    asked: Asked,
    starts_at: datetime,
    *,
    actor: Actor,
    by_office: bool = False,
) -> None:
    """Move to another half hour; the old one is offered again later. The old one is kept where the new one is taken.

    Raises SlotTaken, RuleBroken('slot') for a time that is not open yet, RuleBroken('closed'), LookupError.
    """
    old = find_booking(session, booking_id).starts_at
    lock_days(session, [in_wib(old).date(), in_wib(starts_at).date()])
    booking = find_booking(session, booking_id, alone=True)
    if by_office:
        _check_waiting(booking)
    else:
        check_change(booking.status, booking.starts_at, now())
    asked = replace(asked, service=booking.service, mode=booking.mode, topic=booking.topic, moving=booking.id)
    if not by_office:
        check_when(session, asked, starts_at)
    slot = first_candidate(session, asked, starts_at)
    before, left = in_wib(booking.starts_at).isoformat(), booking.slot_id
    place = place_of(slot, booking.mode)
    settled = {"must_move": False, "serve_first": False, "wants_earlier": False}
    changed = {**place, **settled, "sequence": booking.sequence + 1}
    if slot.expert_id != booking.expert_id:
        changed["meeting_link"] = ""  # it led to a room of the other expert
    try:
        session.execute(update(Booking).where(Booking.id == booking_id).values(**changed))
    except IntegrityError as clash:
        raise sentence_for(clash) from clash
    if left != slot.id:
        offer_again(session, left)
    if booking.status is BookingStatus.ARRIVED and in_wib(slot.starts_at).date() > in_wib(now()).date():
        set_status(session, booking, BookingStatus.BOOKED, actor=actor)  # they come again
        booking.arrived_at = None
        session.flush()
    let_go(session, asked.hold)
    note(
        session, booking_id, "clinic.moved", actor, {"at": before}, {"at": in_wib(slot.starts_at).isoformat()}
    )


def _check_waiting(booking: Booking) -> None:
    """Raise RuleBroken('closed') unless the session is still to come."""
    if booking.status not in (BookingStatus.BOOKED, BookingStatus.ARRIVED):
        raise RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")


# --- without a half hour of its own --------------------------------------------------------------------------------


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
