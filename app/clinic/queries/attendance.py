"""Who is expected on a day, in the order in which they sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import Booking
from app.clinic.queries.today import Seat, on_day, read_seats, seats

_MOST = 1000


@dataclass(frozen=True)
class Line:
    """One appointment of the day and the kecamatan it named, if any."""

    seat: Seat
    kecamatan_code: str | None


def attendance(session: Session, day: date) -> list[Line]:
    """Every appointment that was not cancelled, by time and expert."""
    found = read_seats(session, seats(on_day(day)))
    rows = session.execute(
        select(Booking.id, Booking.kecamatan_code).where(on_day(day)).order_by(Booking.id).limit(_MOST)
    )
    code_of = {row.id: row.kecamatan_code for row in rows}
    return [Line(seat, code_of.get(seat.id)) for seat in found]
