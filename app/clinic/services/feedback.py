"""One sheet of the survey comes in: exactly once, and one per appointment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Feedback
from app.clinic.rules.survey import check_feedback
from app.core import audit
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.services.receiving import Incoming, Received, receive

# Not the appointment's own history: its readers need not know that this client gave a sheet, and when.
SUBJECT: Final = "klinik:penilaian"
RATED: Final = say("Konsultasi ini sudah dinilai. Terima kasih.")


def give_feedback(
    session: Session, *, incoming: Incoming, scores: Mapping[int, int], booking_id: int | None
) -> Received:
    """Take a sheet; the same submission again gets the same receipt.

    Raises RuleBroken('closed') for a second sheet of one appointment and for one that never was, OtherContent.
    """
    received = receive(session, incoming)
    if received.replay:
        return received
    if booking_id is not None:
        _check(session, booking_id)
    row = {
        "submission_id": incoming.submission_id,
        "booking_id": booking_id,
        "given_at": now(),
        **{f"score_{element}": score for element, score in scores.items()},
    }
    try:
        session.execute(insert(Feedback), row)
    except IntegrityError as clash:  # two phones of one family at once
        raise RuleBroken("", RATED, code="closed") from clash
    audit.record(
        session,
        deed="clinic.feedback_given",
        subject=SUBJECT,
        actor=incoming.actor,
        after={"answers": len(scores), "by_link": booking_id is not None},
    )
    return received


def _check(session: Session, booking_id: int) -> None:
    status, starts_at = session.execute(
        select(Booking.status, Booking.starts_at).where(Booking.id == booking_id)
    ).one()
    check_feedback(status, starts_at, now())
    given = select(Feedback.submission_id).where(Feedback.booking_id == booking_id)
    if session.scalar(given) is not None:
        raise RuleBroken("", RATED, code="closed")
