"""Writing happens in short blocks; everything else is read-only at the database."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.core import transaction
from app.core.clock import now
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.limits import RateCounter
from app.core.transaction import NestedWriteError, atomically
from tests.databases import TEST_DATABASE


def write(session: Session, key: str = "satu") -> str:
    session.execute(insert(RateCounter).values(key=key, window_starts=now(), hits=1))
    return key


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(RateCounter.key).order_by(RateCounter.key)))


def test_what_a_block_writes_stays(app: Flask) -> None:
    assert atomically(write) == "satu"
    assert kept() == ["satu"]


def test_a_write_outside_a_block_fails_at_the_database(app: Flask) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        write(db.session())
    assert kept() == []


def test_after_a_block_the_connection_only_reads_again(app: Flask) -> None:
    atomically(write)
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        write(db.session(), "dua")
    atomically(lambda s: write(s, "tiga"))
    assert kept() == ["satu", "tiga"]


def test_a_failed_block_leaves_neither_a_row_nor_a_lock(app: Flask) -> None:
    def break_a_rule(session: Session) -> None:
        write(session)
        raise RuleBroken("", "tidak boleh")

    with pytest.raises(RuleBroken):
        atomically(break_a_rule)
    assert kept() == []
    done: list[str] = []

    def other() -> None:
        with app.app_context():
            done.append(atomically(lambda s: write(s, "lain")))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(10)
    assert done == ["lain"]


def test_a_block_inside_a_block_is_a_mistake(app: Flask) -> None:
    with pytest.raises(NestedWriteError):
        atomically(lambda _session: atomically(write))
    assert atomically(write) == "satu"


def test_a_busy_database_is_tried_again(app: Flask) -> None:
    tries: list[int] = []

    def busy_twice(session: Session) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("planted", {}, Exception("database is locked"))
        return write(session)

    assert atomically(busy_twice) == "satu"
    assert len(tries) == 3
    assert kept() == ["satu"]


@pytest.mark.skipif(TEST_DATABASE != "sqlite", reason="PostgreSQL lets them wait in line itself")
def test_whoever_writes_at_the_same_time_waits_in_line(app: Flask) -> None:
    """Not in SQLite's lottery: here it would not wait at all, and the block would fail as locked."""
    begun, looked = threading.Event(), []

    def slow(session: Session) -> None:
        write(session, "pertama")
        begun.set()
        time.sleep(0.5)

    def first() -> None:
        with app.app_context():
            atomically(slow)

    def second(session: Session) -> None:
        looked.append(1)
        write(session, "kedua")

    def no_waiting(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    event.listen(db.engine, "checkout", no_waiting)
    try:
        thread = threading.Thread(target=first)
        thread.start()
        begun.wait()
        atomically(second, tries=1)
        thread.join()
    finally:
        event.remove(db.engine, "checkout", no_waiting)
        db.session.remove()
        db.engine.dispose()  # connections that do not wait are not for the next test
    assert kept() == ["kedua", "pertama"]
    assert looked == [1]


def test_other_trouble_is_not_tried_again(app: Flask) -> None:
    tries: list[int] = []

    def broken(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT no_such_column FROM rate_counter"))

    with pytest.raises(DBAPIError):
        atomically(broken)
    assert len(tries) == 1


def test_a_transaction_of_reads_sees_one_state(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads what is committed at each statement")
    assert kept() == []
    first = db.session.scalars(select(RateCounter.key)).all()

    def other() -> None:
        with app.app_context():
            atomically(write)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(10)
    assert db.session.scalars(select(RateCounter.key)).all() == first
    assert kept() == ["satu"]


def test_a_connection_that_was_cut_off_while_it_rested_is_made_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has nobody at the other end")
    monkeypatch.setattr(transaction, "REST_SECONDS", 0.0)
    assert kept() == []
    db.session.remove()
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ended = other.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {others}")).scalars().all()
    assert True in ended
    assert kept() == []


def test_reading_on_postgresql_is_one_way_per_statement(app: Flask) -> None:
    """No transaction stands open behind a page that was read, so nothing waits for it."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite reads one state per transaction")
    assert kept() == []
    driver = db.session.connection().connection.driver_connection
    assert driver is not None
    assert driver.info.transaction_status.name == "IDLE"
    assert db.session.scalar(text("SHOW transaction_read_only")) == "on"
    assert atomically(lambda s: s.execute(text("SHOW transaction_read_only")).scalar_one()) == "off"
