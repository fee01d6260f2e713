"""What the holder of a booking's link sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Desk, Expert, Wish
from app.clinic.rules.booking import BookingStatus, Mode, Topic
from app.clinic.rules.timetable import Service
from app.registry.models import Submission
from app.registry.queries.submissions import submission_of


@dataclass(frozen=True)
class Appointment:
    """A booking as its client sees it: no name, no telephone number, no question."""

    id: int
    submission_id: str
    number: str
    status: BookingStatus
    service: Service
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    topic: Topic
    expert: str
    desk: str | None
    own_link: str
    expert_link: str
    wants_earlier: bool
    must_move: bool
    serve_first: bool
    sequence: int

    @property
    def meeting_link(self) -> str:
        """The link of this session, else the expert's own."""
        return self.own_link or self.expert_link

    @property
    def cancelled(self) -> bool:
        """By whomever."""
        return self.status in (BookingStatus.CANCELLED_BY_CLIENT, BookingStatus.CANCELLED_BY_OFFICE)


def find_appointment(session: Session, token: str) -> Appointment | None:
    """The booking behind a link; None for a token that is not ours, or not of a booking."""
    submission_id = submission_of(token)
    if submission_id is None:
        return None
    row = session.execute(
        select(
            Booking.id,
            Booking.submission_id,
            Submission.receipt_number.label("number"),
            Booking.status,
            Booking.service,
            Booking.starts_at,
            Booking.ends_at,
            Booking.mode,
            Booking.topic,
            Expert.name.label("expert"),
            Desk.name.label("desk"),
            Booking.meeting_link.label("own_link"),
            Expert.meeting_link.label("expert_link"),
            Booking.wants_earlier,
            Booking.must_move,
            Booking.serve_first,
            Booking.sequence,
        )
        .join(Submission, Submission.id == Booking.submission_id)
        .join(Expert, Expert.id == Booking.expert_id)
        .outerjoin(Desk, Desk.id == Booking.desk_id)
        .where(Booking.submission_id == submission_id)
    ).first()
    return Appointment(**row._mapping) if row else None


def booking_for_wish(session: Session, submission_id: str) -> str | None:
    """The submission id of the booking that the office made for a wish, if it has."""
    return session.scalar(
        select(Booking.submission_id)
        .join(Wish, Wish.booking_id == Booking.id)
        .where(Wish.submission_id == submission_id)
    )
