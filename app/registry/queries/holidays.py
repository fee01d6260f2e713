"""Days on which the office is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import History
from app.core.workdays import days_off, load_holiday_file
from app.registry.models import Holiday

_HORIZON = timedelta(days=120)
_MOST = 5000
CALENDAR = "hari-libur"  # of the history


def list_days_off(session: Session, start: date) -> frozenset[date]:
    """Days off from ``start`` over the next four months; from the file while the editable table is still empty."""
    statement = select(Holiday.day).where(Holiday.day > start, Holiday.day <= start + _HORIZON)
    found = frozenset(session.scalars(statement.order_by(Holiday.day).limit(120)))
    if found or session.scalar(select(Holiday.day).order_by(Holiday.day).limit(1)) is not None:
        return found
    return days_off(load_holiday_file())


@dataclass(frozen=True)
class DayOffRow:
    """One day off as the calendar page shows it."""

    day: date
    name: str
    kind: str
    estimated: bool


def list_holidays(session: Session, year: int) -> list[DayOffRow]:
    """The days off of one year, as kept in the table."""
    statement = select(Holiday).where(Holiday.day >= date(year, 1, 1), Holiday.day <= date(year, 12, 31))
    return [
        DayOffRow(h.day, h.name, h.kind, h.estimated)
        for h in session.scalars(statement.order_by(Holiday.day).limit(366))
    ]


def names_of_days_off(session: Session, first_day: date, last_day: date) -> dict[date, str]:
    """What the days off from..to are called; from the file while the editable table is still empty."""
    if years_with_holidays(session):
        statement = select(Holiday.day, Holiday.name).where(Holiday.day >= first_day, Holiday.day <= last_day)
        rows = session.execute(statement.order_by(Holiday.day).limit(_MOST))
        return dict(iter(rows))
    return {day.date: day.name for day in load_holiday_file() if first_day <= day.date <= last_day}


def days_decided_by_hand(session: Session) -> frozenset[date]:
    """Days that an officer put on the list or took off it: what a person decided is not filled in again."""
    lines = session.execute(
        select(History.before, History.after)
        .where(
            History.subject == CALENDAR,
            History.deed.in_(("holidays.added", "holidays.removed")),
        )
        .order_by(History.id)
        .limit(_MOST)
    )
    return frozenset(
        date.fromisoformat(str(facts["day"])) for line in lines for facts in line if facts and "day" in facts
    )


def years_with_holidays(session: Session) -> list[int]:
    """Years for which days off are kept."""
    days = session.scalars(select(Holiday.day).order_by(Holiday.day).limit(5000))
    return sorted({day.year for day in days})
