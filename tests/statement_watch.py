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
