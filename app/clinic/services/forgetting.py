"""Names, telephones and questions go when their time is over; what is counted of a session stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clinic.models import Booking, SessionNote
from app.clinic.queries.advising import note_place
from app.clinic.queries.forgetting import list_to_forget
from app.core import audit
from app.core.access import Actor
from app.core.crypt import seal
from app.registry.services.forgetting import forget_contents

SUBJECT: Final = "klinik:lupa"
_AT_ONCE: Final = 100  # a block stays short


def forget_before(session: Session, before: datetime, *, actor: Actor) -> int:
    """Some of what is older than ``before``; how many. To be called again until there are none."""
    ids = list_to_forget(session, before, _AT_ONCE)
    if not ids:
        return 0
    forget_contents(session, ids)
    session.execute(update(Booking).where(Booking.submission_id.in_(ids)).values(phone_index=None))
    _empty_notes(session, ids)
    audit.record(
        session, deed="clinic.forgotten", subject=SUBJECT, actor=actor, after={"submissions": len(ids)}
    )
    return len(ids)


def _empty_notes(session: Session, ids: Sequence[str]) -> None:
    """The expert's words; what came of the session is counted on."""
    notes = session.scalars(
        select(SessionNote)
        .join(Booking, Booking.id == SessionNote.booking_id)
        .where(Booking.submission_id.in_(ids))
        .order_by(SessionNote.booking_id)
    )
    for note in notes:
        note.text_sealed = seal("", place=note_place(note.booking_id))
    session.flush()
