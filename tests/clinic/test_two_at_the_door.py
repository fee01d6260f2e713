"""Two people book the same time at one moment, and two experts are free: both are served.

Which expert is free and who has least to do is looked up before it is written; no index can see that. On PostgreSQL
only ``lock_days`` keeps the second from looking before the first has written, and from being sent away although
somebody is free. SQLite writes one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.models import Booking
from app.clinic.queries.free import list_candidates
from app.clinic.services import taking
from app.clinic.services.moving import move
from app.core.db import db
from app.core.transaction import atomically
from tests.factories.clinic import OFFICE, TUESDAY, asked, booked, booking_of, open_clinic, wib

NINE, TEN = wib(TUESDAY, "09:00"), wib(TUESDAY, "10:00")


@contextmanager
def who_has_looked_waits_for_the_other() -> Iterator[None]:
    """Between looking for a free expert and writing the booking; who is alone there, as it should be, goes on."""
    meeting = threading.Barrier(2)
    look = list_candidates

    def look_and_wait(*values: Any, **named: Any) -> Any:
        found = look(*values, **named)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=1)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "list_candidates", look_and_wait)
        yield


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[BaseException]:
    """Each in a thread of its own; what went wrong."""
    wrong: list[BaseException] = []

    def do(deed: Callable[[], object]) -> None:
        with app.app_context():
            try:
                deed()
            except BaseException as error:  # noqa: BLE001 - the test says what it was
                wrong.append(error)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return wrong


def experts_at_nine() -> list[int]:
    db.session.rollback()
    statement = select(Booking.expert_id).where(Booking.starts_at == NINE, Booking.alive)
    return sorted(db.session.scalars(statement))


def test_two_who_book_at_once_get_an_expert_each(app: Flask) -> None:
    experts = open_clinic(experts=2)
    with who_has_looked_waits_for_the_other():
        deeds = [partial(booked, NINE, phone=phone) for phone in ("6281200000001", "6281200000002")]
        assert at_once(app, *deeds) == []
    assert experts_at_nine() == sorted(experts)


def test_two_who_move_at_once_get_an_expert_each(app: Flask) -> None:
    experts = open_clinic(experts=2)
    ids = [booking_of(booked(TEN, phone=phone)).id for phone in ("6281200000001", "6281200000002")]

    def moved(booking_id: int) -> None:
        atomically(lambda s: move(s, booking_id, asked(), NINE, actor=OFFICE))

    with who_has_looked_waits_for_the_other():
        assert at_once(app, *(partial(moved, booking_id) for booking_id in ids)) == []
    assert experts_at_nine() == sorted(experts)
