"""The office's days off: kept in a table that the administrator edits, first filled from a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.workdays import Holiday as DayOff
from app.core.workdays import HolidayKind
from app.registry.models import Holiday
from app.registry.queries.holidays import CALENDAR, days_decided_by_hand

SUBJECT: Final = CALENDAR
Follower = Callable[[Session, Collection[date], Actor], None]
# Rooms above whose timetables follow the calendar hang themselves here; told in the same write block.
FOLLOWERS: Final[list[Follower]] = []


def _tell(session: Session, days: Collection[date], actor: Actor) -> None:
    session.flush()
    for follow in FOLLOWERS if days else ():
        follow(session, days, actor)


def load_days_off(session: Session, days: Iterable[DayOff], *, actor: Actor) -> tuple[int, int]:
    """Bring in days off; what was edited by hand under the same date gets the file's words. (added, changed)."""
    known = {row.day: row for row in session.scalars(select(Holiday).order_by(Holiday.day).limit(5000))}
    changed, new = 0, []
    for day in days:
        row = known.get(day.date)
        if row is None:
            row = Holiday(day=day.date, name=day.name, kind=day.kind.value, estimated=day.estimated)
            session.add(row)
            known[day.date] = row
            new.append(day.date)
        elif (row.name, row.kind, row.estimated) != (day.name, day.kind.value, day.estimated):
            row.name, row.kind, row.estimated = day.name, day.kind.value, day.estimated
            changed += 1
    session.flush()
    if new or changed:
        after = {"added": len(new), "changed": changed}
        audit.record(session, deed="holidays.loaded", subject=SUBJECT, actor=actor, after=after)
    _tell(session, new, actor)
    return len(new), changed


def fill_days_off(session: Session, days: Iterable[DayOff], *, actor: Actor) -> tuple[int, int]:
    """Bring in only what is missing: a line that stands, and a day taken off by hand, stay. (added, left alone)."""
    asked = list(days)
    known = set(session.scalars(select(Holiday.day).order_by(Holiday.day).limit(5000)))
    known |= days_decided_by_hand(session)
    new = [day for day in asked if day.date not in known]
    for day in new:
        row = {"day": day.date, "name": day.name, "kind": day.kind.value, "estimated": day.estimated}
        session.execute(insert(Holiday), row)
    if new:
        after = {"added": len(new), "year": new[0].date.year}
        audit.record(session, deed="holidays.filled", subject=SUBJECT, actor=actor, after=after)
    _tell(session, [day.date for day in new], actor)
    return len(new), len(asked) - len(new)


def load_first_days_off(session: Session, days: Iterable[DayOff], *, actor: Actor) -> int:
    """Bring ``days`` in while nobody has any day off on the list; how many. What the office edited is left alone."""
    if session.scalar(select(Holiday.day).limit(1)) is not None:
        return 0
    return load_days_off(session, days, actor=actor)[0]


def add_day_off(
    session: Session, *, day: date, name: str, kind: HolidayKind, estimated: bool, actor: Actor
) -> None:
    """One more day off. Raises RuleBroken('day') when that day is one already."""
    if session.get(Holiday, day) is not None:
        raise RuleBroken("day", say("Tanggal itu sudah ada di daftar."), code="taken")
    row = {"day": day, "name": name, "kind": kind.value, "estimated": estimated}
    session.execute(insert(Holiday), row)
    audit.record(
        session, deed="holidays.added", subject=SUBJECT, actor=actor, after={**row, "day": day.isoformat()}
    )
    _tell(session, [day], actor)


def remove_day_off(session: Session, *, day: date, actor: Actor) -> bool:
    """An ordinary working day after all. False when it was one."""
    row = session.get(Holiday, day)
    if row is None:
        return False
    before = {"day": day.isoformat(), "name": row.name, "kind": row.kind}
    session.execute(delete(Holiday).where(Holiday.day == day))
    audit.record(session, deed="holidays.removed", subject=SUBJECT, actor=actor, before=before)
    _tell(session, [day], actor)
    return True
