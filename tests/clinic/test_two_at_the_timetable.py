"""Two officers change the timetable at one moment: the second sees what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clinic.models import DutyDay, OpeningHours
from app.clinic.rules.hours import HoursKind
from app.clinic.rules.roster import copied
from app.clinic.rules.timetable import Service, ordinary_hours
from app.clinic.services import roster, timetable
from app.core.db import db
from app.core.transaction import atomically
from tests.factories.clinic import OFFICE, TUESDAY, make_desk, make_expert, put_on_duty

DECEMBER = date(2026, 12, 1)


@contextmanager
def both_waiting(where: Any, name: str, rule: Callable[..., Any]) -> Iterator[None]:
    """Who has looked at what is there waits a moment for the other one, before anything is written."""
    meeting = threading.Barrier(2)

    def wait(*values: Any) -> Any:
        with suppress(threading.BrokenBarrierError):  # alone, as it should be
            meeting.wait(timeout=0.5)
        return rule(*values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, wait)
        yield


def at_once(app: Flask, deed: Callable[[Session], object]) -> list[BaseException]:
    """Two of them; what went wrong."""
    wrong: list[BaseException] = []

    def do() -> None:
        with app.app_context():
            try:
                atomically(deed)
            except BaseException as error:  # noqa: BLE001 - the test says what it was
                wrong.append(error)

    both = [threading.Thread(target=do) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    db.session.rollback()
    return wrong


def test_a_month_copied_twice_at_once_is_copied_once(app: Flask) -> None:
    put_on_duty(make_expert(), TUESDAY, desk_id=make_desk())
    with both_waiting(roster, "copied", copied):
        assert at_once(app, partial(roster.copy_month, month=DECEMBER, actor=OFFICE)) == []
    days = db.session.scalars(select(DutyDay.day).where(DutyDay.day >= DECEMBER).order_by(DutyDay.day)).all()
    assert days == [date(2026, 12, 22), date(2026, 12, 29)], "the fourth Tuesday, and the fifth after it"


def test_the_offices_proposal_is_written_down_once(app: Flask) -> None:
    deed = partial(
        timetable.add_hours,
        services=[Service.COOPERATIVE],
        weekdays=[5],
        starts=ordinary_hours(TUESDAY)[0].starts,
        ends=ordinary_hours(TUESDAY)[0].ends,
        kind=HoursKind.BESIDE,
        valid_from=TUESDAY,
        valid_until=None,
        actor=OFFICE,
    )
    with both_waiting(timetable, "ordinary_hours", ordinary_hours):
        assert at_once(app, deed) == []
    lines = db.session.scalar(select(func.count()).select_from(OpeningHours).where(OpeningHours.weekday < 5))
    assert lines == 10
