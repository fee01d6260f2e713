"""What the office does to the timetable, for tests: an absence with a booking left behind, a closure, hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.clinic.models import ClosedTime, OpeningHours
from app.clinic.services.timetable import close, write_proposal_down
from app.core.transaction import atomically
from tests.factories.clinic import OFFICE, TUESDAY, booked, booking_of, incoming, open_clinic, wib

FRIDAY = TUESDAY + timedelta(days=3)


def left_behind(phone: str = "0812-9999-7531") -> int:
    """Id of a booking whose expert cannot come; colleagues have time."""
    open_clinic(2, days=(FRIDAY,))
    sent = replace(incoming(), pairs=[("name", "Ibu Wati"), ("phone", phone)])
    booking = booking_of(booked(wib(FRIDAY, "09.00"), submission=sent))
    booking_id, whose = booking.id, booking.expert_id
    atomically(lambda s: close(s, first_day=FRIDAY, expert_id=whose, reason="sakit", actor=OFFICE))
    return booking_id


def closure() -> int:
    """Id of a closure."""
    return atomically(lambda s: s.scalars(select(ClosedTime.id).order_by(ClosedTime.id).limit(1)).one())


def hours() -> int:
    """Id of a line of weekly hours."""
    atomically(write_proposal_down)
    return atomically(lambda s: s.scalars(select(OpeningHours.id).order_by(OpeningHours.id).limit(1)).one())
