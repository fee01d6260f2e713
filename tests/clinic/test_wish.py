"""A wish for a time: written without signal, sent later, once; what its receipt says."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app.clinic.models import Wish
from app.core.db import db
from app.core.on_phone import on_phone
from app.core.transaction import atomically
from app.registry.models import Submission
from tests.checked_client import CheckedClient
from tests.clinic.public import JSON, NINE, bookings, text_of
from tests.factories.clinic import booked, open_clinic

WISH = "/klinik/minta-jadwal"


def wish(**values: Any) -> dict[str, Any]:
    """The required fields of a wish, and ``values``."""
    return {
        "days": ["2", "0"],
        "topic": "legalitas",
        "client_type": "umkm",
        "name": "Ibu Wati",
        "phone": "0812-9999-7531",
        **values,
    }


def wishes() -> list[Wish]:
    """All of them."""
    db.session.rollback()
    return list(db.session().scalars(select(Wish)))


def test_a_wish_is_kept_for_the_office(client: CheckedClient) -> None:
    answer = client.post(WISH, data=wish(part="siang", mode="phone"))
    assert answer.status_code == 303
    [one] = wishes()
    assert (one.weekdays, one.service, one.topic, one.mode) == ("02", "business", "legalitas", "phone")
    page = text_of(client.get(answer.location))
    assert "Senin dan Rabu" in page
    assert "Siang" in page
    assert "Wati" not in page


def test_it_comes_in_once(client: CheckedClient) -> None:
    sent = wish(submission_id=str(uuid.uuid4()))
    assert [client.post(WISH, data=sent, headers=JSON).status_code for _ in range(2)] == [201, 200]
    assert len(wishes()) == 1


def test_a_wish_without_days_is_for_any_day(client: CheckedClient) -> None:
    """Written without signal it would come back hours later for nothing else."""
    answer = client.post(WISH, data=wish(days=[]), follow_redirects=True)
    assert "Hari apa saja" in text_of(answer)
    assert [one.weekdays for one in wishes()] == [""]
    assert client.post(WISH, data=wish(days=["6"])).status_code == 422


def test_nothing_personal_stands_open(client: CheckedClient) -> None:
    client.post(WISH, data=wish(description="Merek saya ditiru."))
    row = db.session().scalars(select(Submission)).one()
    assert "Wati" not in repr(vars(row))
    assert "ditiru" not in repr(vars(row))


def test_it_waits_on_the_phone_where_there_is_no_signal(app: Flask, client: CheckedClient) -> None:
    page = text_of(client.get(WISH))
    assert "data-outbox=" in page
    assert WISH in on_phone().pages
    assert "/klinik/minta-jadwal" in [one.url for one in on_phone().shortcuts]
    assert client.get(WISH).headers["Cache-Control"] == "private, no-cache"


def test_founding_a_cooperative_is_the_morning(client: CheckedClient) -> None:
    client.post(WISH, data=wish(client_type="umum", topic="pendirian"))
    assert wishes()[0].service == "cooperative"


def test_when_the_office_found_a_time_the_receipt_leads_there(client: CheckedClient) -> None:
    open_clinic()
    where = client.post(WISH, data=wish()).location
    booked(NINE)
    assert "/klinik/pesanan/" not in text_of(client.get(where))
    booking_id = bookings()[0].id
    atomically(lambda s: s.execute(update(Wish).values(booking_id=booking_id)))
    assert "/klinik/pesanan/" in text_of(client.get(where))
