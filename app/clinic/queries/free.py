"""Free times: what can be booked now, by whom, and the slots behind a time.

A time is free when at least one open slot of the service begins then and nobody keeps it: no living booking, no hold
of somebody else, not given back a moment ago, and, while it is reserved, only for whom it is reserved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clinic.models import Booking, Expert, ExpertTopic, Slot
from app.clinic.rules.booking import Mode, Topic
from app.clinic.rules.fairness import FREED_BEFORE
from app.clinic.rules.timetable import Service
from app.core.clock import WIB, in_wib

_ONE_DAY = timedelta(days=1)
# nobody gets from a village to Cibinong in less; walk-ins are the day desk's
NOTICE = timedelta(minutes=30)


@dataclass(frozen=True)
class Asked:
    """Whose free times: of a service, in a mode, perhaps of one expert.

    ``hold``: the asker's own hold counts as free. ``may_reserved``: reserved times are shown too.
    ``moving``: a booking about to move, whose own half hour is not in its way.
    ``since``: the half hour asked for when it is over already; what was booked then is looked at too.
    """

    service: Service
    mode: Mode
    topic: Topic | None = None
    expert_id: int | None = None
    hold: str = ""
    may_reserved: bool = False
    moving: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class FreeTime:
    """A time that can be booked; ``free``: how many slots begin then."""

    starts_at: datetime
    free: int


@dataclass(frozen=True)
class FreeDay:
    """A day with its number of free half hours."""

    day: date
    free: int


def edges_of(day: date) -> tuple[datetime, datetime]:
    """First instant of the day in WIB, and that of the next."""
    start = datetime.combine(day, time(0), WIB)
    return start, start + _ONE_DAY


def is_free(asked: Asked, now: datetime) -> ColumnElement[bool]:
    """SQL: this slot can be booked by the asker now."""
    conditions = [
        Slot.service == asked.service,
        Slot.open,
        ~_kept(Booking.expert_id == Slot.expert_id, asked, now),
        or_(Slot.held_until.is_(None), Slot.held_until <= now, Slot.held_by == asked.hold),
        or_(Slot.offered_from.is_(None), Slot.offered_from <= now),
    ]
    if asked.mode is Mode.IN_PERSON:
        conditions += [Slot.desk_id.is_not(None), ~_kept(Booking.desk_id == Slot.desk_id, asked, now)]
    if asked.expert_id is not None:
        conditions.append(Slot.expert_id == asked.expert_id)
    if not asked.may_reserved:
        conditions.append(or_(~Slot.reserved, Slot.starts_at <= now + FREED_BEFORE))
    return and_(*conditions)


def _kept(same: ColumnElement[bool], asked: Asked, now: datetime) -> ColumnElement[bool]:
    """A living booking lies over the slot. Over, not at: other hours (Ramadan) begin at other minutes.

    Who asks for no slot gone by gets none, so years of bookings behind are not looked through.
    """
    own = [Booking.id != asked.moving] if asked.moving else []
    return (
        select(Booking.id)
        .where(
            same,
            Booking.starts_at > (asked.since or now) - _ONE_DAY,
            Booking.starts_at < Slot.ends_at,
            Booking.ends_at > Slot.starts_at,
            Booking.alive,
            *own,
        )
        .exists()
    )


def list_free_times(session: Session, asked: Asked, day: date, *, now: datetime) -> list[FreeTime]:
    """Free times of one day, in order."""
    start, end = edges_of(day)
    earliest = max(start, now + NOTICE)
    statement = _grouped(asked, now).where(Slot.starts_at >= earliest, Slot.starts_at < end).limit(100)
    return [FreeTime(starts_at, free) for starts_at, free in session.execute(statement)]


def next_free_times(
    session: Session, asked: Asked, *, now: datetime, until: date, most: int = 3, notice: timedelta = NOTICE
) -> list[FreeTime]:
    """The free times that come first, up to the end of the day ``until``; ``notice``: 0 for who is there already."""
    statement = _grouped(asked, now).where(
        Slot.starts_at >= now + notice, Slot.starts_at < edges_of(until)[1]
    )
    return [FreeTime(starts_at, free) for starts_at, free in session.execute(statement.limit(most))]


def nearest_free_times(
    session: Session,
    asked: Asked,
    wanted: datetime,
    *,
    now: datetime,
    until: date | None = None,
    most: int = 3,
) -> list[FreeTime]:
    """Those nearest to a time that somebody else got, before it or after it; in the order of time.

    ``until``: up to the end of this day.
    """
    later = _grouped(asked, now).where(Slot.starts_at > max(wanted, now + NOTICE)).limit(most)
    if until is not None:
        later = later.where(Slot.starts_at < edges_of(until)[1])
    before = (
        _grouped(asked, now)
        .where(Slot.starts_at < wanted, Slot.starts_at >= now + NOTICE)
        .order_by(None)
        .order_by(Slot.starts_at.desc())
        .limit(most)
    )
    found = [FreeTime(at, free) for part in (later, before) for at, free in session.execute(part)]
    nearest = sorted(found, key=lambda time: (abs(time.starts_at - wanted), time.starts_at))[:most]
    return sorted(nearest, key=lambda time: time.starts_at)


def _grouped(asked: Asked, now: datetime) -> Select[datetime, int]:
    return (
        select(Slot.starts_at, func.count())
        .where(is_free(asked, now))
        .group_by(Slot.starts_at)
        .order_by(Slot.starts_at)
    )


def list_free_days(
    session: Session, asked: Asked, first_day: date, last_day: date, *, now: datetime
) -> list[FreeDay]:
    """Days from..to that have something free, with how much."""
    start = max(edges_of(first_day)[0], now + NOTICE)
    statement = _grouped(asked, now).where(Slot.starts_at >= start, Slot.starts_at < edges_of(last_day)[1])
    days: dict[date, int] = {}
    for starts_at, free in session.execute(statement):
        day = in_wib(starts_at).date()
        days[day] = days.get(day, 0) + free
    return [FreeDay(day, free) for day, free in days.items()]


def list_candidates(session: Session, asked: Asked, starts_at: datetime, *, now: datetime) -> Sequence[Slot]:
    """Free slots behind a time, the best first: who holds it, who knows the topic, who has least to do that day."""
    start, end = edges_of(in_wib(starts_at).date())
    other = aliased(Booking)
    todo = (
        select(func.count())
        .where(
            other.expert_id == Slot.expert_id, other.starts_at >= start, other.starts_at < end, other.alive
        )
        .scalar_subquery()
    )
    statement = (
        select(Slot)
        .join(Expert, Expert.id == Slot.expert_id)
        .where(is_free(asked, now), Slot.starts_at == starts_at)
        .order_by(_preference(asked), _knows(asked.topic), todo, Slot.id)
        .limit(50)
    )
    return session.scalars(statement).all()


def _preference(asked: Asked) -> ColumnElement[int]:
    return case((and_(Slot.held_by == asked.hold, Slot.held_by != ""), 0), else_=1)


def _knows(topic: Topic | None) -> ColumnElement[int]:
    """0 for who named this topic, 1 for who named none, 2 for who knows other things."""
    of_expert = select(ExpertTopic.expert_id).where(ExpertTopic.expert_id == Slot.expert_id)
    return case((of_expert.where(ExpertTopic.topic == topic).exists(), 0), (~of_expert.exists(), 1), else_=2)
