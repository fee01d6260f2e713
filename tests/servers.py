"""The real server in a process of its own, on a free port of loopback, with its own instance folder and database.

``with running_server(url=...) as server:`` migrates, loads the regions, starts ``python -m app.serve`` and waits
until it answers. ``server.kill()`` is kill -9, ``server.stop()`` is SIGTERM, ``server.start()`` starts it again on
the same port and data.
"""

from __future__ import annotations

import atexit
import contextlib
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from tests import postgres
from tests.databases import SOCKETS, TEST_DATABASE

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0


def free_port() -> int:
    """A port of loopback that nobody holds now, and that no outgoing connection takes while a server restarts: those
    are numbered from 32768 on.
    """
    while True:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class RunningServer:
    """A server under test. ``environ`` are its settings; ``address`` is where it answers."""

    environ: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)
    clock_began: float = 0.0

    @property
    def address(self) -> str:
        """Like http://127.0.0.1:8711."""
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *command: str, input_text: str | None = None) -> str:
        """Run ``flask --app wsgi <command>`` against the same data; its output. Raises on failure."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=PROJECT,
            env={**os.environ, **self.environ},
            input=input_text,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(command)} -> {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> float:
        """Start and wait for /hidup; seconds until it answered."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.serve"],
                cwd=PROJECT,
                env={**os.environ, **self.environ},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while not self.answers():
            waited, code = time.monotonic() - began, self.process.poll()
            if code is not None or waited > START_SECONDS:
                words = f"the server did not start within {waited:.1f} s (exit {code})"
                raise RuntimeError(f"{words}:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        self.clock_began = time.monotonic()  # a setting CLOCK counts from here, within a second or two
        self.starts.append(self.clock_began - began)
        return self.starts[-1]

    def answers(self) -> bool:
        """True when /hidup does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/hidup")
            return connection.getresponse().read() == b"kop-ukm hidup"
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process = None
        return code

    def resident_bytes(self) -> int:
        """Memory that the process holds now."""
        if self.process is None:
            return 0
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def peak_bytes(self) -> int:
        """The most memory the process ever held."""
        if self.process is None:
            return 0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@contextmanager
def scratch_database(kind: str, folder: Path, *, filled: bool = False) -> Iterator[str]:
    """DATABASE_URL of a new database, empty or (``filled``) migrated and with the regions, dropped afterwards.

    SQLite: a file in ``folder``. PostgreSQL: a database of the running test cluster; outside a test run
    (benchmarks) of a durable cluster of its own.
    """
    if kind == "sqlite":
        path = folder / "server.sqlite3"
        if filled:
            shutil.copyfile(_filled_file(), path)
        yield f"sqlite:///{path}"
        return
    cluster = None if SOCKETS in os.environ else postgres.start(durable=True)
    sockets = str(cluster.sockets) if cluster else os.environ[SOCKETS]
    name = f"server_{uuid.uuid4().hex[:8]}"
    try:
        if filled and cluster is None:
            _admin(sockets, "CREATE DATABASE {} TEMPLATE {}", name, _filled_database(sockets))
        else:
            _admin(sockets, "CREATE DATABASE {}", name)
        if filled and cluster is not None:
            _fill(postgres.database_url(sockets, name))
        yield postgres.database_url(sockets, name)
        _admin(sockets, "DROP DATABASE {} WITH (FORCE)", name)
    finally:
        if cluster:
            cluster.stop()


def _admin(sockets: str, statement: str, *names: str) -> None:
    with psycopg.connect(
        host=sockets, user=postgres.SERVER_USER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _fill(url: str) -> None:
    """Migrations and regions into an empty database, by the commands of the README."""
    with tempfile.TemporaryDirectory(prefix="kopukm-fill-") as instance:
        server = RunningServer({"INSTANCE_PATH": instance, "DATABASE_URL": url}, 0, Path(instance) / "log")
        server.flask("db", "upgrade")
        server.flask("regions", "load")


@cache
def _filled_file() -> Path:
    """Made once per process, copied for each server."""
    folder = Path(tempfile.mkdtemp(prefix="kopukm-filled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _fill(f"sqlite:///{folder / 'filled.sqlite3'}")
    return folder / "filled.sqlite3"


@cache
def _filled_database(sockets: str) -> str:
    """The same on the test cluster, which ends with the run."""
    name = f"filled_{uuid.uuid4().hex[:8]}"
    _admin(sockets, "CREATE DATABASE {}", name)
    _fill(postgres.database_url(sockets, name))
    return name


@contextmanager
def running_server(
    kind: str = TEST_DATABASE,
    *,
    settings: Mapping[str, str] | None = None,
    prepare: bool = True,
    start: bool = True,
) -> Iterator[RunningServer]:
    """A server on an empty database of ``kind`` (sqlite, postgresql), migrated and with regions, ended afterwards.

    ``settings`` are further environment settings, such as RATE_LIMITS or CLOCK.
    """
    with tempfile.TemporaryDirectory(prefix="kopukm-server-") as name:
        folder = Path(name)
        with scratch_database(kind, folder, filled=prepare) as url:
            port = free_port()
            environ = {
                "INSTANCE_PATH": str(folder / "instance"),
                "DATABASE_URL": url,
                "HOST": "127.0.0.1",
                "PORT": str(port),
                "PUBLIC_URL": "",
                **(settings or {}),
            }
            server = RunningServer(environ, port, folder / "server.log")
            try:
                if start:
                    server.start()
                yield server
            finally:
                server.stop()
