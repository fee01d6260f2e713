"""Days on which the office is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workdays import days_off, load_holiday_file
from app.registry.models import Holiday

_HORIZON = timedelta(days=120)


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


def years_with_holidays(session: Session) -> list[int]:
    """Years for which days off are kept."""
    days = session.scalars(select(Holiday.day).order_by(Holiday.day).limit(5000))
    return sorted({day.year for day in days})
