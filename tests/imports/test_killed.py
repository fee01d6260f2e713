"""kill -9 while a list comes in, and again while it is taken up: everything comes in, and nothing twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.imports.bringing import make_list, row
from tests.servers import PROJECT, RunningServer, running_server
from tests.sizes import size

pytestmark = pytest.mark.slow

ROWS, KILLS, SEED = size(1_500, 6_000), size(3, 15), 20261121
PATIENCE_SECONDS = 120.0


def test_killed_again_and_again(tmp_path: Path) -> None:
    names = [row(f"Koperasi Uji {n:05}", number=f"518/{n + 1}/BH/2004", men=n) for n in range(ROWS)]
    path = make_list(tmp_path, *names)
    chance = random.Random(SEED)
    with running_server(start=False) as server, _engine(server) as engine:
        command = ["cooperatives", "import", str(path)]
        for kill in range(KILLS):
            before = _applied(engine)
            process = _start(server, command, minutes=5 * kill)
            _wait(engine, process, beyond=before + chance.randrange(20, ROWS // (KILLS + 2)))
            process.kill()
            process.wait()
            assert _applied(engine) == _count(engine, "cooperative"), "a block came in half"
            command = ["imports", "resume"]
        last = _start(server, command, minutes=5 * KILLS)
        assert last.wait(PATIENCE_SECONDS) == 0
        assert _count(engine, "cooperative") == _applied(engine) == ROWS
        assert _count(engine, "history WHERE deed = 'cooperative.imported'") == ROWS
        assert _count(engine, "import_batch WHERE status = 'done'") == 1
        assert _sum(engine, "SELECT sum(records) FROM public_tally") == ROWS


@contextmanager
def _engine(server: RunningServer) -> Iterator[Engine]:
    engine = create_engine(server.environ["DATABASE_URL"])
    yield engine
    engine.dispose()


def _start(server: RunningServer, command: list[str], *, minutes: int) -> subprocess.Popen[bytes]:
    """A command, some minutes later by its clock: what it finds stalled has died."""
    later = datetime.now(UTC) + timedelta(minutes=minutes)
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=PROJECT,
        env={**os.environ, **server.environ, "CLOCK": later.isoformat()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(engine: Engine, process: subprocess.Popen[bytes], *, beyond: int) -> None:
    """Until more than ``beyond`` rows are in."""
    began = time.monotonic()
    while _applied(engine) <= beyond:
        assert process.poll() is None, "it was done before it was killed"
        assert time.monotonic() - began < PATIENCE_SECONDS
        time.sleep(0.005)


def _applied(engine: Engine) -> int:
    return _count(engine, "import_row WHERE applied")


def _count(engine: Engine, what: str) -> int:
    return _sum(engine, f"SELECT count(*) FROM {what}")


def _sum(engine: Engine, statement: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one() or 0)
