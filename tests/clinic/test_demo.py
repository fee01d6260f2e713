"""Practice data of the clinic: in short blocks, the same each time, gone on with where it broke off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.clinic import demo
from app.clinic.forms.experts import read_link
from app.clinic.models import Booking, DutyDay, Expert, Feedback, Slot
from app.clinic.rules.booking import Mode
from app.core.db import db
from app.registry.models import Submission
from tests.factories.clinic import make_expert

MONDAY = date(2026, 11, 23)
PLACES = ["32.01.01", "32.01.21"]


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test."""
    monkeypatch.setattr(demo, "_LONGEST_REST", 0.0)


def fill() -> demo.DemoClinic:
    """As ``flask demo load`` does."""
    return demo.fill_clinic(seed=1, today=MONDAY, kecamatan=PLACES)


def counted() -> tuple[int, ...]:
    """How much there is of everything."""
    db.session.rollback()
    tables = (Expert, DutyDay, Slot, Booking, Feedback, Submission)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_it_fills_four_weeks_behind_and_four_ahead_once(app: Flask) -> None:
    made = fill()
    assert made.experts == 5
    assert made.bookings > 200
    first, last = db.session.execute(select(func.min(Booking.starts_at), func.max(Booking.starts_at))).one()
    assert first.date() < date(2026, 10, 30)
    assert last.date() > date(2026, 12, 15)
    before = counted()
    assert fill() == demo.DemoClinic(0, 0)
    assert counted() == before


def test_zoom_is_practised_too_with_rooms_that_are_nobodys(app: Flask) -> None:
    """Links as the form takes them, on a reserved host; one expert has none, and still some appointments do."""
    fill()
    rooms = db.session.scalars(select(Expert.meeting_link)).all()
    assert sorted(map(bool, rooms)) == [False, True, True, True, True]
    met = (Booking.mode == Mode.ONLINE, Expert.id == Booking.expert_id)
    pairs = db.session.execute(select(Booking.meeting_link, Expert.meeting_link).where(*met)).all()
    shown = [own or room for own, room in pairs]
    links = {*shown, *rooms} - {""}
    assert [read_link(link) for link in links] == list(links)
    assert {link.split("/")[2] for link in links} == {"zoom.example"}
    assert 0 < shown.count("") < len(shown) / 3, "seldom a warning"
    assert any(own and not room for own, room in pairs)
    assert any(own and room for own, room in pairs)
    elsewhere = select(Booking.id).where(Booking.mode != Mode.ONLINE, Booking.meeting_link != "")
    assert db.session.scalar(elsewhere.limit(1)) is None


def test_no_block_writes_more_than_a_day_or_a_week_of_slots(app: Flask) -> None:
    """Who works on the same database waits for one block, never for all of it."""
    blocks: list[int] = []
    written = 0

    def write(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        nonlocal written
        if statement.startswith(("INSERT", "UPDATE")):
            written += len(parameters) if isinstance(parameters, list) else 1

    def end(_connection: Any) -> None:
        nonlocal written
        blocks.append(written)
        written = 0

    event.listen(db.engine, "before_cursor_execute", write)
    event.listen(db.engine, "commit", end)
    try:
        made = fill()
    finally:
        event.remove(db.engine, "before_cursor_execute", write)
        event.remove(db.engine, "commit", end)
    assert len([one for one in blocks if one]) > 40, "five weeks of slots, and forty days"
    assert max(blocks) < 250, blocks
    assert sum(blocks) > 3 * made.bookings


def test_broken_off_it_is_gone_on_with_to_the_same_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real, days = demo._fill_day, 0

    def breaks(*args: Any, **more: Any) -> int:
        nonlocal days
        days += 1
        if days == 30:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(demo, "_fill_day", breaks)
    with pytest.raises(KeyboardInterrupt):
        fill()
    half = counted()
    monkeypatch.undo()
    made = fill()
    assert made.experts == 0
    assert made.bookings > 50
    _experts, _duties, _slots, bookings, *_rest = counted()
    assert bookings == half[3] + made.bookings
    assert fill().bookings == 0


def test_a_clinic_of_others_is_left_alone(app: Flask) -> None:
    make_expert("Bapak Sungguhan")
    assert fill() == demo.DemoClinic(0, 0)
    assert counted()[2:] == (0, 0, 0, 0)
