"""Mornings are for cooperatives, afternoons for businesses: said at the field, and never a closed door."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.clinic.queries.free import Asked
from app.clinic.rules.booking import ClientType, Mode, half_of
from app.clinic.rules.timetable import Service
from tests.checked_client import CheckedClient
from tests.clinic.public import BOOK, JSON, answers, bookings, code, text_of
from tests.factories.clinic import (
    TUESDAY,
    booked,
    make_desk,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)

ONE = wib(TUESDAY, "13.00")
COOPERATIVE, BUSINESS = "K-7H2K9M4", "U-7H2K9M4"
TO_COOPERATIVES = "Koperasi dilayani pukul 09.00-12.00. Jam yang dipilih untuk UMKM."
TO_BUSINESSES = "UMKM dilayani pukul 13.00-16.00. Jam yang dipilih untuk koperasi."


@pytest.fixture(autouse=True)
def both_halves(app: Flask) -> None:
    """A Tuesday with an expert in each half."""
    open_clinic()
    expert = make_expert()
    put_on_duty(expert, TUESDAY, desk_id=make_desk(), service=Service.BUSINESS)
    slots()


def afternoon(**values: Any) -> dict[str, Any]:
    """Somebody who takes one o'clock, the half hour of businesses."""
    return answers(slot=code(ONE, Service.BUSINESS), **values)


@pytest.mark.parametrize(
    ("client_type", "record", "half", "field"),
    [
        (ClientType.COOPERATIVE, None, Service.COOPERATIVE, "client_type"),
        (ClientType.BUSINESS, None, Service.BUSINESS, "client_type"),
        (ClientType.PUBLIC, None, None, "client_type"),
        (ClientType.PUBLIC, COOPERATIVE, Service.COOPERATIVE, "record"),
        (ClientType.COOPERATIVE, BUSINESS, Service.BUSINESS, "record"),
    ],
)
def test_whose_half_it_is(
    client_type: ClientType, record: str | None, half: Service | None, field: str
) -> None:
    assert half_of(client_type, record) == (half, field)


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        (afternoon(), "client_type", TO_COOPERATIVES),
        (afternoon(client_type="umkm", record=COOPERATIVE), "record", TO_COOPERATIVES),
        (answers(client_type="umkm"), "client_type", TO_BUSINESSES),
        (answers(record=BUSINESS), "record", TO_BUSINESSES),
    ],
)
def test_the_other_half_is_said_at_the_field_and_may_be_meant(
    client: CheckedClient, sent: dict[str, Any], field: str, sentence: str
) -> None:
    told = client.post(BOOK, data=sent, headers=JSON)
    assert (told.status_code, set(told.get_json()["errors"])) == (422, {field})
    page = client.post(BOOK, data=sent)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert f'id="{field}-error"' in text_of(page)
    boxes = [one for one in client.parsed(page).all("input") if one.get("name") == "other_half"]
    assert len(boxes) == 1
    assert bookings() == []
    assert client.post(BOOK, data={**sent, "other_half": "y"}).status_code == 303
    assert len(bookings()) == 1


@pytest.mark.parametrize(
    "sent",
    [answers(), afternoon(client_type="umkm"), afternoon(client_type="umum"), answers(client_type="umum")],
)
def test_in_ones_own_half_nothing_is_asked(client: CheckedClient, sent: dict[str, Any]) -> None:
    assert "other_half" not in text_of(client.get(f"/klinik/jadwal?tanggal={TUESDAY}"))
    assert client.post(BOOK, data=sent).status_code == 303


def test_a_code_that_cannot_be_read_asks_for_nothing_else(client: CheckedClient) -> None:
    page = client.post(BOOK, data=answers(record="bukan kode"))
    assert page.status_code == 422
    assert "other_half" not in text_of(page)


def test_what_is_meant_stays_ticked_when_something_else_is_wrong(client: CheckedClient) -> None:
    page = client.parsed(client.post(BOOK, data=afternoon(other_half="y", name="")))
    [box] = [one for one in page.all("input") if one.get("name") == "other_half"]
    assert box.get("checked") is not None


def test_an_officer_decides_at_the_desk(app: Flask) -> None:
    booked(
        ONE, asked=Asked(Service.BUSINESS, Mode.IN_PERSON), client_type=ClientType.COOPERATIVE, at_desk=True
    )
    assert len(bookings()) == 1
