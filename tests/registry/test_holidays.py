"""The calendar of days off: loaded, added to, taken from; promises are counted with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.registry.models import Holiday
from tests.checked_client import CheckedClient
from tests.factories.desk import history, register

Enter = Callable[[str], CheckedClient]
PAGE = "/petugas/hari-libur"
ONE = {"day": "25-11-2026", "name": "Libur uji", "kind": "national"}


def kept() -> list[date]:
    """Days off in the table."""
    db.session.rollback()
    return list(db.session.scalars(select(Holiday.day).order_by(Holiday.day)))


def test_it_works(sign_in: Enter) -> None:
    boss = sign_in("administrator")
    assert boss.post(PAGE, data=ONE).status_code == 303
    assert kept() == [date(2026, 11, 25)]
    assert "Libur uji" in boss.get(f"{PAGE}?tahun=2026").text
    assert boss.post(f"{PAGE}/hapus", data={"day": "2026-11-25"}).status_code == 303
    assert kept() == []
    assert [line.deed for line in history("hari-libur")] == ["holidays.added", "holidays.removed"]


def test_a_promise_skips_a_day_off(client: CheckedClient, sign_in: Enter) -> None:
    assert register(client).due_on == date(2026, 11, 26)
    sign_in("administrator").post(PAGE, data=ONE)
    assert register(client, name="Koperasi Kedua", phone="081255556666").due_on == date(2026, 11, 27)


def test_the_list_of_the_project_is_loaded_once(sign_in: Enter) -> None:
    boss = sign_in("administrator")
    assert boss.post(f"{PAGE}/muat").status_code == 303
    loaded = kept()
    assert date(2026, 12, 25) in loaded
    boss.post(f"{PAGE}/muat")
    assert kept() == loaded
    assert len(history("hari-libur")) == 1


def test_by_command(app: Flask) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(args=["holidays", "load"])
    assert result.exit_code == 0, result.output
    assert len(kept()) > 20


@pytest.mark.parametrize(
    ("change", "status"), [({"day": "31-2-2026"}, 422), ({"name": ""}, 422), ({"kind": "x"}, 422)]
)
def test_wrong_input(sign_in: Enter, change: dict[str, str], status: int) -> None:
    assert sign_in("administrator").post(PAGE, data={**ONE, **change}).status_code == status
    assert kept() == []


def test_the_same_day_twice(sign_in: Enter) -> None:
    boss = sign_in("administrator")
    boss.post(PAGE, data=ONE)
    assert boss.post(PAGE, data=ONE).status_code == 409
    assert boss.post(f"{PAGE}/hapus", data={"day": "kemarin"}).status_code == 404


@pytest.mark.parametrize("name", ["officer", "dinas_officer", "leader", "companion"])
def test_only_the_administrator(sign_in: Enter, name: str) -> None:
    assert sign_in(name).get(PAGE).status_code == 403
    assert sign_in(name).post(PAGE, data=ONE).status_code == 403
    assert sign_in(name).post(f"{PAGE}/muat").status_code == 403
    assert kept() == []
