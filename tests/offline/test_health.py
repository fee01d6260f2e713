"""Signs of life: each fault flips readiness, and nothing is said about anybody."""

from __future__ import annotations

import shutil
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from app.core import health
from app.core.db import db
from app.core.limits import RateCounter
from app.core.transaction import atomically
from tests.checked_client import CheckedClient


class Usage(NamedTuple):
    """As shutil gives it."""

    total: int
    used: int
    free: int


def parts(client: CheckedClient) -> tuple[int, dict[str, Any]]:
    """Status and body of /siap."""
    answer = client.get("/siap")
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = answer.get_json()
    return answer.status_code, found


def test_alive_is_exactly_these_words(client: CheckedClient) -> None:
    answer = client.get("/hidup")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"kop-ukm hidup", "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready(client: CheckedClient) -> None:
    assert parts(client) == (200, {"ok": True, "database": True, "migration": True, "disk": True})


def test_the_write_probe_leaves_nothing(client: CheckedClient) -> None:
    parts(client)
    assert db.session.execute(select(RateCounter)).all() == []


def test_a_database_that_refuses_writes_is_not_ready(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(health, "_probe", refuse)
    assert parts(client) == (503, {"ok": False, "database": False, "migration": True, "disk": True})


def test_a_database_that_is_gone_is_not_ready(app: Flask, client: CheckedClient) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("", {}, Exception("connection refused"))

    event.listen(db.engine, "begin", gone)
    try:
        status, found = parts(client)
    finally:
        event.remove(db.engine, "begin", gone)
    assert (status, found) == (503, {"ok": False, "database": False, "migration": False, "disk": True})


def test_tables_of_another_version_are_not_ready(client: CheckedClient) -> None:
    atomically(lambda s: s.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert parts(client) == (503, {"ok": False, "database": True, "migration": False, "disk": True})


def test_a_full_disk_is_not_ready(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, health.LEAST_FREE_BYTES - 1))
    assert parts(client) == (503, {"ok": False, "database": True, "migration": True, "disk": False})


def test_a_disk_with_just_enough_room_is_ready(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, health.LEAST_FREE_BYTES))
    assert parts(client)[0] == 200
