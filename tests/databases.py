"""The database of a test run: made once per worker from a migrated template with regions, put back after a write.

SQLite: the file is copied anew. PostgreSQL: tables that were written are emptied; where the template had rows in
them, the database itself is made anew from the template.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import flask_migrate
import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import Connection, Engine, event, inspect, text

from app.core.db import db
from tests import postgres

TEST_DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
SOCKETS = "TEST_POSTGRES_SOCKETS"  # set by the first process of a run for its workers
_WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)


def fill_template(app: Flask) -> None:
    """Migrations and regions into the empty database of ``app``."""
    with app.app_context():
        flask_migrate.upgrade(directory=str(postgres.PROJECT / "migrations"))
    done = app.test_cli_runner().invoke(args=["regions", "load"])
    if done.exit_code:
        raise RuntimeError(f"regions load: {done.output}") from done.exception
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Database(Protocol):
    """What fixtures need of a database."""

    @property
    def url(self) -> str:
        """DATABASE_URL of the working database."""

    @property
    def template_url(self) -> str:
        """DATABASE_URL of the template."""

    def make(self) -> None:
        """The working database, from the finished template."""

    def watch(self, engine: Engine) -> None:
        """Notice what is written through ``engine``."""

    def put_back(self, engine: Engine) -> None:
        """As the template was, if anything was written. No connection may be in use."""

    def drop(self) -> None:
        """Remove both."""


@dataclass
class SqliteDatabase:
    """Two files in ``folder``."""

    folder: Path
    dirty: bool = False

    @property
    def url(self) -> str:
        """DATABASE_URL of the working copy."""
        return f"sqlite:///{self.folder / 'test.sqlite3'}"

    @property
    def template_url(self) -> str:
        """DATABASE_URL of the template."""
        return f"sqlite:///{self.folder / 'template.sqlite3'}"

    def make(self) -> None:
        """A copy of the template in the place of the working file; whoever still holds the old one keeps that."""
        shutil.copyfile(self.folder / "template.sqlite3", self.folder / "fresh.sqlite3")
        for ending in ("-wal", "-shm"):
            (self.folder / f"test.sqlite3{ending}").unlink(missing_ok=True)
        (self.folder / "fresh.sqlite3").replace(self.folder / "test.sqlite3")
        self.dirty = False

    def watch(self, engine: Engine) -> None:
        """A committed write block makes it dirty."""

        @event.listens_for(engine, "commit")
        def _(connection: Connection) -> None:
            if connection.get_execution_options().get("write"):
                self.dirty = True

    def put_back(self, engine: Engine) -> None:
        """Copy anew where something was committed."""
        if self.dirty:
            engine.dispose()
            self.make()

    def drop(self) -> None:
        """The folder is temporary."""


@dataclass
class PostgresDatabase:
    """Two databases of the cluster behind ``sockets``, named after the worker."""

    sockets: Path
    worker: str
    written: set[str] = field(default_factory=set)
    seeded: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Of the working database."""
        return f"test_{self.worker}"

    @property
    def template(self) -> str:
        """Name of the template."""
        return f"template_{self.worker}"

    @property
    def url(self) -> str:
        """DATABASE_URL of the working database."""
        return postgres.database_url(self.sockets, self.name)

    @property
    def template_url(self) -> str:
        """DATABASE_URL of the template; creates it empty."""
        self._admin("CREATE DATABASE {}", self.template)
        return postgres.database_url(self.sockets, self.template)

    def _admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(
            host=str(self.sockets), user=postgres.SERVER_USER, dbname="postgres", autocommit=True
        ) as admin:
            admin.execute(sql.SQL(statement).format(*(sql.Identifier(n) for n in names)))

    def make(self) -> None:
        """Drop the working database and clone the template."""
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self._admin("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        self.written.clear()

    def watch(self, engine: Engine) -> None:
        """Notice tables named in writing statements; remember those that came filled."""
        with engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                if connection.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1')).first():
                    self.seeded.add(table)

        @event.listens_for(engine, "before_cursor_execute")
        def _(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if connection.get_execution_options().get("write"):
                self.written.update(name.lower() for name in _WRITES.findall(statement))

    def put_back(self, engine: Engine) -> None:
        """Empty what was written, past the triggers that keep history append-only."""
        if not self.written:
            return
        if self.written & self.seeded:
            engine.dispose()
            self.make()
            return
        with engine.connect().execution_options(write=True) as connection:
            known = set(inspect(connection).get_table_names())
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            names = ", ".join(f'"{t}"' for t in sorted(self.written & known))
            if names:
                connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            connection.commit()
        self.written.clear()

    def drop(self) -> None:
        """Drop both."""
        for name in (self.name, self.template):
            self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def database_of(worker: str, folder: Path) -> Database:
    """The database that TEST_DATABASE asks for."""
    if TEST_DATABASE == "sqlite":
        return SqliteDatabase(folder)
    if TEST_DATABASE == "postgresql":
        return PostgresDatabase(Path(os.environ[SOCKETS]), worker)
    raise RuntimeError("TEST_DATABASE: sqlite or postgresql")
