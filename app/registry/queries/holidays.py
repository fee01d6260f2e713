"""Days on which the office is closed."""

from __future__ import annotations

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
