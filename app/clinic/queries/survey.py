"""What is read about the survey. Nobody who reads it learns whose sheet it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Feedback
from app.clinic.queries.free import edges_of
from app.clinic.rules.booking import BookingStatus
from app.clinic.rules.counting import Step, begin_of
from app.clinic.rules.survey import ELEMENTS, Sheet
from app.core.clock import in_wib
from app.registry.models import Submission
from app.registry.queries.submissions import content_of, submission_of

_MOST = 20_000
_MOST_COMMENTS = 300


@dataclass(frozen=True)
class Rated:
    """The appointment that a sheet is about; nothing of the client."""

    booking_id: int
    status: BookingStatus
    starts_at: datetime
    has_sheet: bool


def rated_by_token(session: Session, token: str) -> Rated | None:
    """The appointment behind the link of its booking; None for a token that is not ours."""
    submission_id = submission_of(token)
    if submission_id is None:
        return None
    statement = (
        select(Booking.id, Booking.status, Booking.starts_at, Feedback.submission_id)
        .outerjoin(Feedback, Feedback.booking_id == Booking.id)
        .where(Booking.submission_id == submission_id)
    )
    row = session.execute(statement).first()
    return Rated(row[0], row[1], row[2], row[3] is not None) if row else None


@dataclass(frozen=True)
class Sheets:
    """The sheets of a span. ``automatic``: that many more look filled by a machine and are left out."""

    sheets: tuple[Sheet, ...]
    first_at: datetime | None
    automatic: int


def sheets_between(session: Session, first_day: date, last_day: date) -> Sheets:
    """All sheets given on the days from..to."""
    scores = [getattr(Feedback, f"score_{element}") for element in ELEMENTS]
    statement = (
        select(Submission.suspicious, Feedback.given_at, *scores)
        .join(Submission, Submission.id == Feedback.submission_id)
        .where(Feedback.given_at >= edges_of(first_day)[0], Feedback.given_at < edges_of(last_day)[1])
        .order_by(Feedback.given_at, Feedback.submission_id)
        .limit(_MOST)
    )
    rows = session.execute(statement).all()
    counted = [row for row in rows if not row[0]]
    return Sheets(
        tuple(
            {element: score for element, score in zip(ELEMENTS, row[2:], strict=True) if score is not None}
            for row in counted
        ),
        counted[0][1] if counted else None,
        len(rows) - len(counted),
    )


@dataclass(frozen=True)
class WeekOfComments:
    """What was written in one week, in no order that tells who wrote when."""

    monday: date
    comments: tuple[str, ...]


def comments_before(session: Session, monday: date, first_day: date) -> list[WeekOfComments]:
    """Comments of the weeks from ``first_day`` that ended before ``monday``, the newest week first.

    The running week is left out, or whoever looks after every session would know whose comment it is.
    """
    found: dict[date, list[str]] = {}
    for day, comment in _comments(session, begin_of(first_day, Step.WEEK), monday):
        found.setdefault(begin_of(day, Step.WEEK), []).append(comment)
    return [WeekOfComments(week, tuple(sorted(found[week]))) for week in sorted(found, reverse=True)]


def _comments(session: Session, first_day: date, before: date) -> Iterator[tuple[date, str]]:
    statement = (
        select(Feedback.submission_id, Feedback.given_at)
        .join(Submission, Submission.id == Feedback.submission_id)
        .where(
            Feedback.given_at >= edges_of(first_day)[0],
            Feedback.given_at < edges_of(before)[0],
            ~Submission.suspicious,
        )
        .order_by(Feedback.given_at.desc(), Feedback.submission_id)
        .limit(_MOST_COMMENTS)
    )
    for submission_id, given_at in session.execute(statement).all():
        comment = dict(content_of(session, submission_id)).get("comment", "").strip()
        if comment:
            yield in_wib(given_at).date(), comment


def count_sheets_since(session: Session, monday: date) -> int:
    """Sheets of the week that began on ``monday`` and runs still."""
    statement = (
        select(func.count())
        .select_from(Feedback)
        .where(
            Feedback.given_at >= edges_of(monday)[0],
            Feedback.given_at < edges_of(monday + timedelta(days=6))[1],
        )
    )
    return session.scalar(statement) or 0
