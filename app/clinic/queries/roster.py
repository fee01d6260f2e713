"""Experts, desks, roster, closures and weekly hours, as the office changes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.clinic.models import (
    Booking,
    ClosedTime,
    Desk,
    DutyDay,
    Expert,
    ExpertTopic,
    OpeningHours,
    Slot,
)
from app.clinic.queries.free import (
    Asked,
    FreeTime,
    edges_of,
    list_candidates,
    list_free_times,
    nearest_free_times,
)
from app.clinic.rules.booking import WAITING, Topic
from app.clinic.rules.timetable import Service
from app.core.audit import History
from app.core.clock import in_wib, now

_MOST = 2000
_MOST_LINES = 15
_MOST_NEAR = 60


@dataclass(frozen=True)
class ExpertRow:
    """An expert with what the list shows."""

    id: int
    name: str
    active: bool
    meeting_link: str
    account_id: int | None
    account_name: str
    topics: tuple[Topic, ...]


def list_experts(session: Session, *, only_active: bool = False) -> list[ExpertRow]:
    """Experts by name; those who left come last."""
    topics: dict[int, list[Topic]] = {}
    for expert_id, topic in session.execute(
        select(ExpertTopic.expert_id, ExpertTopic.topic).order_by(ExpertTopic.topic).limit(_MOST)
    ):
        topics.setdefault(expert_id, []).append(topic)
    statement = (
        select(Expert, Account.name)
        .outerjoin(Account, Account.id == Expert.account_id)
        .order_by(Expert.active.desc(), func.lower(Expert.name), Expert.id)
        .limit(_MOST)
    )
    if only_active:
        statement = statement.where(Expert.active)
    return [
        ExpertRow(
            expert.id,
            expert.name,
            expert.active,
            expert.meeting_link,
            expert.account_id,
            account_name or "",
            tuple(topics.get(expert.id, ())),
        )
        for expert, account_name in session.execute(statement)
    ]


def find_expert(session: Session, expert_id: int) -> ExpertRow | None:
    """One expert."""
    return next((row for row in list_experts(session) if row.id == expert_id), None)


def list_desks(session: Session, *, only_active: bool = False) -> Sequence[Desk]:
    """Desks by name; those no longer used come last."""
    statement = select(Desk).order_by(Desk.active.desc(), func.lower(Desk.name), Desk.id).limit(_MOST)
    return session.scalars(statement.where(Desk.active) if only_active else statement).all()


def list_hours_rows(session: Session, today: date) -> Sequence[OpeningHours]:
    """Lines of weekly hours that hold today or later, in the order of the week."""
    return session.scalars(
        select(OpeningHours)
        .where((OpeningHours.valid_until.is_(None)) | (OpeningHours.valid_until >= today))
        .order_by(
            OpeningHours.service,
            OpeningHours.weekday,
            OpeningHours.special,
            OpeningHours.valid_from,
            OpeningHours.starts,
        )
        .limit(_MOST)
    ).all()


@dataclass(frozen=True)
class ClosureRow:
    """A closure with the name of whom or what it closes ('' for everything)."""

    closure: ClosedTime
    expert: str
    desk: str


def list_closure_rows(session: Session, first_day: date, last_day: date | None = None) -> list[ClosureRow]:
    """Closures that end on ``first_day`` or later, the nearest first."""
    statement = (
        select(ClosedTime, Expert.name, Desk.name)
        .outerjoin(Expert, Expert.id == ClosedTime.expert_id)
        .outerjoin(Desk, Desk.id == ClosedTime.desk_id)
        .where(ClosedTime.last_day >= first_day)
        .order_by(ClosedTime.first_day, ClosedTime.id)
        .limit(_MOST)
    )
    if last_day is not None:
        statement = statement.where(ClosedTime.first_day <= last_day)
    return [ClosureRow(row, expert or "", desk or "") for row, expert, desk in session.execute(statement)]


@dataclass(frozen=True)
class DutyRow:
    """One place of the roster."""

    id: int
    day: date
    service: Service
    expert_id: int
    expert: str
    expert_active: bool
    desk_id: int | None
    desk: str


def list_duty_rows(session: Session, first_day: date, last_day: date) -> list[DutyRow]:
    """The roster from..to with names, also of experts who left."""
    statement = (
        select(DutyDay, Expert.name, Expert.active, Desk.name)
        .join(Expert, Expert.id == DutyDay.expert_id)
        .outerjoin(Desk, Desk.id == DutyDay.desk_id)
        .where(DutyDay.day >= first_day, DutyDay.day <= last_day)
        .order_by(DutyDay.day, DutyDay.service.desc(), func.lower(Expert.name), DutyDay.id)
        .limit(_MOST)
    )
    return [
        DutyRow(duty.id, duty.day, duty.service, duty.expert_id, name, active, duty.desk_id, desk or "")
        for duty, name, active, desk in session.execute(statement)
    ]


def bookings_per_expert(session: Session, day: date) -> Counter[int]:
    """Living bookings of a day that are still to come, by expert."""
    start, end = edges_of(day)
    rows = session.execute(
        select(Booking.expert_id, func.count())
        .where(Booking.starts_at >= start, Booking.starts_at < end, Booking.status.in_(WAITING))
        .group_by(Booking.expert_id)
    )
    return Counter(dict(iter(rows)))


# --- the coming weeks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """What a day has: open half hours, and those that somebody booked."""

    slots: int = 0
    booked: int = 0


def offered_per_day(session: Session, first_day: date, last_day: date) -> dict[date, Offered]:
    """Open slots and waiting bookings of each day from..to."""
    start, end = edges_of(first_day)[0], edges_of(last_day)[1]
    slots = session.scalars(
        select(Slot.starts_at).where(Slot.starts_at >= start, Slot.starts_at < end, Slot.open)
    )
    booked = session.scalars(
        select(Booking.starts_at).where(
            Booking.starts_at >= start, Booking.starts_at < end, Booking.status.in_(WAITING)
        )
    )
    made, taken = (Counter(in_wib(at).date() for at in found) for found in (slots, booked))
    return {day: Offered(made[day], taken[day]) for day in made.keys() | taken.keys()}


def last_slot_day(session: Session, *, ever: bool = False) -> date | None:
    """The last day that has an open half hour still to come; ``ever``: or had one."""
    statement = select(func.max(Slot.starts_at)).where(Slot.open)
    last = session.scalar(statement if ever else statement.where(Slot.starts_at > now()))
    return None if last is None else in_wib(last).date()


# --- bookings to be moved -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HomelessRow:
    """A booking whose half hour is no longer in the timetable."""

    booking: Booking
    expert: str


def list_to_move(session: Session) -> list[HomelessRow]:
    """Bookings to be moved, the next first; those who could not be reached are among them."""
    return [HomelessRow(booking, name) for booking, name in session.execute(_homeless().limit(_MOST))]


def _homeless() -> Any:
    return (
        select(Booking, Expert.name)
        .join(Expert, Expert.id == Booking.expert_id)
        .where(Booking.must_move, Booking.status.in_(WAITING), Booking.ends_at > now())
        .order_by(Booking.starts_at, Booking.id)
    )


def count_to_move(session: Session) -> int:
    """How many bookings still want somebody to ask them: moved, or at least tried to be reached."""
    statement = (
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.must_move,
            ~Booking.serve_first,
            Booking.status.in_(WAITING),
            Booking.ends_at > now(),
        )
    )
    return session.scalar(statement) or 0


def find_to_move(session: Session, booking_id: int) -> HomelessRow | None:
    """One of them."""
    row = session.execute(_homeless().where(Booking.id == booking_id)).first()
    return HomelessRow(*row) if row else None


def times_to_move_to(session: Session, booking: Booking, *, now: datetime, most: int = 6) -> list[FreeTime]:
    """Free times for a booking that lost its own: the same time with another expert first, then the nearest.

    Nobody is asked to come earlier than planned before tomorrow, unless the booking itself is today.
    """
    asked = Asked(booking.service, booking.mode, booking.topic, may_reserved=True, moving=booking.id)
    same = list_candidates(session, asked, booking.starts_at, now=now) if booking.starts_at > now else []
    near = nearest_free_times(session, asked, booking.starts_at, now=now, most=_MOST_NEAR)
    tomorrow = edges_of(in_wib(now).date())[1]
    fitting = [time for time in near if time.starts_at >= min(tomorrow, booking.starts_at)]
    nearest = sorted(fitting, key=lambda time: abs(time.starts_at - booking.starts_at))[:most]
    others = sorted(nearest, key=lambda time: time.starts_at)
    return [*([FreeTime(booking.starts_at, len(same))] if same else []), *others]


def times_of_day_to_move_to(
    session: Session, booking: Booking, day: date, *, now: datetime
) -> list[FreeTime]:
    """Free times of the day that the client asked for."""
    asked = Asked(booking.service, booking.mode, booking.topic, may_reserved=True, moving=booking.id)
    return list_free_times(session, asked, day, now=now)


# --- history --------------------------------------------------------------------------------------------------------


def list_lines(session: Session, subject: str) -> Sequence[History]:
    """What the office last did to the timetable, the latest first."""
    return session.scalars(
        select(History)
        .where(History.subject == subject)
        .order_by(History.at.desc(), History.id.desc())
        .limit(_MOST_LINES)
    ).all()
