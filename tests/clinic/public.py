"""Booking as people do it on the public pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clinic.models import Booking
from app.clinic.rules.timetable import Service
from app.clinic.slot_codes import slot_code
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, wib

BOOK = "/klinik/pesan"
JSON = {"Accept": "application/json"}
NINE, HALF_PAST = wib(TUESDAY, "09.00"), wib(TUESDAY, "09.30")


def code(at: datetime = NINE, service: Service = Service.COOPERATIVE) -> str:
    """The radio button of a time."""
    return slot_code(service, at)


def answers(**values: Any) -> dict[str, Any]:
    """The required fields of a booking, and ``values``."""
    return {
        "slot": code(),
        "name": "Ibu Wati",
        "phone": "0812-9999-7531",
        "client_type": "koperasi",
        "topic": "keuangan",
        "mode": "in_person",
        **values,
    }


def book(client: CheckedClient, **values: Any) -> TestResponse:
    """Send the form as a browser does."""
    return client.post(BOOK, data=answers(**values))


def booked_page(client: CheckedClient, **values: Any) -> str:
    """Book; the address of the appointment's page."""
    answer = book(client, **values)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return str(answer.location)


def bookings() -> list[Booking]:
    """All of them, as they are now."""
    db.session.rollback()
    return list(db.session().scalars(select(Booking).order_by(Booking.id)))


def text_of(answer: TestResponse) -> str:
    """What the page says."""
    return answer.get_data(as_text=True)
