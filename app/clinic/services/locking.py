"""Who changes bookings of a day does so alone.

The unique indexes alone keep two bookings out of one half hour. The lock is for what one index cannot see (the
desk of another expert, the fewest bookings of the day) and it keeps PostgreSQL's exclusion constraint from
deadlocks: without it 20 to 40 of 10,000 attempts ended in one (trust.md, measured). SQLite writes one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.core.clock import in_wib

_CLINIC: Final = 4711


def lock_days(session: Session, days: Iterable[date]) -> None:
    """Wait for everybody else who changes any of these days, until the block ends.

    Always in the order of the calendar, so that two who need the same two days cannot wait for each other.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for day in sorted(set(days)):
        session.execute(
            text("SELECT pg_advisory_xact_lock(:kind, :day)"), {"kind": _CLINIC, "day": day.toordinal()}
        )


def lock_timetable(session: Session) -> None:
    """Wait for everybody else who changes hours, roster, closures or numbers, until the block ends.

    Each of them looks at what is there and adds what is not: two at once would both add it. Always before
    ``lock_days``.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": _CLINIC})


def days_between(first_day: date, last_day: date) -> list[date]:
    """All days from..to, both included."""
    return [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]


def lock_booking(session: Session, booking_id: int) -> Booking:
    """The booking as it is now, with its day to ourselves."""
    lock_days(session, [in_wib(find_booking(session, booking_id).starts_at).date()])
    return find_booking(session, booking_id, alone=True)


def find_booking(session: Session, booking_id: int, *, alone: bool = False) -> Booking:
    """The row as it is now. ``alone``: nobody else changes it, were it moved to another day a moment ago."""
    statement = select(Booking).where(Booking.id == booking_id).execution_options(populate_existing=True)
    found = session.scalar(statement.with_for_update() if alone else statement)
    if found is None:
        raise LookupError(booking_id)
    return found
