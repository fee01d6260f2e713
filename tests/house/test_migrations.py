"""Migrations on the database of this run: one head, the same tables as the models, down and up again, with data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.core.access import ANONYMOUS
from app.core.audit import record
from app.core.db import Base, db
from app.core.transaction import atomically
from tests.conftest import make_app
from tests.databases import TEST_DATABASE
from tests.house.contents import contents
from tests.servers import scratch_database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _plain(sql: str) -> str:
    return re.sub(r"[\s\"()]+", " ", sql or "").strip().lower()


def schema(engine: Engine) -> dict[str, Any]:
    """Everything about tables that a migration could forget, in a form that can be compared."""
    found: dict[str, Any] = {}
    look = inspect(engine)
    for table in look.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], _plain(str(c["default"])))
                for c in look.get_columns(table)
            },
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted((u["name"], u["column_names"]) for u in look.get_unique_constraints(table)),
            "indexes": sorted(
                (str(i["name"]), i["column_names"], i["unique"])
                for i in look.get_indexes(table)
                if not str(i["name"]).startswith(
                    "ex_"
                )  # PostgreSQL's exclusion constraints: no model can say them
            ),
            "foreign": sorted(
                (f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in look.get_foreign_keys(table)
            ),
            "checks": sorted(
                (str(c["name"]), _plain(c["sqltext"])) for c in look.get_check_constraints(table)
            ),
        }
    return found


Step = Callable[[str], None]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own that no migration has seen."""
    with scratch_database(TEST_DATABASE, tmp_path) as url:
        app = make_app(tmp_path, url)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def to(revision: str) -> None:
    """Upgrade, or downgrade to "base"."""
    db.session.remove()
    if revision == "base":
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)
    else:
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def test_there_is_one_head_and_the_head_file_names_it() -> None:
    heads = _scripts().get_heads()
    assert heads == [(MIGRATIONS / ".current-head").read_text().strip()]


def test_every_migration_is_numbered_and_follows_the_one_before() -> None:
    scripts = sorted(_scripts().walk_revisions(), key=lambda s: s.revision)
    assert [s.revision for s in scripts] == [f"{n:04}" for n in range(1, len(scripts) + 1)]
    assert [s.down_revision for s in scripts] == [None, *(s.revision for s in scripts[:-1])]


def test_a_migration_imports_nothing_of_the_application() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert not re.search(r"^\s*(?:from|import) app\b", path.read_text(), re.MULTILINE), path.name


def test_migrations_make_the_tables_of_the_models(empty: Flask, tmp_path: Path) -> None:
    to("head")
    made = schema(db.engine)
    with scratch_database(TEST_DATABASE, tmp_path / "..") as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        wanted = schema(engine)
        engine.dispose()
    assert made.keys() == wanted.keys()
    for table, parts in wanted.items():
        assert made[table] == parts, table


def test_down_and_up_again_gives_the_same_tables(empty: Flask) -> None:
    to("head")
    before = schema(db.engine)
    to("base")
    assert schema(db.engine) == {}
    to("head")
    assert schema(db.engine) == before


def test_up_again_keeps_what_is_there(empty: Flask) -> None:
    """A second `db upgrade` (every `make run` does one) changes nothing."""
    to("head")
    atomically(lambda s: record(s, deed="test", subject="x", actor=ANONYMOUS))
    before = contents(but=())
    to("head")
    assert contents(but=()) == before


@pytest.mark.parametrize("table", ["history", "personal_access"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET subject = 'y'", "DELETE FROM {}"])
def test_history_is_append_only_at_the_database(app: Flask, table: str, deed: str) -> None:
    atomically(
        lambda s: s.execute(
            text(
                "INSERT INTO history (at, subject, deed, actor_name, note, request_id) "
                "VALUES (CURRENT_TIMESTAMP, 'x', 'test', '', '', '-')"
                if table == "history"
                else "INSERT INTO personal_access (at, actor_id, actor_name, subject, fields, purpose, request_id) "
                "VALUES (CURRENT_TIMESTAMP, 1, '', 'x', '', '', '-')"
            )
        )
    )
    with pytest.raises(DBAPIError, match="append-only"):
        atomically(lambda s: s.execute(text(deed.format(table))))


def test_a_rebuilt_table_keeps_the_rows_that_point_to_it(app: Flask) -> None:
    """SQLite rebuilds a table to change it; with foreign keys on that would be refused or would empty others."""
    before = contents(but=())
    db.session.remove()
    with db.engine.connect().execution_options(write=True) as connection:
        if TEST_DATABASE == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        from alembic.operations import Operations
        from alembic.runtime.migration import MigrationContext
        from sqlalchemy import Column, String

        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("kecamatan") as batch:
            batch.add_column(Column("planted", String(3)))
        with operations.batch_alter_table("kecamatan") as batch:
            batch.drop_column("planted")
        connection.commit()
        if TEST_DATABASE == "sqlite":
            raw.execute("PRAGMA foreign_keys=ON")
    assert contents(but=()) == before
