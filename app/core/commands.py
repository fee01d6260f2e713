"""Command groups of the rooms: a database that is not ready is a sentence that says what to do, no stack trace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask.cli import AppGroup
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.core.db import db
from app.core.health import wanted_revision

P = ParamSpec("P")
T = TypeVar("T")


class CommandGroup(AppGroup):
    """A group whose commands work with the tables, and therefore look first whether they are there."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], click.Command]:  # type: ignore[override]
        """Declare a command, as in any group."""
        declare = super().command(*args, **kwargs)

        def decorate(deed: Callable[..., Any]) -> click.Command:
            return declare(_looking_first(deed))

        return decorate


def _looking_first(deed: Callable[P, T]) -> Callable[P, T]:
    @wraps(deed)
    def look_and_do(*args: P.args, **kwargs: P.kwargs) -> T:
        refuse_unready()
        return deed(*args, **kwargs)

    return look_and_do


def refuse_unready() -> None:
    """Raises ClickException (exit code 1) unless the database answers and has the tables of this version."""
    try:
        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except SQLAlchemyError as error:
        if isinstance(error, OperationalError) and db.engine.dialect.name != "sqlite":
            raise click.ClickException(
                "Basis data tidak menjawab. Periksa DATABASE_URL, lalu coba lagi."
            ) from error
        found = []
    if found != [wanted_revision()]:
        raise click.ClickException(
            "Basis data belum siap. Jalankan dulu: .venv/bin/flask --app wsgi db upgrade"
        )
