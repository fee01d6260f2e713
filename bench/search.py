"""Search: how often a name with one wrong letter is found, and what a search costs as the registry grows.

Both databases; 2,000 and 50,000 cooperatives with the names of the demonstration data.
"""

from __future__ import annotations

import os
import random
import shutil
import string
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

import flask_migrate
from flask import Flask
from sqlalchemy import select, text

from app import create_app
from app.config import read_settings
from app.cooperatives.demo import DemoDesa, demo_cooperatives
from app.cooperatives.services.record_values import NewRecord
from app.cooperatives.services.records import create_records
from app.core.access import ANONYMOUS
from app.core.db import db
from app.core.transaction import atomically
from app.regions.queries import places
from app.regions.rules import DesaStatus
from app.registry.queries.searching import record_table, search_page
from app.registry.rules import RecordKind
from bench.table import Row
from tests import postgres

FEW, MANY = 2_000, 50_000
ASKED = 500
FIRST_TEN = 10
BLOCK = 250
KIND = RecordKind.COOPERATIVE
DAY = date(2026, 11, 23)


def run() -> list[Row]:
    """Rows for the table."""
    rows: list[Row] = []
    for name in os.environ.get("BENCH_DATABASES", "sqlite postgresql").split():
        with _database(name) as url:
            rows += _measure(name, url)
    return rows


@contextmanager
def _database(name: str) -> Iterator[str]:
    """DATABASE_URL of an empty database, gone afterwards."""
    if name == "postgresql":
        cluster = postgres.start()
        try:
            yield cluster.url("postgres")
        finally:
            cluster.stop()
    else:
        folder = tempfile.mkdtemp(prefix="bench-search-")
        yield f"sqlite:///{folder}/bench.sqlite3"
        shutil.rmtree(folder)


def _measure(name: str, url: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(read_settings({"INSTANCE_PATH": instance, "DATABASE_URL": url}))
        names = _prepare(app)
        with app.app_context():
            _fill(names[:FEW])
            few = _milliseconds()
            began = time.perf_counter()
            _fill(names[FEW:])
            per_record = (time.perf_counter() - began) / (MANY - FEW) * 1000
            many = _milliseconds()
            found = _found_among_the_first(FIRST_TEN)
            db.session.remove()
            db.engine.dispose()
    return [
        Row(f"{name}: names with one wrong letter found among the first ten", found * 100, "%", least=95),
        # The limit of twofold is on a whole look-up (lookup.py); the search is a part of it, told for itself.
        Row(f"{name}: search by words typed right, median, 50,000 by 2,000", many[0], "ms", few[0]),
        Row(f"{name}: search by words with one wrong letter, the same", many[1], "ms", few[1]),
        Row(f"{name}: creating a record with its search words", per_record, "ms"),
    ]


def _prepare(app: Flask) -> list[NewRecord]:
    with app.app_context():
        flask_migrate.upgrade(directory=str(Path(__file__).parent.parent / "migrations"))
    app.test_cli_runner().invoke(args=["regions", "load"])
    with app.app_context():
        desa = [DemoDesa(d.code, d.name, d.status is DesaStatus.KELURAHAN) for d in places().desa]
        return list(demo_cooperatives(MANY, desa, seed=1, today=DAY))


def _fill(records: list[NewRecord]) -> None:
    for at in range(0, len(records), BLOCK):
        _create(records[at : at + BLOCK])
    atomically(lambda s: s.execute(text("ANALYZE")))


def _create(block: list[NewRecord]) -> None:
    atomically(lambda s: create_records(s, block, actor=ANONYMOUS, deed="cooperative.imported"))


def _sample(seed: int) -> list[tuple[int, str]]:
    table = record_table(KIND)
    rows = db.session.execute(select(table.c.id, table.c.name).order_by(table.c.id)).all()
    return [row._tuple() for row in random.Random(seed).sample(rows, ASKED)]


def _milliseconds() -> tuple[float, float]:
    """Median of a search for two words of a name, typed right and with one wrong letter."""
    chance = random.Random(7)
    asked = [" ".join(name.split()[-2:]) for _, name in _sample(2)]
    wrong = [one_wrong_letter(words, chance) for words in asked]
    return median(map(_search_time, asked)), median(map(_search_time, wrong))


def _search_time(words: str) -> float:
    began = time.perf_counter()
    search_page(KIND, words, public=True)
    return (time.perf_counter() - began) * 1000


def _found_among_the_first(first: int) -> float:
    chance = random.Random(11)
    hits = 0
    for record_id, name in _sample(3):
        result = search_page(KIND, one_wrong_letter(name, chance), public=True, size=first)
        hits += result is not None and record_id in result.ids
    return hits / ASKED


def one_wrong_letter(name: str, chance: random.Random) -> str:
    """``name`` with one of its letters replaced by another."""
    at = chance.choice([i for i, c in enumerate(name) if c.isalpha()])
    other = chance.choice([c for c in string.ascii_lowercase if c != name[at].lower()])
    return name[:at] + other + name[at + 1 :]
