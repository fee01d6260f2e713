"""What is read about bookings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.rules.booking import WAITING, BookingStatus
from app.clinic.rules.timetable import Service
from app.core.clock import now


def count_of_phone(session: Session, phone_index: str | None, service: Service) -> int:
    """Bookings of a telephone that are still to come, of one service."""
    to_come = (Booking.service == service, Booking.status.in_(WAITING), Booking.ends_at > now())
    return _count(session, phone_index, *to_come)


def has_come_before(session: Session, phone_index: str | None) -> bool:
    """True when this telephone has had a session."""
    if phone_index is None:
        return False
    statement = (
        select(Booking.id)
        .where(Booking.phone_index == phone_index, Booking.status == BookingStatus.DONE)
        .limit(1)
    )
    return session.scalar(statement) is not None


def count_no_shows(session: Session, phone_index: str | None, since: datetime) -> int:
    """How often somebody with this telephone did not come, without a word."""
    return _count(session, phone_index, Booking.status == BookingStatus.NO_SHOW, Booking.starts_at >= since)


def _count(session: Session, phone_index: str | None, *conditions: SQLColumnExpression[bool]) -> int:
    if phone_index is None:
        return 0
    statement = (
        select(func.count()).select_from(Booking).where(Booking.phone_index == phone_index, *conditions)
    )
    return session.scalar(statement) or 0
