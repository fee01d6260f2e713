"""Writing: one short explicit block, everything else read-only at the database.

Why not "one transaction per request": with 200 ms of slow work inside a POST, SQLite turned 34 of 200 requests
away as locked; with explicit blocks none. And since reads run with ``query_only``, a GET that writes fails at
the database instead of waiting for a reviewer to notice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session

from app.core.db import db

TRIES = 4
_RETRYABLE_STATES = {"40001", "40P01"}  # serialization failure, deadlock
_IN_BLOCK = "inside_write_block"
_MAY_WRITE = "may_write"  # how the switch of a SQLite connection stands
_RESTS_SINCE = "rests_since"
REST_SECONDS = 1.0  # a connection to PostgreSQL that lay still for so long is tried before it is used

_PATIENCE_SECONDS = 5.0  # as long as SQLite itself waits (busy_timeout)
_turn = threading.Lock()

T = TypeVar("T")


class NestedWriteError(RuntimeError):
    """``atomically`` was called inside ``atomically``: a service tried to open its own block."""


def tune(engine: Engine) -> None:
    """Attach the read-only default and the per-database settings to ``engine``. Call once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_try_after_rest, engine.dialect))
        # psycopg sends many rows in one go by itself, 2.5 times as fast as one long VALUES with all of them
        engine.dialect.use_insertmanyvalues_wo_returning = False


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves, not the driver
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged registration survives a power cut
        "foreign_keys=ON",
        "journal_size_limit=67108864",
        "cache_size=-1000",  # 1 MB for each of the threads' connections: the server stays small
    ):
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def _is_write(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("write", False))


def _begin_sqlite(connection: Connection) -> None:
    """Begin; the switch between reading and writing is thrown only when it stands the other way."""
    write = _is_write(connection)
    if connection.info.get(_MAY_WRITE) is not write:
        connection.exec_driver_sql(f"PRAGMA query_only={int(not write)}")
        connection.info[_MAY_WRITE] = write
    if write:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # waits for nobody, so there is no error to be told as SQLAlchemy's; every page begins so
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Reading needs no transaction: PostgreSQL shows each statement what is committed, inside one or not.

    So every statement stands for itself and is read-only by the default of its connection. BEGIN, SET TRANSACTION
    and ROLLBACK around the four statements of a page were three more ways to the database and back.
    """
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")


def _begin_postgresql(connection: Connection) -> None:
    """Only a write block is a transaction; it says BEGIN READ WRITE with its first statement."""
    driver: Any = connection.connection.driver_connection
    write = _is_write(connection)
    if driver.autocommit is write:
        driver.autocommit = not write
    if write:
        driver.read_only = False
        connection.exec_driver_sql("SET LOCAL lock_timeout = '4s'")


def _note_rest(_connection: object, record: Any) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _try_after_rest(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """A connection that lay still may have been cut off meanwhile; trying it each time would double the ways."""
    if time.monotonic() - record.info.get(_RESTS_SINCE, time.monotonic()) < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error  # the others were cut off with it; the pool makes new ones


def atomically(deed: Callable[[Session], T], tries: int = TRIES) -> T:
    """Run ``deed(session)`` in one write transaction and return what it returns. The only way to write.

    ``deed`` must be pure database work of at most about 50 ms that may run again: hashing, parsing, rendering
    and network stay outside. Objects loaded before are expired, so pass ids and plain values in and out.

    Raises NestedWriteError inside another block; lets RuleBroken and every other error through after a
    rollback, so that a broken rule leaves neither a lock nor half a row behind.
    """
    session: Session = db.session()
    if session.info.get(_IN_BLOCK):
        raise NestedWriteError("atomically inside atomically: services never open a write block")
    session.info[_IN_BLOCK] = True
    try:
        with _in_turn(session):
            return _with_retries(session, deed, tries)
    finally:
        session.info[_IN_BLOCK] = False


@contextmanager
def _in_turn(session: Session) -> Iterator[None]:
    """Threads of this process write to SQLite one after the other, woken by whoever is done.

    SQLite's own waiting is a lottery: each sleeps a while and looks again, and in a crowd somebody loses it for
    seconds (64 at the clinic's door: 8 s; in turns 1.6 s). No strict line: a lock promises none. Who has waited too
    long here tries his luck there; other processes are met there anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    got = _turn.acquire(timeout=_PATIENCE_SECONDS)
    try:
        yield
    finally:
        if got:
            _turn.release()


def _with_retries(session: Session, deed: Callable[[Session], T], tries: int) -> T:
    for attempt in range(1, tries + 1):
        session.rollback()  # drop the read snapshot
        try:
            session.connection(execution_options={"write": True})
            result = deed(session)
            session.commit()
            return result
        except DBAPIError as error:
            session.rollback()
            if attempt == tries or not _worth_retrying(error):
                raise
            time.sleep(0.01 * 2**attempt)
        except BaseException:
            session.rollback()
            raise
    raise AssertionError("unreachable: the last try returns or raises")


def _worth_retrying(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_STATES or "database is locked" in str(error.orig)
