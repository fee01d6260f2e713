"""How migrations run: one transaction, on the application's own connection, with limits that spare the others.

Rules for a migration: it works while the code before it is still running (a column goes in two steps), it has a
way back, it holds its locks for seconds at most, and it imports nothing of ``app`` (models move on, it does not).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context
from alembic.script import write_hooks
from flask import current_app
from sqlalchemy import Connection, Engine, False_, True_

from app import ROOMS
from app.core.db import Base, UtcDateTime, db

HEAD_FILE = Path(__file__).parent / ".current-head"


def import_all_models() -> None:
    """Every table must be known before the comparison."""
    for room in ROOMS:
        if (Path(current_app.root_path) / room / "models.py").exists():
            import_module(f"app.{room}.models")


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Our own column type is written as the plain type beneath, so that a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "server_default" and isinstance(getattr(item, "arg", None), (False_, True_)):
        return f"sa.{'true' if isinstance(item.arg, True_) else 'false'}()"  # "0" is no boolean on PostgreSQL
    return False


def number_revision(migration_context: Any, revision: Any, directives: list[Any]) -> None:
    """Numbers instead of random names."""
    for script in directives:
        script.rev_id = f"{int(context.script.get_current_head() or 0) + 1:04}"


@write_hooks.register("head_file")
def note_head(path: str, _options: dict[str, Any]) -> None:
    """Two branches with a new migration each collide at this file in git, not when the database is upgraded."""
    HEAD_FILE.write_text(Path(path).name.split("_")[0] + "\n", encoding="ascii")


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        process_revision_directives=number_revision,
        transactional_ddl=True,  # SQLite, too, rolls tables back; killed half-way it is the old form
        transaction_per_migration=True,
    )


def _run(engine: Engine) -> None:
    with engine.connect().execution_options(write=True) as connection:
        if engine.dialect.name == "sqlite":
            _run_sqlite(connection)
        else:
            _run_postgresql(connection)


def _run_postgresql(connection: Connection) -> None:
    """Rather fail after four seconds than queue every reader behind a waiting lock."""
    connection.exec_driver_sql("SET lock_timeout = '4s'")
    connection.exec_driver_sql("SET statement_timeout = '60s'")
    connection.commit()
    try:
        _migrate(connection)
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")
        connection.exec_driver_sql("RESET statement_timeout")
        connection.commit()


def _run_sqlite(connection: Connection) -> None:
    """A table that is rebuilt is dropped first; with foreign keys on that would empty the tables that point to it."""
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction, hence before it
    try:
        _migrate(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        connection.rollback()
        if broken:
            raise RuntimeError(
                f"{len(broken)} rows point to nothing after the migration, first in {broken[0][0]}"
            )
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    _configure(connection)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run on a database, not into a script")
import_all_models()
_run(db.engine)
