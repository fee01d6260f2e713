"""What is read about the survey. Nobody who reads it learns whose sheet it is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Feedback
from app.clinic.queries.free import edges_of
from app.clinic.rules.booking import BookingStatus
from app.clinic.rules.counting import Step, begin_of
from app.clinic.rules.survey import ELEMENTS, Sheet, read_together
from app.core.clock import in_wib
from app.core.crypt import unseal
from app.core.values.covering import cover_numbers
from app.registry.models import Submission
from app.registry.queries.submissions import content_place, submission_of

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
class Comments:
    """What was written in one week or several, in no order that tells who wrote when."""

    first_day: date
    last_day: date
    comments: tuple[str, ...]


def comments_before(session: Session, monday: date, first_day: date) -> list[Comments]:
    """Comments of the weeks from ``first_day`` that ended before ``monday``, the newest first.

    The running week is left out, or whoever looks after every session would know whose comment it is; for the same
    reason weeks with few sheets are read together. Numbers of persons are covered: whoever may read this may not
    read those.
    """
    parts = [part for part in _parts(session, monday) if part[1] >= first_day]
    if not parts:
        return []
    written = _comments(session, parts[0][0], monday)
    found = (
        Comments(first, last, tuple(sorted(words for day, words in written if first <= day <= last)))
        for first, last in reversed(parts)
    )
    return [part for part in found if part.comments]


def _parts(session: Session, monday: date) -> list[tuple[date, date]]:
    """The weeks since the beginning of the year before the last, as they are read together."""
    begin = begin_of(date(monday.year - 2, 1, 1), Step.WEEK)
    given = session.scalars(_given(begin, monday, Feedback.given_at).order_by(Feedback.given_at).limit(_MOST))
    weeks = Counter(begin_of(in_wib(at).date(), Step.WEEK) for at in given)
    return read_together(sorted(weeks.items()))


def _comments(session: Session, first_day: date, before: date) -> list[tuple[date, str]]:
    """Day and words of the newest comments, all in one reading."""
    statement = (
        _given(first_day, before, Submission.id, Submission.content_sealed, Feedback.given_at)
        .order_by(Feedback.given_at.desc(), Feedback.submission_id)
        .limit(_MOST_COMMENTS)
    )
    found = []
    for identity, blob, given_at in session.execute(statement):
        pairs: list[tuple[str, str]] = json.loads(unseal(blob, place=content_place(identity)))
        comment = dict(pairs).get("comment", "").strip()
        if comment:
            found.append((in_wib(given_at).date(), cover_numbers(comment)))
    return found


def _given(first_day: date, before: date, *what: Any) -> Any:
    """SQL: of the sheets of these days, those of machines left out."""
    return (
        select(*what)
        .select_from(Feedback)
        .join(Submission, Submission.id == Feedback.submission_id)
        .where(
            Feedback.given_at >= edges_of(first_day)[0],
            Feedback.given_at < edges_of(before)[0],
            ~Submission.suspicious,
        )
    )


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
