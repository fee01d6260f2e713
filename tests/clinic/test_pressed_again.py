"""Buttons of an appointment pressed twice, and pages of theirs that a phone opens again later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.clinic.rules.booking import BookingStatus
from tests.checked_client import CheckedClient
from tests.clinic.public import booked_page, bookings
from tests.factories.clinic import TUESDAY, open_clinic, wib

HERE = wib(TUESDAY, "08.50").isoformat()


@pytest.fixture
def link(client: CheckedClient) -> str:
    """An appointment on Tuesday at nine."""
    open_clinic()
    return booked_page(client)


def test_cancelling_in_two_tabs_is_one_cancelling(client: CheckedClient, link: str) -> None:
    for _tab in range(2):
        answer = client.post(f"{link}/batal")
        assert (answer.status_code, answer.location) == (303, link)
    assert bookings()[0].status is BookingStatus.CANCELLED_BY_CLIENT


def test_who_says_twice_to_be_here_is_here(
    client: CheckedClient, link: str, at: Callable[[str], None]
) -> None:
    at(HERE)
    for _tab in range(2):
        assert client.post(f"{link}/datang").status_code == 303
    assert bookings()[0].status is BookingStatus.ARRIVED


def test_who_is_here_cannot_cancel_and_is_told(
    client: CheckedClient, link: str, at: Callable[[str], None]
) -> None:
    at(HERE)
    client.post(f"{link}/datang")
    assert client.post(f"{link}/batal").status_code == 409


@pytest.mark.parametrize(
    "address", ["/klinik/pesan", "/klinik/tahan", "/klinik/pesanan/{}/batal", "/klinik/pesanan/{}/datang"]
)
def test_the_address_of_a_button_opens_the_page_that_it_stands_on(
    client: CheckedClient, link: str, address: str
) -> None:
    answer = client.get(address.format(link.rsplit("/", 1)[1]), follow_redirects=True)
    assert answer.status_code == 200
    assert bookings()[0].status is BookingStatus.BOOKED
