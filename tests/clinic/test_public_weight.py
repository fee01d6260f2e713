"""How much of a village's data allowance the clinic's pages take, and what they ask of the database with many weeks of slots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.db import db
from app.core.language import LANGUAGES
from tests.checked_client import CheckedClient
from tests.clinic.public import booked_page
from tests.factories.clinic import TUESDAY, make_desk, make_expert, open_clinic, put_on_duty, slots
from tests.statement_watch import sqlite_steps, statements_sent

pytestmark = pytest.mark.slow
KB = 1024
MONDAY = TUESDAY + timedelta(days=6)
DAY = f"/klinik/jadwal?layanan=koperasi&tanggal={MONDAY}"
BR = {"Accept-Encoding": "br"}


def weight(client: CheckedClient, url: str, *, target: str = "") -> int:
    """The heaviest of the three languages, as it travels."""
    found = []
    for language in LANGUAGES:
        address = f"{url}{'&' if '?' in url else '?'}bahasa={language}"
        headers = {**BR, **({"HX-Request": "true", "HX-Target": target} if target else {})}
        answer = client.get(address, headers=headers, check=False)
        assert answer.status_code == 200
        found.append(len(answer.get_data()))
    return max(found)


def test_the_pages_are_light(client: CheckedClient, figure: Callable[[str], None]) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(-7, 14) if n % 7 < 5]
    open_clinic(experts=5, days=days)
    link = booked_page(client)
    weights = {
        "booking page": (weight(client, DAY), 6 * KB),
        "booking that waits on a phone, mended": (weight(client, "/klinik/pesan"), 6 * KB),
        "day block": (weight(client, DAY, target="day"), 2 * KB),
        "front page of the clinic": (weight(client, "/klinik"), 6 * KB),
        "wish": (weight(client, "/klinik/minta-jadwal"), 6 * KB),
        "appointment": (weight(client, link), 6 * KB),
        "another time": (weight(client, f"{link}/ubah"), 6 * KB),
        "front page of the site": (weight(client, "/"), 8 * KB),
        "next times": (weight(client, "/klinik/terdekat", target="terdekat"), 1 * KB),
    }
    for name, (size, most) in weights.items():
        figure(f"{size:6} of {most} bytes: {name}")
    assert {name: sizes for name, sizes in weights.items() if sizes[0] > sizes[1]} == {}


def test_thirty_weeks_of_slots_ask_no_more_of_the_database(
    client: CheckedClient, figure: Callable[[str], None]
) -> None:
    experts = [make_expert() for _ in range(5)]
    desks = [make_desk() for _ in range(5)]

    def fill(first: int, weeks: int) -> None:
        days = [
            MONDAY + timedelta(days=7 * week + n) for week in range(first, first + weeks) for n in range(5)
        ]
        for expert, desk in zip(experts, desks, strict=True):
            put_on_duty(expert, *days, desk_id=desk)
        slots(days[0], days[-1])

    def cost(url: str, *, target: str = "") -> tuple[int, int]:
        """Statements, and steps of SQLite's machine."""
        with statements_sent() as sent, sqlite_steps() as steps:
            client.htmx(url, target=target) if target else client.get(url)
        return len(sent), len(steps)

    def costs() -> list[tuple[int, int]]:
        cost(DAY)  # reads what is kept until somebody writes
        return [cost(DAY), cost(DAY, target="day")]

    fill(0, 1)
    one = costs()
    fill(1, 29)
    many = costs()
    figure(f"statements and steps for one week {one}, for thirty {many}")
    assert db.engine.dialect.name != "sqlite" or min(steps for _, steps in one) > 0
    for (statements_of_one, steps_of_one), (statements, steps) in zip(one, many, strict=True):
        assert statements == statements_of_one
        assert steps <= steps_of_one * 1.2
