"""The hours on the clinic's front page: what is true this week, Friday and Ramadan too."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import insert

from app.clinic.models import OpeningHours
from app.clinic.rules.timetable import Service, open_days, ordinary_hours
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.clinic.public import text_of

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("offset", range(7))
def test_a_week_is_told_from_monday_on_whatever_day_it_is(offset: int) -> None:
    start = date.fromordinal(MONDAY.toordinal() + offset)
    week = open_days(start, Service.COOPERATIVE, ordinary_hours(MONDAY))
    assert [(one.first.weekday(), one.last.weekday(), one.spans) for one in week] == [
        (0, 3, ((time(9), time(12)),)),
        (4, 4, ((time(9), time(11, 30)),)),
    ]


def test_the_front_page_says_that_friday_is_shorter(client: CheckedClient) -> None:
    text = text_of(client.get("/klinik"))
    assert "Senin sampai Kamis: 09.00 sampai 12.00 WIB" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Jumat: 09.00 sampai 11.30 WIB" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Senin sampai Jumat: 13.00 sampai 16.00 WIB" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_special_hours_stand_in_place_of_the_usual_ones(client: CheckedClient) -> None:
    row = {
        "service": Service.COOPERATIVE,
        "weekday": 1,
        "starts": time(8),
        "ends": time(10),
        "valid_from": MONDAY,
        "valid_until": date(2026, 11, 27),
    }
    usual = {**row, "starts": time(9), "ends": time(12), "special": False, "valid_until": None}
    atomically(lambda s: s.execute(insert(OpeningHours), [usual, {**row, "special": True}]))
    text = text_of(client.get("/klinik?bahasa=en"))
    assert "Tuesday: 08:00" in text
    assert "09:00" not in text
