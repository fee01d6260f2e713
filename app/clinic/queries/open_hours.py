"""When the clinic is open, as it is told to the public: on posters and in messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import Slot
from app.clinic.queries.free import edges_of
from app.clinic.queries.roster import last_slot_day
from app.clinic.queries.timetable import timetable
from app.clinic.rules.timetable import Service, planned_slots
from app.core.clock import in_wib

_MOST: Final = 5000
_ONE_DAY: Final = timedelta(days=1)

HalfHour = tuple[Service, datetime, datetime]


@dataclass(frozen=True)
class OpenDay:
    """A service on a day: from when until when, without the hours in between that are closed."""

    day: date
    service: Service
    stretches: tuple[tuple[datetime, datetime], ...]


def list_open_days(session: Session, first_day: date, last_day: date) -> list[OpenDay]:
    """What the days from..to offer, a service a day; taken times count: the clinic is open then.

    Half hours that are made already say it; after the last of them, those that the timetable will make.
    """
    found: dict[tuple[date, Service], list[tuple[datetime, datetime]]] = {}
    for service, starts_at, ends_at in (*_made(session, first_day, last_day), *_to_come(session, last_day)):
        day = in_wib(starts_at).date()
        if first_day <= day:
            found.setdefault((day, service), []).append((starts_at, ends_at))
    days = [OpenDay(day, service, _joined(times)) for (day, service), times in found.items()]
    return sorted(days, key=lambda one: (one.stretches[0], one.service))


def _made(session: Session, first_day: date, last_day: date) -> Iterable[HalfHour]:
    statement = (
        select(Slot.service, Slot.starts_at, Slot.ends_at)
        .where(Slot.open, Slot.starts_at >= edges_of(first_day)[0], Slot.starts_at < edges_of(last_day)[1])
        .order_by(Slot.starts_at, Slot.id)
        .limit(_MOST)
    )
    return ((service, starts_at, ends_at) for service, starts_at, ends_at in session.execute(statement))


def _to_come(session: Session, last_day: date) -> Iterable[HalfHour]:
    """Nothing where no half hour was ever made: then nobody can book, and nothing is to be announced."""
    made_until = last_slot_day(session)
    if made_until is None or made_until >= last_day:
        return ()
    first = made_until + _ONE_DAY
    planned = planned_slots(timetable(session, first, last_day), first, last_day)
    return ((slot.service, slot.starts_at, slot.ends_at) for slot in planned)


def _joined(times: Iterable[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """Half hours that touch or lie over each other are one stretch."""
    found: list[tuple[datetime, datetime]] = []
    for starts_at, ends_at in sorted(times):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((starts_at, ends_at))
    return tuple(found)
