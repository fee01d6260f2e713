"""What has been kept as long as people were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.registry.models import Submission
from app.registry.rules import SubmissionKind

_KINDS: Final = (SubmissionKind.CLINIC_BOOKING, SubmissionKind.CLINIC_WISH, SubmissionKind.CLINIC_FEEDBACK)


def list_to_forget(session: Session, before: datetime, most: int) -> Sequence[str]:
    """Submissions of the clinic whose time is over; of an appointment it runs from the end of its session."""
    return session.scalars(_over(Submission.id, before).order_by(Submission.id).limit(most)).all()


def count_to_forget(session: Session, before: datetime) -> int:
    """How many there are."""
    return session.scalar(_over(func.count(), before)) or 0


def _over(what: Any, before: datetime) -> Any:
    return (
        select(what)
        .select_from(Submission)
        .outerjoin(Booking, Booking.submission_id == Submission.id)
        .where(
            Submission.kind.in_(_KINDS),
            Submission.fingerprint != "",
            Submission.received_at < before,
            func.coalesce(Booking.ends_at, Submission.received_at) < before,
        )
    )
