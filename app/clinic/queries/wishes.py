"""Wishes for a time that came without signal, and the times that fit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Expert, Wish
from app.clinic.queries.free import NOTICE, Asked, FreeTime, next_free_times
from app.clinic.queries.people import NOBODY, Person, people_of
from app.clinic.queries.timetable import number
from app.clinic.rules.booking import Mode, Topic
from app.clinic.rules.settings import WEEKS_AHEAD
from app.clinic.rules.timetable import Service
from app.core.clock import in_wib, now, today
from app.core.paging import Page
from app.registry.models import Submission
from app.registry.rules import ContactWay, Source

SIZE: Final = 10
_MOST_TIMES: Final = 200
_SHOWN: Final = 6
_NOON: Final = time(12)


class WishBox(StrEnum):
    """Parts of the list."""

    WAITING = "menunggu"
    TO_TELL = "kabari"
    DONE = "selesai"


@dataclass(frozen=True)
class WishView:
    """A wish as the desk sees it. ``number``: of its receipt.

    ``source``: assisted ones are walk-ins, noted without signal, whose half hour was gone when they arrived.
    """

    submission_id: str
    number: str
    service: Service
    topic: Topic
    mode: Mode
    weekdays: str
    received_at: datetime
    filled_at: datetime | None
    language: str
    source: Source
    kecamatan_code: str | None
    booking_id: int | None
    closed_at: datetime | None
    note: str
    to_tell: bool
    told_at: datetime | None
    told_how: ContactWay | None
    starts_at: datetime | None
    expert: str | None
    person: Person = NOBODY

    @property
    def part(self) -> str:
        """Part of the day: pagi, siang, bebas."""
        return self.person.part

    @property
    def walk_in(self) -> bool:
        """Somebody stood at a desk."""
        return self.source is Source.ASSISTED


@dataclass(frozen=True)
class Suggested:
    """Free times: those of the wished days, then all others."""

    fitting: tuple[FreeTime, ...]
    others: tuple[FreeTime, ...]


_IN_BOX: Final[dict[WishBox, tuple[SQLColumnExpression[bool], ...]]] = {
    WishBox.WAITING: (Wish.closed_at.is_(None),),
    WishBox.TO_TELL: (Wish.closed_at.is_not(None), Submission.contact_pending),
    WishBox.DONE: (Wish.closed_at.is_not(None), ~Submission.contact_pending),
}


def count_wishes(session: Session, box: WishBox) -> int:
    """How many lie there."""
    statement = (
        select(func.count())
        .select_from(Wish)
        .join(Submission, Submission.id == Wish.submission_id)
        .where(*_IN_BOX[box])
    )
    return session.scalar(statement) or 0


def list_wishes(session: Session, box: WishBox, page: int) -> Page[WishView]:
    """A page of a box: who has waited longest first; what is done, the latest first."""
    order = Wish.closed_at.desc() if box is WishBox.DONE else Wish.received_at
    statement = _rows().where(*_IN_BOX[box]).order_by(order, Wish.submission_id)
    found = session.execute(statement.limit(SIZE).offset((page - 1) * SIZE)).all()
    return Page(_views(session, found), page, count_wishes(session, box), size=SIZE)


def wish_by_number(session: Session, receipt_number: str) -> WishView | None:
    """The wish with this receipt number."""
    found = session.execute(_rows().where(Submission.receipt_number == receipt_number)).all()
    return _views(session, found)[0] if found else None


def _rows() -> Any:
    return (
        select(
            Wish.submission_id,
            Submission.receipt_number.label("number"),
            Wish.service,
            Wish.topic,
            Wish.mode,
            Wish.weekdays,
            Wish.received_at,
            Submission.filled_at,
            Submission.language,
            Submission.source,
            Submission.kecamatan_code,
            Wish.booking_id,
            Wish.closed_at,
            Submission.note,
            Submission.contact_pending.label("to_tell"),
            Submission.contacted_at.label("told_at"),
            Submission.contacted_how.label("told_how"),
            Booking.starts_at,
            Expert.name.label("expert"),
        )
        .join(Submission, Submission.id == Wish.submission_id)
        .outerjoin(Booking, Booking.id == Wish.booking_id)
        .outerjoin(Expert, Expert.id == Booking.expert_id)
    )


def _views(session: Session, rows: Iterable[Any]) -> list[WishView]:
    rows = list(rows)
    people = people_of(session, {row.submission_id for row in rows})
    return [
        WishView(
            **row._mapping,
            person=people.get(row.submission_id, NOBODY),
        )
        for row in rows
    ]


def asked_for(wish: WishView, **more: Any) -> Asked:
    """What a wish looks for. The office may give away what is reserved."""
    return Asked(wish.service, wish.mode, topic=wish.topic, may_reserved=True, **more)


def suggest(session: Session, wish: WishView) -> Suggested:
    """The free times that come first, on the wished days and at all."""
    until = today() + timedelta(weeks=number(session, WEEKS_AHEAD))
    notice = timedelta(0) if wish.walk_in else NOTICE
    found = next_free_times(session, asked_for(wish), now=now(), until=until, most=_MOST_TIMES, notice=notice)
    fitting = [one for one in found if _fits(wish, one.starts_at)]
    others = [one for one in found if one not in fitting]
    return Suggested(tuple(fitting[:_SHOWN]), tuple(others[:_SHOWN]))


def _fits(wish: WishView, starts_at: datetime) -> bool:
    local = in_wib(starts_at)
    on_the_day = not wish.weekdays or str(local.weekday()) in wish.weekdays
    at_the_time = wish.part not in {"pagi", "siang"} or (local.time() < _NOON) is (wish.part == "pagi")
    return on_the_day and at_the_time


def days_waiting(wish: WishView, day: date) -> int:
    """Since how many days it has lain here."""
    return (day - in_wib(wish.received_at).date()).days
