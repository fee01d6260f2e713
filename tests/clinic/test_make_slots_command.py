"""``flask clinic make-slots``: half hours of any days, week by week, any number of times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clinic.models import Slot
from app.core.audit import History
from app.core.db import db
from tests.factories.clinic import TUESDAY, booked, booking_of, make_desk, make_expert, put_on_duty, wib


def run(app: Flask, first: str, last: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["clinic", "make-slots", "--from", first, "--to", last])
    return done.exit_code, done.output


def test_each_week_is_a_block_of_its_own_and_twice_is_once(app: Flask) -> None:
    put_on_duty(make_expert(), *(TUESDAY + timedelta(weeks=n) for n in range(4)), desk_id=make_desk())
    assert run(app, "2026-11-24", "2026-12-15") == (
        0,
        "Jam konsultasi: 24 baru, 0 dihapus, 0 janji perlu dipindah.\n",
    )
    received = booked(wib(TUESDAY, "09.00"))
    assert "0 baru, 0 dihapus" in run(app, "2026-11-24", "2026-12-15")[1]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Slot)) == 24, "the last day belongs to it"
    blocks = select(func.count()).where(History.deed == "clinic.slots_made")
    assert db.session.scalar(blocks) == 4
    assert booking_of(received).alive


@pytest.mark.parametrize("days", [("2026-11-25", "2026-11-24"), ("2026-11-24", "2027-11-26")])
def test_days_the_wrong_way_round_and_more_than_a_year_are_refused(app: Flask, days: tuple[str, str]) -> None:
    code, words = run(app, *days)
    assert code == 1
    assert "Paling lama satu tahun" in words
