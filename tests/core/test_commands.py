"""Commands on a database that is not ready: a sentence that says what to run first, for every group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from app import create_app
from app.config import read_settings
from app.core.commands import CommandGroup
from app.core.db import db

# ``db`` makes the tables; keys are a file.
NEED_NO_TABLES = {"db", "keys"}
SENTENCE = "Jalankan dulu: .venv/bin/flask --app wsgi db upgrade"


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database is an empty file."""
    settings = read_settings(
        {"INSTANCE_PATH": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    )
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def _run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(app.cli, words, obj=ScriptInfo(create_app=lambda: app))


def _commands(app: Flask) -> Iterator[tuple[str, click.Command]]:
    for group in app.cli.commands.values():
        if group.name not in NEED_NO_TABLES:
            assert isinstance(group, CommandGroup), group.name
            for command in group.commands.values():
                yield f"{group.name} {command.name}", command


def _arguments(command: click.Command, file: str) -> list[str]:
    """The least that the command line takes."""
    words: list[str] = []
    for option in command.params:
        if option.required:
            flag = isinstance(option, click.Option) and option.is_flag
            names = [option.opts[0]] if isinstance(option, click.Option) else []
            words += names if flag else [*names, _value(option.type, file)]
    return words


def _value(kind: Any, file: str) -> str:
    if isinstance(kind, click.Choice):
        return str(getattr(kind.choices[0], "name", kind.choices[0]))
    if isinstance(kind, click.types.IntParamType):
        return str(getattr(kind, "min", None) or 1)
    if isinstance(kind, click.DateTime):
        return "2026-11-23"
    return file


def test_every_command_says_what_to_run_first(empty_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("nama\n", encoding="utf-8")
    commands = dict(_commands(empty_app))
    assert {name.split()[0] for name in commands} == {*empty_app.cli.commands} - NEED_NO_TABLES
    assert len(commands) > 12
    for name, command in commands.items():
        result = _run(empty_app, *name.split(), *_arguments(command, str(file)))
        assert result.exit_code == 1, (name, result.output)
        assert SENTENCE in result.output, (name, result.output)
        assert isinstance(result.exception, SystemExit), name


def test_help_needs_no_database(empty_app: Flask) -> None:
    for name, _command in _commands(empty_app):
        assert _run(empty_app, *name.split(), "--help").exit_code == 0, name


def test_tables_of_another_version_are_not_worked_on(empty_app: Flask) -> None:
    with empty_app.app_context(), db.engine.connect() as connection:
        connection.execution_options(write=True)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0000')"))
        connection.commit()
    assert SENTENCE in _run(empty_app, "regions", "load").output


def test_on_a_database_that_is_ready_the_command_is_done(app: Flask) -> None:
    result = _run(app, "regions", "load")
    assert result.exit_code == 0, result.output
    assert "40 kecamatan" in result.output
