"""What came of a session, written down by whoever gave the advice. The words are sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.clinic.models import Booking, SessionNote
from app.clinic.queries.advising import note_place, subject_of
from app.clinic.rules.booking import BookingStatus, Outcome
from app.clinic.rules.day import check_note
from app.clinic.services.status import change_status
from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.crypt import seal


@dataclass(frozen=True)
class Written:
    """What the expert typed."""

    text: str
    outcome: Outcome
    follow_up_on: date | None


def write_note(
    session: Session, booking_id: int, written: Written, *, actor: Actor, ends: bool = False
) -> None:
    """Keep the note, the newest words in place of older ones; ``ends``: the session is over, too.

    Raises RuleBroken('closed') before the session has begun, LookupError.
    """
    if actor.account_id is None:
        raise ValueError("a stranger writes no notes")
    booking = session.get(Booking, booking_id, populate_existing=True)
    if booking is None:
        raise LookupError(booking_id)
    check_note(booking.status)
    _keep(session, booking_id, written, actor.account_id)
    follow_up = written.follow_up_on.isoformat() if written.follow_up_on else None
    audit.record(
        session,
        deed="clinic.noted",
        subject=subject_of(booking_id),
        actor=actor,
        after={"outcome": written.outcome.value, "follow_up_on": follow_up},
    )
    if ends and booking.status is BookingStatus.IN_SESSION:
        change_status(session, booking_id, BookingStatus.DONE, actor=actor)


def _keep(session: Session, booking_id: int, written: Written, account_id: int) -> None:
    note = session.get(SessionNote, booking_id) or SessionNote(booking_id=booking_id)
    note.text_sealed = seal(written.text, place=note_place(booking_id))
    note.outcome, note.follow_up_on = written.outcome, written.follow_up_on
    note.written_by, note.written_at = account_id, now()
    session.add(note)
    session.flush()
