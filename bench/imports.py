"""A list brought in, beside a bare script on the same machine, database and file; its write blocks; its memory."""

from __future__ import annotations

import gc
import itertools
import os
import random
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

from app import create_app
from app.config import read_settings
from app.core.access import ANONYMOUS
from app.core.db import db
from app.core.transaction import atomically
from app.imports import jobs, staging
from app.imports.queries.batches import get_batch
from app.imports.reporting import write_row_report
from bench.bare_import import bare_import
from bench.lists import make_list
from bench.table import Row
from bench.uploading import bring_in_by_http
from tests import postgres
from tests.databases import SOCKETS
from tests.load import Client, form_of
from tests.servers import RunningServer, running_server, scratch_database

ROWS, MANY, ROUNDS = 1_845, 50_000, 5
MIB: Final = 2**20
CREATED: Final = 201


def run() -> list[Row]:
    """Rows for the table."""
    rows: list[Row] = []
    for name in os.environ.get("BENCH_DATABASES", "sqlite postgresql").split():
        with _cluster(name), tempfile.TemporaryDirectory(prefix="bench-imports-") as folder:
            rows += _beside_a_bare_script(name, Path(folder))
            rows += _many_rows(name, Path(folder))
    return rows


@contextmanager
def _cluster(name: str) -> Iterator[None]:
    """A durable PostgreSQL for all rounds; nothing for SQLite."""
    if name != "postgresql":
        yield
        return
    running = postgres.start(durable=True)
    os.environ[SOCKETS] = str(running.sockets)
    try:
        yield
    finally:
        del os.environ[SOCKETS]
        running.stop()


def _beside_a_bare_script(name: str, folder: Path) -> list[Row]:
    """The same list by both, in turns, each into a database of its own."""
    path = make_list(folder / "daftar.xlsx", ROWS)
    blocks: list[float] = []
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_seconds(name, folder, lambda: bare_import(path, db.engine, folder / "bare.xlsx")))
        ours.append(_seconds(name, folder, lambda: _bring_in(path, folder / "ours.xlsx", blocks)))
    what = f"{name}: {ROWS:,} rows: dry run, commit and report by a bare script"
    return [
        Row(what, median(ours), "s", median(bare), most=3),
        Row(f"{name}: longest write block of them", max(blocks) * 1000, "ms", most=200),
    ]


def _seconds(name: str, folder: Path, work: Callable[[], object]) -> float:
    """How long ``work`` takes in an application with a fresh database."""
    with scratch_database(name, folder, filled=True) as url:
        app = create_app(read_settings({"INSTANCE_PATH": str(folder / "instance"), "DATABASE_URL": url}))
        with app.app_context():
            db.engine.connect().close()
            gc.collect()
            gc.freeze()  # as the server does
            began = time.perf_counter()
            work()
            took = time.perf_counter() - began
            db.session.remove()
            db.engine.dispose()
    for ending in ("-wal", "-shm"):
        (folder / f"server.sqlite3{ending}").unlink(missing_ok=True)
    return took


def _bring_in(path: Path, report: Path, blocks: list[float]) -> None:
    """As ``flask cooperatives import FILE --report OUT``; notes how long each write block took."""

    def timed(deed: Any) -> Any:
        began = time.perf_counter()
        try:
            return atomically(deed)
        finally:
            blocks.append(time.perf_counter() - began)

    with patch("app.imports.jobs.atomically", timed), patch("app.imports.staging.atomically", timed):
        with path.open("rb") as stream:
            batch_id, found = staging.take_file(
                stream, file_name=path.name, kind="cooperatives", as_of=None, actor=ANONYMOUS
            )
        staging.read_file(batch_id, found)
        jobs.begin_commit(batch_id, ANONYMOUS)
        jobs.commit(batch_id, ANONYMOUS)
    write_row_report(get_batch(batch_id), report, in_clear=True)


def _many_rows(name: str, folder: Path) -> list[Row]:
    """A long list through the desk of a running server: memory of that process, and the time."""
    path = make_list(folder / "panjang.xlsx", MANY)
    with running_server(name, settings={"RATE_LIMITS": "off"}) as server:
        bring_in_by_http(server, make_list(folder / "kecil.xlsx", 50, seed=9))  # every module is loaded
        idle = server.resident_bytes()
        began = time.perf_counter()
        with _somebody_registers(server) as waited:
            brought_in = bring_in_by_http(server, path)
        took = time.perf_counter() - began
        peak = server.peak_bytes()
    what = f"{name}: {brought_in:,} of {MANY:,} rows"
    return [
        Row(f"{what}: peak memory over the idle server", (peak - idle) / MIB, "MB", most=250),
        Row(f"{what}: dry run, commit and report", took, "s"),
        Row(f"{what}: a registration meanwhile, 99 of 100", _percentile(waited, 99) * 1000, "ms", most=500),
        Row(f"{what}: the same, one of two", median(waited) * 1000, "ms"),
    ]


@contextmanager
def _somebody_registers(server: RunningServer) -> Iterator[list[float]]:
    """Four registrations a second, one after the other; how long each took."""
    waited: list[float] = []
    over = threading.Event()
    chance = random.Random(1)

    def work() -> None:
        client = Client(server)
        for number in itertools.count():
            form = form_of(chance, str(uuid.UUID(int=chance.getrandbits(128), version=4)), number)
            answer = client.post("/koperasi/daftar", form)
            if answer.status != CREATED:
                raise RuntimeError(f"a registration was answered with {answer.status}")
            waited.append(answer.seconds)
            if over.wait(0.25):
                return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield waited
    finally:
        over.set()
        thread.join()


def _percentile(seconds: list[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
