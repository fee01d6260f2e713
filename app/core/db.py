"""Database handle, model base, column types.

Models are declared on our own ``Base`` and read with ``select()``; Flask-SQLAlchemy only opens and closes the
session, so that replacing it would touch this file alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive value is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database. Raises ValueError for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, str: String()}


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A column of one of the values of ``kind``, stored as its snake_case value with a named check."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [m.value for m in members],
    )


db = SQLAlchemy(metadata=Base.metadata)  # our own Base; its Model is never used


def insert_into(session: Session, table: Any) -> postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the session's database; SQLite took over PostgreSQL's."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: postgresql.Insert = insert(table)
    return statement


def constraint_name(error: Exception) -> str:
    """Name of the constraint that an IntegrityError broke ('' when unknown).

    PostgreSQL names it; SQLite names the columns, from which the naming convention gives the same name.
    """
    original: Any = getattr(error, "orig", error)
    diagnosis = getattr(original, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    text = str(original)
    if "UNIQUE constraint failed: " in text:
        columns = text.split("UNIQUE constraint failed: ", 1)[1].split(", ")
        table = columns[0].split(".")[0]
        return f"uq_{table}_" + "_".join(c.split(".")[-1] for c in columns)
    if "CHECK constraint failed: " in text:
        return text.split("CHECK constraint failed: ", 1)[1]
    return ""
