"""The timetable as the office keeps it, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import ClosedTime, DutyDay, Expert, OpeningHours, Setting
from app.clinic.rules.settings import ONLINE_VIDEO_MB, ONLINE_VOICE_MB, WEEKS_AHEAD, Number
from app.clinic.rules.timetable import Closure, Duty, Hours, Timetable, ordinary_hours
from app.core.clock import today
from app.registry.queries.holidays import list_days_off, names_of_days_off

_MOST = 5000
_ONE_DAY = timedelta(days=1)
_LOOK = timedelta(days=100)


def number(session: Session, setting: Number) -> int:
    """What the office has set, else the first value."""
    kept = session.scalar(select(Setting.value).where(Setting.name == setting.name))
    return setting.first if kept is None else kept


def last_open_day(session: Session) -> date:
    """The last day that people book themselves today."""
    return today() + timedelta(weeks=number(session, WEEKS_AHEAD))


@dataclass(frozen=True)
class OnlineCost:
    """Data of a session by Zoom in MB: with pictures, and with the voice alone."""

    video: int
    voice: int


def online_cost(session: Session) -> OnlineCost:
    """What the office has set, else what follows from Zoom's own figures."""
    both = (ONLINE_VIDEO_MB, ONLINE_VOICE_MB)
    names = [setting.name for setting in both]
    rows = session.execute(select(Setting.name, Setting.value).where(Setting.name.in_(names)).limit(2))
    kept = {row.name: row.value for row in rows}
    return OnlineCost(*(kept.get(setting.name, setting.first) for setting in both))


def list_hours(session: Session, first_day: date, last_day: date) -> Sequence[Hours]:
    """Hours that hold on any of these days; the office's proposal while nothing has been written down."""
    rows = session.scalars(select(OpeningHours).order_by(OpeningHours.id).limit(_MOST)).all()
    if not rows:
        return ordinary_hours(first_day)
    return [
        Hours(row.service, row.weekday, row.starts, row.ends, row.valid_from, row.valid_until, row.special)
        for row in rows
        if row.valid_from <= last_day and (row.valid_until is None or row.valid_until >= first_day)
    ]


def list_closures(session: Session, first_day: date, last_day: date) -> list[Closure]:
    """Closures that touch these days."""
    rows = session.scalars(
        select(ClosedTime)
        .where(ClosedTime.last_day >= first_day, ClosedTime.first_day <= last_day)
        .order_by(ClosedTime.id)
        .limit(_MOST)
    )
    return [
        Closure(row.first_day, row.last_day, row.starts, row.ends, row.expert_id, row.desk_id) for row in rows
    ]


def list_duties(session: Session, first_day: date, last_day: date) -> list[Duty]:
    """The roster of these days, without experts who have left."""
    rows = session.scalars(
        select(DutyDay)
        .join(Expert, Expert.id == DutyDay.expert_id)
        .where(DutyDay.day >= first_day, DutyDay.day <= last_day, Expert.active)
        .order_by(DutyDay.day, DutyDay.service, DutyDay.expert_id)
        .limit(_MOST)
    )
    return [Duty(row.day, row.service, row.expert_id, row.desk_id) for row in rows]


def days_off_between(session: Session, first_day: date, last_day: date) -> frozenset[date]:
    """Holidays and joint leave from..to. The registry looks only some months ahead at a time."""
    found: set[date] = set()
    before = first_day - _ONE_DAY
    while before < last_day:
        found |= list_days_off(session, before)
        before += _LOOK
    return frozenset(day for day in found if first_day <= day <= last_day)


@dataclass(frozen=True)
class DayClosed:
    """Why nothing is offered on a day: a day off with its name, or the whole clinic is closed for a reason."""

    holiday: bool
    reason: str


def why_closed(session: Session, day: date) -> DayClosed | None:
    """Why the whole ``day`` is closed for everybody; None where it is a day like any other."""
    name = names_of_days_off(session, day, day).get(day)
    if name is not None:
        return DayClosed(True, name)
    reason = session.scalar(
        select(ClosedTime.reason)
        .where(
            ClosedTime.first_day <= day,
            ClosedTime.last_day >= day,
            ClosedTime.starts.is_(None),
            ClosedTime.ends.is_(None),
            ClosedTime.expert_id.is_(None),
            ClosedTime.desk_id.is_(None),
        )
        .order_by(ClosedTime.id)
        .limit(1)
    )
    return None if reason is None else DayClosed(False, reason)


def timetable(session: Session, first_day: date, last_day: date) -> Timetable:
    """Everything that slots of these days follow from."""
    return Timetable(
        hours=list_hours(session, first_day, last_day),
        duties=list_duties(session, first_day, last_day),
        days_off=days_off_between(session, first_day, last_day),
        closures=list_closures(session, first_day, last_day),
    )
