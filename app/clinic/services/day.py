"""Deeds of the day's desk that are not only a step forward: a wrong touch undone, walk-ins, first of all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.queries.free import Asked
from app.clinic.queries.today import FreeSlot, booking_of_submission
from app.clinic.rules.booking import KEEPS_SLOT, BookingStatus
from app.clinic.rules.day import state_before
from app.clinic.services.booking import Wanted, book
from app.clinic.services.locking import lock_booking, lock_days
from app.clinic.services.moving import move
from app.clinic.services.status import change_status
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib, now, today
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.services.receiving import Incoming, Received


def undo(session: Session, booking_id: int, seen: BookingStatus, *, actor: Actor) -> None:
    """Put a booking back to where it was before a wrong touch of today. ``seen``: its status on the screen.

    Pressed twice it goes back one step only. A half hour that others have got meanwhile stays theirs.
    Raises RuleBroken('closed'), LookupError.
    """
    booking = lock_booking(session, booking_id)
    if booking.status is not seen:
        raise RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")
    if in_wib(booking.starts_at).date() != today():
        raise RuleBroken("", say("Hanya janji hari ini yang bisa diurungkan."), code="closed")
    before = state_before(booking.status, arrived=booking.arrived_at is not None)
    if not booking.alive and _is_taken(session, booking):
        raise RuleBroken("", say("Jamnya sudah dipakai orang lain. Pilih jam lain."), code="closed")
    _put_back(booking, before)
    try:
        session.flush()
    except IntegrityError as clash:
        raise RuleBroken(
            "", say("Jamnya sudah dipakai orang lain. Pilih jam lain."), code="closed"
        ) from clash
    audit.record(
        session,
        deed="clinic.undone",
        subject=f"klinik:{booking_id}",
        actor=actor,
        before={"status": seen},
        after={"status": before},
    )


def _put_back(booking: Booking, before: BookingStatus) -> None:
    if booking.status is BookingStatus.DONE:
        booking.ended_at = None
    elif booking.status is BookingStatus.IN_SESSION:
        booking.called_at = None
    else:
        booking.arrived_at = None
    booking.status, booking.alive = before, before in KEEPS_SLOT


def _is_taken(session: Session, booking: Booking) -> bool:
    """Somebody else sits over this half hour, with the same expert or at the same desk."""
    same = Booking.expert_id == booking.expert_id
    if booking.desk_id is not None:
        same = same | (Booking.desk_id == booking.desk_id)
    statement = (
        select(Booking.id)
        .where(
            same,
            Booking.alive,
            Booking.id != booking.id,
            Booking.starts_at < booking.ends_at,
            Booking.ends_at > booking.starts_at,
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def take_walk_in(session: Session, wanted: Wanted, incoming: Incoming) -> Received:
    """Give somebody present a free half hour, and note that they are there; exactly once.

    A half hour that is over when this arrives was given without signal. They were there, so the session counts as
    held; when it began and ended nobody saw, and the expert is asked what came of it like after any other.
    Raises SlotTaken, RuleBroken('phone'), OtherContent.
    """
    received = book(session, wanted, incoming)
    booking_id = booking_of_submission(session, received.submission_id)
    if received.replay or booking_id is None:
        return received
    audit.record(
        session,
        deed="clinic.walk_in",
        subject=f"klinik:{booking_id}",
        actor=incoming.actor,
        after={"at": in_wib(wanted.starts_at).isoformat()},
    )
    change_status(session, booking_id, BookingStatus.ARRIVED, actor=incoming.actor)
    booking = session.get_one(Booking, booking_id)
    if booking.ends_at <= now():
        change_status(session, booking_id, BookingStatus.IN_SESSION, actor=incoming.actor)
        change_status(session, booking_id, BookingStatus.DONE, actor=incoming.actor)
        booking.arrived_at = booking.called_at = booking.ended_at = None
        session.flush()
    return received


def serve_first(session: Session, booking_id: int, slot: FreeSlot, *, actor: Actor) -> None:
    """Give a booking whose expert is not there to another one who is free. Raises SlotTaken, RuleBroken('closed')."""
    known = session.get(Booking, booking_id)
    if known is None:
        raise LookupError(booking_id)
    lock_days(session, [in_wib(known.starts_at).date(), in_wib(slot.starts_at).date()])
    booking = session.get_one(Booking, booking_id, populate_existing=True)
    if not (booking.must_move or booking.serve_first):
        raise RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")
    if slot.service is not booking.service:
        booking.service = slot.service
        session.flush()
    asked = Asked(slot.service, booking.mode, expert_id=slot.expert_id, may_reserved=True)
    move(session, booking_id, asked, slot.starts_at, actor=actor, by_office=True)
