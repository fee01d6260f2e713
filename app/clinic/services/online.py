"""Where an online session meets: the expert's own room, or an address for one appointment alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.rules.booking import WAITING, BookingStatus, Mode
from app.core import audit
from app.core.access import Actor
from app.core.errors import RuleBroken
from app.core.language import say


def set_meeting_link(session: Session, booking_id: int, link: str, *, actor: Actor) -> None:
    """Give an online session an address of its own; '' gives it back to the room of its expert.

    The client's calendar learns of it. Raises RuleBroken('closed') when there is nothing to meet for, LookupError.
    """
    booking = session.get(Booking, booking_id, populate_existing=True, with_for_update=True)
    if booking is None:
        raise LookupError(booking_id)
    if booking.mode is not Mode.ONLINE or booking.status not in {*WAITING, BookingStatus.IN_SESSION}:
        raise RuleBroken("", say("Janji ini tidak memakai Zoom, atau sudah selesai."), code="closed")
    if booking.meeting_link == link:
        return
    booking.meeting_link, booking.sequence = link, booking.sequence + 1
    session.flush()
    # the address itself is a key to the room and stays out of the history
    audit.record(
        session,
        deed="clinic.link_set",
        subject=f"klinik:{booking_id}",
        actor=actor,
        after={"own": bool(link)},
    )
