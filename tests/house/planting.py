"""Applications with something bad planted in them, to see a guard fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Engine

import app as house
from app.core.db import db
from tests.conftest import make_app
from tests.databases import Database

Plant = Callable[[Blueprint], Flask]


def planter(monkeypatch: pytest.MonkeyPatch, application: Flask, database: Database) -> Plant:
    """``plant(blueprint)``: an application that has this room besides all others, on the test's database."""

    def plant(blueprint: Blueprint) -> Flask:
        module = ModuleType(f"app.{blueprint.name}")
        module.room = blueprint  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(house, "ROOMS", (*house.ROOMS, blueprint.name))
        app = make_app(application.config["SETTINGS"].instance_path, database.url)
        with app.app_context():
            database.watch(engine := db.engine)
        _opened.append(engine)
        return app

    return plant


_opened: list[Engine] = []


def close_all() -> None:
    """Close connections of planted applications, so that the database can be put back."""
    while _opened:
        _opened.pop().dispose()
