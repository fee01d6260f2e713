"""Whatever fails, wherever: a friendly page with the right status, no trace on the screen, nothing half written."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask, abort, render_template
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004 - of the pool

from app.core import language
from app.core.access import ANONYMOUS, Access, Room
from app.core.audit import History, record
from app.core.db import db
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.house.planting import Plant

TRACE_SIGNS = ("Traceback", "File &#34;", ".py", "sqlalchemy", "OperationalError", "planted fault")


def boom() -> NoReturn:
    """A fault with words that must not reach anybody."""
    raise RuntimeError("planted fault")


def in_template() -> str:
    """A fault while rendering."""
    return render_template("shared/error.html", title="x")  # its other names are missing


def half_written() -> str:
    """A fault after a write, inside the block."""

    def deed(session: object) -> None:
        record(db.session(), deed="half", subject="x", actor=ANONYMOUS)
        boom()

    atomically(deed)
    return ""


def busy() -> NoReturn:
    """The database stays locked."""
    raise OperationalError("INSERT", {}, Exception("database is locked"))


def crowded() -> NoReturn:
    """Every connection to the database is in use."""
    raise TimeoutError("QueuePool limit of size 8 overflow 4 reached")


def writes_while_reading() -> str:
    """A GET that writes without a block."""
    record(db.session(), deed="sneaked", subject="x", actor=ANONYMOUS)
    return ""


FAULTS: dict[str, tuple[Callable[[], object], int]] = {
    "view": (boom, 500),
    "template": (in_template, 500),
    "block": (half_written, 500),
    "busy": (busy, 503),
    "no-connection": (crowded, 503),
    "get-writes": (writes_while_reading, 500),
    "bad-request": (lambda: abort(400), 400),
    "teapot": (lambda: abort(418), 418),
}


@pytest.fixture
def faulty(plant: Plant) -> Flask:
    """An application with one address per fault."""
    room = Room("planted", __name__)
    for name, (view, _) in FAULTS.items():
        room.get(f"/rusak/{name}", access=Access.PUBLIC, endpoint=name)(view)
    return plant(room)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_a_page(faulty: Flask, name: str) -> None:
    answer = faulty.test_client().get(f"/rusak/{name}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == FAULTS[name][1]
    assert "<h1>" in text
    assert [sign for sign in TRACE_SIGNS if sign in text] == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_an_answer_for_machines(faulty: Flask, name: str) -> None:
    answer = faulty.test_client().get(f"/rusak/{name}", headers={"Accept": "application/json"})
    assert answer.status_code == FAULTS[name][1]
    assert answer.get_json()["ok"] is False
    assert [sign for sign in TRACE_SIGNS if sign in answer.get_data(as_text=True)] == []


@pytest.mark.parametrize("name", ["block", "get-writes"])
def test_a_fault_leaves_nothing_written(faulty: Flask, name: str) -> None:
    faulty.test_client().get(f"/rusak/{name}")
    db.session.rollback()
    assert db.session.execute(select(History)).all() == []


@pytest.mark.parametrize("name", ["busy", "no-connection"])
def test_busy_says_when_to_come_back_and_that_nothing_is_lost(faulty: Flask, name: str) -> None:
    answer = faulty.test_client().get(f"/rusak/{name}")
    assert answer.headers["Retry-After"] == "5"
    assert "masih aman" in answer.get_data(as_text=True)


def test_the_error_page_comes_though_the_database_is_gone(app: Flask, client: CheckedClient) -> None:
    def gone(*_: object) -> NoReturn:
        raise OperationalError("", {}, Exception("connection refused"))

    event.listen(db.engine, "begin", gone)
    client.enter("a session that must be looked up")
    try:
        answer = client.get("/akun")
    finally:
        event.remove(db.engine, "begin", gone)
    assert answer.status_code == 503
    assert "masih aman" in answer.get_data(as_text=True)


def test_the_error_page_comes_in_the_language_of_the_address(client: CheckedClient) -> None:
    page = client.parsed(client.get("/tidak-ada?bahasa=en"))
    assert page.all("html")[0].get("lang") == "en"
    assert set(language.LANGUAGES) == {"id", "su", "en"}


def test_an_unknown_address_offers_search(client: CheckedClient) -> None:
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert [f for f in client.parsed(answer).all("form") if f.get("action") == "/koperasi"]
