"""When the clinic is open, and the half-hour slots that follow from it.

The office's proposal (Clean & Clear 2024): Monday to Friday, cooperatives 09.00 to 12.00 and businesses 13.00 to
16.00 WIB, a session of at most 30 minutes. Fridays end at 11.30 for the prayer (Perpres 21/2023). All hours are
WIB, whatever the clock of the server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.core.clock import WIB

SLOT_MINUTES: Final = 30
_SLOT: Final = timedelta(minutes=SLOT_MINUTES)


class Service(StrEnum):
    """For whom a slot is."""

    COOPERATIVE = "cooperative"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of a weekday (0 is Monday) on the days from..until (None: without end).

    ``special``: hours of a range of dates, such as Ramadan, that stand in place of the ordinary ones.
    """

    service: Service
    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None
    special: bool = False

    def hold_on(self, day: date) -> bool:
        """True when these are hours of ``day``, special ones apart."""
        begun = self.valid_from <= day
        return (
            begun and day.weekday() == self.weekday and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Closure:
    """Nothing is offered: on whole days or between two times, for everybody, one expert or one desk."""

    first_day: date
    last_day: date
    starts: time | None = None
    ends: time | None = None
    expert_id: int | None = None
    desk_id: int | None = None

    def closes(self, slot: PlannedSlot) -> bool:
        """True when ``slot`` falls into it."""
        local = slot.starts_at.astimezone(WIB)
        if not self.first_day <= local.date() <= self.last_day:
            return False
        if self.expert_id not in (None, slot.expert_id) or self.desk_id not in (None, slot.desk_id):
            return False
        begins, ends = local.time(), (local + _SLOT).time()
        return (self.ends is None or begins < self.ends) and (self.starts is None or ends > self.starts)


@dataclass(frozen=True, slots=True)
class Duty:
    """An expert serves on ``day``, at a desk or, without one, only from afar."""

    day: date
    service: Service
    expert_id: int
    desk_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """Half an hour that the timetable says there should be."""

    service: Service
    starts_at: datetime
    expert_id: int
    desk_id: int | None

    @property
    def ends_at(self) -> datetime:
        """Half an hour later."""
        return self.starts_at + _SLOT


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that slots follow from."""

    hours: Collection[Hours]
    duties: Collection[Duty]
    days_off: Collection[date] = frozenset()
    closures: Collection[Closure] = ()


_MORNING: Final = (time(9), time(12))
_FRIDAY_MORNING: Final = (time(9), time(11, 30))
_AFTERNOON: Final = (time(13), time(16))
_FRIDAY: Final = 4


def ordinary_hours(valid_from: date) -> tuple[Hours, ...]:
    """The hours of the office's proposal, Friday's break included."""
    mornings = [(day, _FRIDAY_MORNING if day == _FRIDAY else _MORNING) for day in range(5)]
    afternoons = [(day, _AFTERNOON) for day in range(5)]
    return tuple(
        Hours(service, weekday, starts, ends, valid_from)
        for service, days in ((Service.COOPERATIVE, mornings), (Service.BUSINESS, afternoons))
        for weekday, (starts, ends) in days
    )


def times_of(day: date, service: Service, hours: Iterable[Hours]) -> list[datetime]:
    """Beginnings of the slots of a day, aware, in order. Special hours stand in place of the ordinary ones."""
    return sorted({start for each in holding(day, service, hours) for start in _half_hours(day, each)})


def holding(day: date, service: Service, hours: Iterable[Hours]) -> list[Hours]:
    """The hours that a day has: special ones, else the ordinary ones."""
    found = [each for each in hours if each.service is service and each.hold_on(day)]
    return [each for each in found if each.special] or found


def _half_hours(day: date, hours: Hours) -> Iterator[datetime]:
    start, end = (datetime.combine(day, edge, WIB) for edge in (hours.starts, hours.ends))
    while start + _SLOT <= end:
        yield start
        start += _SLOT


@dataclass(frozen=True, slots=True)
class Open:
    """Days of a week, one after the other, with the same hours."""

    first: date
    last: date
    spans: tuple[tuple[time, time], ...]


def open_days(first_day: date, service: Service, hours: Iterable[Hours]) -> list[Open]:
    """The hours of the seven days from ``first_day``, as a week from Monday on; days with the same hours are one."""
    week = sorted((first_day + timedelta(days=n) for n in range(7)), key=date.weekday)
    found: list[Open] = []
    for day in week:
        spans = tuple(sorted({(each.starts, each.ends) for each in holding(day, service, hours)}))
        if found and found[-1].spans == spans and found[-1].last.weekday() == day.weekday() - 1:
            found[-1] = Open(found[-1].first, day, spans)
        elif spans:
            found.append(Open(day, day, spans))
    return found


def planned_slots(timetable: Timetable, first_day: date, last_day: date) -> list[PlannedSlot]:
    """All slots of the days from..to, in order; an expert or a desk is never planned twice at one time.

    Hours may lie over each other with other minutes (two special ones, one line beside another): what begins while an
    expert is busy is left out. Where a desk is busy, the later expert serves from afar.
    """
    duties = sorted(
        (
            duty
            for duty in timetable.duties
            if first_day <= duty.day <= last_day and duty.day not in timetable.days_off
        ),
        key=lambda duty: (duty.day, duty.service, duty.expert_id),
    )
    planned: list[PlannedSlot] = []
    experts: dict[tuple[date, int], list[datetime]] = {}
    desks: dict[tuple[date, int | None], list[datetime]] = {}
    for duty in duties:
        for start in times_of(duty.day, duty.service, timetable.hours):
            full = duty.desk_id is not None and _busy(desks.get((duty.day, duty.desk_id), ()), start)
            slot = PlannedSlot(duty.service, start, duty.expert_id, None if full else duty.desk_id)
            closed = any(closure.closes(slot) for closure in timetable.closures)
            if closed or _busy(experts.get((duty.day, duty.expert_id), ()), start):
                continue
            planned.append(slot)
            experts.setdefault((duty.day, slot.expert_id), []).append(start)
            desks.setdefault((duty.day, slot.desk_id), []).append(start)
    return sorted(planned, key=lambda slot: (slot.starts_at, slot.expert_id))


def _busy(begun: Iterable[datetime], start: datetime) -> bool:
    """True when a half hour that began then lies over the one that begins at ``start``."""
    return any(abs(start - other) < _SLOT for other in begun)
