"""A time that is given back is offered again after a random while, so that nobody can pass it on to a friend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.clinic.models import Setting, Slot
from app.clinic.queries.free import list_free_times
from app.clinic.rules.booking import BookingStatus
from app.clinic.services import cancelling
from app.clinic.services.cancelling import cancel
from app.clinic.services.moving import move
from app.core.access import ANONYMOUS
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import Received
from tests.factories.clinic import TUESDAY, asked, booked, booking_of, open_clinic, wib

NINE = wib(TUESDAY, "09.00")
At = Callable[[str], None]


def is_offered(clock: str = "09.00") -> bool:
    db.session.rollback()
    return any(
        time.starts_at == wib(TUESDAY, clock)
        for time in list_free_times(db.session(), asked(), TUESDAY, now=now())
    )


def cancelled(received: Received) -> None:
    identity = booking_of(received).id
    atomically(lambda s: cancel(s, identity, actor=ANONYMOUS))


def pause_of(received: Received) -> timedelta:
    """How long after it was cancelled the time of a booking is offered again."""
    booking = booking_of(received)
    slot = db.session().get_one(Slot, booking.slot_id)
    assert slot.offered_from is not None
    assert booking.cancelled_at is not None
    return slot.offered_from - booking.cancelled_at


@pytest.fixture
def nine_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot falls on nine minutes."""
    monkeypatch.setattr(cancelling._CHANCE, "randint", lambda least, most: 9 * 60, raising=False)


@pytest.mark.usefixtures("nine_minutes")
def test_nobody_gets_it_before_the_pause_is_over(app: Flask, at: At) -> None:
    open_clinic()
    received = booked(NINE)
    cancelled(received)
    assert booking_of(received).status is BookingStatus.CANCELLED_BY_CLIENT
    assert not is_offered()
    at("2026-11-23T09:08:30+07:00")
    assert not is_offered()
    at("2026-11-23T09:09:30+07:00")
    assert is_offered()


@pytest.mark.usefixtures("nine_minutes")
def test_who_moves_gives_the_old_time_back_in_the_same_way(app: Flask, at: At) -> None:
    open_clinic()
    identity = booking_of(booked(NINE)).id
    atomically(lambda s: move(s, identity, asked(), wib(TUESDAY, "10.00"), actor=ANONYMOUS))
    assert not is_offered()
    at("2026-11-23T09:09:30+07:00")
    assert is_offered()


def test_the_pause_differs_and_stays_within_what_the_office_set(app: Flask) -> None:
    open_clinic(experts=4)
    clocks = ("09.00", "09.30", "10.00", "10.30", "11.00")
    taken = [booked(wib(TUESDAY, clock)) for clock in clocks for _ in range(4)]
    for received in taken:
        cancelled(received)
    pauses = {pause_of(received) for received in taken}
    assert len(pauses) > 5, "twenty lots of 901 possible seconds"
    assert all(timedelta(0) <= pause < timedelta(minutes=16) for pause in pauses), (
        "from 0 to 15, and the deed itself"
    )


def test_with_nought_it_is_offered_at_once(app: Flask) -> None:
    atomically(lambda s: s.execute(insert(Setting), {"name": "reoffer_minutes", "value": 0}))
    open_clinic()
    cancelled(booked(NINE))
    assert is_offered()
    assert db.session.scalars(select(Slot.starts_at).where(Slot.offered_from > now())).all() == []
