"""``flask db ...`` without the weight: Alembic is loaded when a migration command asks for it, never to serve pages.

The serving process would otherwise carry some 10 MB and a third of its start time for commands it never runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

import click
from flask import Flask

from app.core.db import db

EXTENSION: Final = "migrate"


class LazyMigrate:
    """Stands where Flask-Migrate looks for its settings and makes them at the first look."""

    def __init__(self, app: Flask, directory: Path) -> None:
        self._app = app
        self._directory = directory

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(self._directory), render_as_batch=True)
        return getattr(self._app.extensions[EXTENSION], name)


class LazyCommands(click.Group):
    """Flask-Migrate's command group, loaded when one of its commands is asked for."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand over to the real group as soon as something is asked of it."""
        return _commands().make_context(info_name, args, parent, **extra)


def _commands() -> click.Group:
    from flask_migrate.cli import db as group

    return cast(click.Group, group)


def install(app: Flask, directory: Path) -> None:
    """Let ``flask db`` find this application's migrations in ``directory``."""
    app.extensions[EXTENSION] = LazyMigrate(app, directory)
    app.cli.add_command(LazyCommands("db", help="Perform database migrations."))
