"""The office's days off: kept in a table that the administrator edits, first filled from a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.workdays import Holiday as DayOff
from app.core.workdays import HolidayKind
from app.registry.models import Holiday

SUBJECT = "hari-libur"


def load_days_off(session: Session, days: Iterable[DayOff], *, actor: Actor) -> tuple[int, int]:
    """Bring in days off; what was edited by hand under the same date gets the file's words. (added, changed)."""
    known = {row.day: row for row in session.scalars(select(Holiday).order_by(Holiday.day).limit(5000))}
    added = changed = 0
    for day in days:
        row = known.get(day.date)
        if row is None:
            row = Holiday(day=day.date, name=day.name, kind=day.kind.value, estimated=day.estimated)
            session.add(row)
            known[day.date] = row
            added += 1
        elif (row.name, row.kind, row.estimated) != (day.name, day.kind.value, day.estimated):
            row.name, row.kind, row.estimated = day.name, day.kind.value, day.estimated
            changed += 1
    session.flush()
    if added or changed:
        after = {"added": added, "changed": changed}
        audit.record(session, deed="holidays.loaded", subject=SUBJECT, actor=actor, after=after)
    return added, changed


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


def remove_day_off(session: Session, *, day: date, actor: Actor) -> bool:
    """An ordinary working day after all. False when it was one."""
    row = session.get(Holiday, day)
    if row is None:
        return False
    before = {"day": day.isoformat(), "name": row.name, "kind": row.kind}
    session.execute(delete(Holiday).where(Holiday.day == day))
    audit.record(session, deed="holidays.removed", subject=SUBJECT, actor=actor, before=before)
    return True
