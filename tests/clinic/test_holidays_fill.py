"""``flask holidays fill``: a year's days off from the library; what an officer decided stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.models import Slot
from app.core.db import db
from app.core.workdays import HolidayKind, load_holiday_file
from app.registry.commands import library_days
from app.registry.models import Holiday
from tests.checked_client import CheckedClient
from tests.factories.clinic import make_expert, put_on_duty, slots
from tests.factories.desk import history

Enter = Callable[[str], CheckedClient]
CHRISTMAS = date(2027, 12, 25)
LABOUR = date(2027, 5, 1)


def fill(app: Flask, year: int = 2027) -> str:
    """What the command says."""
    done = app.test_cli_runner().invoke(args=["holidays", "fill", str(year)])
    assert done.exit_code == 0, done.output
    return done.output


def kept(year: int = 2027) -> dict[date, Holiday]:
    """The calendar of a year."""
    db.session.rollback()
    return {row.day: row for row in db.session.scalars(select(Holiday)) if row.day.year == year}


def test_a_year_is_filled_with_national_days_and_joint_leave(app: Flask) -> None:
    assert "baru" in fill(app)
    days = kept()
    assert days[CHRISTMAS].name == "Hari Raya Natal"
    assert days[LABOUR].kind == HolidayKind.NATIONAL
    assert len([d for d in days.values() if d.kind == HolidayKind.NATIONAL]) >= 16
    assert any(d.kind == HolidayKind.JOINT_LEAVE for d in days.values())
    assert days[date(2027, 3, 10)].estimated, "the moon decides"
    assert not days[CHRISTMAS].estimated
    assert not any("perkiraan" in d.name for d in days.values())


def test_again_adds_nothing(app: Flask) -> None:
    fill(app)
    before = len(kept())
    assert "0 baru" in fill(app)
    assert len(kept()) == before
    assert [line.deed for line in history("hari-libur")] == ["holidays.filled"]


def test_what_an_officer_wrote_or_took_off_stays(app: Flask, sign_in: Enter) -> None:
    fill(app)
    administrator = sign_in("administrator")
    for day in ("2027-05-01", "2027-12-24"):
        administrator.post("/petugas/hari-libur/hapus", data={"day": day})
    administrator.post(
        "/petugas/hari-libur", data={"day": "1-5-2027", "name": "Hari Buruh (digeser)", "kind": "joint_leave"}
    )
    fill(app)
    days = kept()
    assert (days[LABOUR].name, days[LABOUR].kind) == ("Hari Buruh (digeser)", HolidayKind.JOINT_LEAVE)
    assert date(2027, 12, 24) not in days


def test_a_year_without_joint_leave_says_so(app: Flask) -> None:
    assert "Cuti bersama tahun itu belum diumumkan" in fill(app, 2028)
    assert all(d.kind == HolidayKind.NATIONAL for d in kept(2028).values())


@pytest.mark.parametrize("year", ["2020", "2101", "tahun depan"])
def test_an_impossible_year_is_refused(app: Flask, year: str) -> None:
    assert app.test_cli_runner().invoke(args=["holidays", "fill", year]).exit_code == 2


def test_half_hours_of_a_day_that_is_filled_in_are_offered_no_more(
    app: Flask, sign_in: Enter, at: Callable[[str], None]
) -> None:
    at("2028-01-10T09:00+07:00")
    lunar = date(2028, 1, 26)
    put_on_duty(make_expert(), lunar)
    assert slots(lunar).added == 6, "nobody knew yet"
    fill(app, 2028)
    db.session.rollback()
    assert db.session.scalars(select(Slot)).all() == []


def test_the_library_agrees_with_the_list_that_comes_along() -> None:
    ours = {day.date for day in load_holiday_file() if day.date.year == 2026}
    assert {day.date for day in library_days(2026)} == ours
