"""What is offered to whoever looks for a time: a week, a day in it, its free times. One for booking and moving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.clinic.queries.choosing import (
    ExpertChoice,
    find_hold,
    free_day_before,
    free_day_from,
    list_experts_on_duty,
)
from app.clinic.queries.free import Asked, FreeTime, list_free_days, list_free_times
from app.clinic.queries.timetable import last_open_day, why_closed
from app.clinic.rules.booking import Mode
from app.clinic.rules.timetable import Service
from app.clinic.services.taking import SlotTaken, times_near
from app.clinic.slot_codes import slot_code
from app.core.clock import now, today
from app.core.db import db
from app.core.language import formatting_locale, say
from app.core.words import date_long

_WORKDAYS = 5
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DayChoice:
    """A day of the week that is shown; without ``url`` nothing is free then."""

    day: date
    free: int
    url: str
    current: bool


@dataclass(frozen=True)
class TimeChoice:
    """A free time as a radio button."""

    code: str
    starts_at: datetime
    free: int
    chosen: bool


@dataclass(frozen=True)
class Offer:
    """Everything that the block of a day shows. ``nearest``: offered by themselves where a wish failed.

    ``closed``: why the whole day is closed; ``next``: the free day after a day without any time.
    """

    service: Service
    mode: Mode
    expert_id: int | None = None
    may_reserved: bool = False
    hold: str = ""
    day: date | None = None
    days: tuple[DayChoice, ...] = ()
    before_url: str = ""
    after_url: str = ""
    times: tuple[TimeChoice, ...] = ()
    nearest: tuple[TimeChoice, ...] = ()
    held: datetime | None = None
    held_until: datetime | None = None
    experts: tuple[ExpertChoice, ...] = ()
    closed: str = ""
    next: DayChoice | None = None


def last_day() -> date:
    """The last day that can be booked today."""
    return last_open_day(db.session())


def offer(
    asked: Asked,
    address: Callable[[date], str],
    *,
    day: date | None = None,
    near: date | None = None,
    chosen: str = "",
    nearest: Iterable[FreeTime] = (),
) -> Offer:
    """What ``asked`` may choose from; ``day`` None: the first one with a free time. ``chosen``: a ticked code.

    ``near``: the first one from there on, if there is one.
    """
    session, moment, until = db.session(), now(), last_day()
    held = find_hold(session, asked.hold, now=moment)
    if day is None and near is not None:
        day = free_day_from(session, asked, max(near, today()), until, now=moment)
    if day is None:
        day = free_day_from(session, asked, today(), until, now=moment)
    made = Offer(
        asked.service,
        asked.mode,
        asked.expert_id,
        asked.may_reserved,
        asked.hold,
        day,
        held=held.starts_at if held else None,
        held_until=held.until if held else None,
    )
    if held and not chosen:
        chosen = slot_code(held.service, held.starts_at)
    if day is None:
        return made
    beside = tuple(_choice(asked, one, chosen) for one in nearest)
    shown = {one.code for one in beside}
    free = list_free_times(session, asked, day, now=moment) if today() <= day <= until else ()
    times = tuple(one for one in (_choice(asked, one, chosen) for one in free) if one.code not in shown)
    monday = day - timedelta(days=day.weekday())
    return replace(
        made,
        days=_week(asked, address, monday, day, until),
        before_url=_before(asked, address, min(monday, until + _ONE_DAY)),
        after_url=_after(asked, address, monday, until),
        times=times,
        nearest=beside,
        experts=tuple(list_experts_on_duty(session, asked.service, today(), until)),
        closed="" if times or beside else _closed(day),
        next=None if times or beside else _next(asked, address, day, until),
    )


def _closed(day: date) -> str:
    """In words, why the day is closed."""
    found = why_closed(db.session(), day) if day >= today() else None
    if found is None or not found.reason:
        return ""
    words = date_long(day, formatting_locale())
    if found.holiday:
        return str(say("%(day)s: libur, %(name)s.", day=words, name=found.reason))
    return str(say("%(day)s klinik tutup: %(reason)s.", day=words, reason=found.reason.rstrip(".")))


def _next(asked: Asked, address: Callable[[date], str], day: date, until: date) -> DayChoice | None:
    """The first free day after it."""
    found = free_day_from(db.session(), asked, max(day, today()), until, now=now())
    return DayChoice(found, 1, address(found), current=False) if found else None


def _choice(asked: Asked, time: FreeTime, chosen: str) -> TimeChoice:
    code = slot_code(asked.service, time.starts_at)
    return TimeChoice(code, time.starts_at, time.free, code == chosen)


def _week(
    asked: Asked, address: Callable[[date], str], monday: date, shown: date, until: date
) -> tuple[DayChoice, ...]:
    """What is left of Monday to Friday, and a day of the weekend where the timetable has one."""
    last = min(monday + 6 * _ONE_DAY, until)
    free = {
        one.day: one.free
        for one in list_free_days(db.session(), asked, max(monday, today()), last, now=now())
    }
    days = (monday + n * _ONE_DAY for n in range(7))
    return tuple(
        DayChoice(day, free.get(day, 0), address(day) if free.get(day) else "", day == shown)
        for day in days
        if day >= today() and (day.weekday() < _WORKDAYS or free.get(day))
    )


def _before(asked: Asked, address: Callable[[date], str], day: date) -> str:
    """The last free day before ``day``."""
    found = free_day_before(db.session(), asked, day, now=now())
    return address(found) if found else ""


def _after(asked: Asked, address: Callable[[date], str], monday: date, until: date) -> str:
    """The first free day after this week, however far: nobody clicks through a row of holidays."""
    found = free_day_from(db.session(), asked, monday + _ONE_WEEK, until, now=now())
    return address(found) if found else ""


def nearest_to(problem: SlotTaken, asked: Asked, wanted: datetime) -> list[FreeTime]:
    """The times to offer instead. A loser at the unique index was not told any."""
    return problem.alternatives or times_near(db.session(), asked, wanted)
