"""Daily chores do their work, twice is harmless, and one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import Activity
from app.core.access import ANONYMOUS
from app.core.db import db
from app.core.limits import PUBLIC_FORMS_PER_PHONE, RateCounter, hit
from app.core.transaction import atomically
from app.registry.models import Holiday
from app.registry.services.holidays import remove_day_off
from app.staff import chores
from tests.factories.cooperatives import make_cooperative


def test_activity_follows_the_calendar(app: Flask, at: Callable[[str], None]) -> None:
    make_cooperative(legal_entity_date=date(2024, 1, 10))
    at("2027-06-01T09:00+07:00")
    assert chores.run_chores()["activity"] == 1
    db.session.rollback()
    assert db.session.scalar(select(Cooperative.activity)) is Activity.TO_CHECK
    assert chores.run_chores()["activity"] == 0


def test_a_new_office_knows_its_days_off_and_its_own_list_is_left_alone(app: Flask) -> None:
    assert chores.run_chores()["days off"] > 20
    db.session.rollback()
    assert db.session.get(Holiday, date(2026, 12, 25)) is not None
    atomically(lambda s: remove_day_off(s, day=date(2026, 12, 25), actor=ANONYMOUS))
    assert chores.run_chores()["days off"] == 0
    db.session.rollback()
    assert db.session.get(Holiday, date(2026, 12, 25)) is None


def test_old_limits_are_forgotten_and_fresh_ones_stay(app: Flask, at: Callable[[str], None]) -> None:
    hit(PUBLIC_FORMS_PER_PHONE, "6281234567890")
    assert chores.run_chores()["old limits"] == 0
    at("2026-11-26T09:00+07:00")
    assert chores.run_chores()["old limits"] == 1
    db.session.rollback()
    assert db.session.scalars(select(RateCounter)).all() == []


def test_a_failing_chore_does_not_stop_the_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("planted")

    monkeypatch.setitem(chores.CHORES, "activity", fail)
    done = chores.run_chores()
    assert done["activity"] == -1
    assert all(count >= 0 for name, count in done.items() if name != "activity")


def test_the_command_says_what_was_done(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert answer.exit_code == 0, answer.output
    assert "activity: 0" in answer.output
