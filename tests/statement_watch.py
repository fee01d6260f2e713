"""Which SELECTs and other statements the database is sent, whichever way they go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from app.core.db import db
from app.core.statements import Form, Rows


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """Words of every statement sent while this is open: by SQLAlchemy, and by ``Ready`` past it."""
    seen: list[str] = []
    found = Form.found

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    def noted(self: Form, connection: Connection, parameters: Any) -> Rows:
        seen.append(self.words)
        return found(self, connection, parameters)

    event.listen(db.engine, "before_cursor_execute", note)
    Form.found = noted  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Form.found = found  # type: ignore[method-assign]
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def sqlite_steps() -> Iterator[list[None]]:
    """One entry for every step SQLite's machine takes while this is open; empty with PostgreSQL.

    What a question costs the database, the same on a busy machine and a quiet one.
    """
    steps: list[None] = []
    if db.engine.dialect.name != "sqlite":
        yield steps
        return

    def count(connection: Any, *_: object) -> None:
        connection.set_progress_handler(lambda: steps.append(None), 1)

    def stop(connection: Any, *_: object) -> None:
        connection.set_progress_handler(None, 0)

    event.listen(db.engine, "checkout", count)
    event.listen(db.engine, "checkin", stop)
    try:
        yield steps
    finally:
        event.remove(db.engine, "checkout", count)
        event.remove(db.engine, "checkin", stop)
