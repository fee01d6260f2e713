"""Fixtures of the tests of the house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.databases import Database
from tests.house.planting import Plant, close_all, planter


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch, app: Flask, database: Database) -> Iterator[Plant]:
    """See planting.py."""
    yield planter(monkeypatch, app, database)
    close_all()
