"""The production server: ``python -m app.serve``. One process, WEB_THREADS threads, HOST:PORT.

It stops accepting on SIGTERM and finishes what it has begun, so that a restart loses no acknowledged submission.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any, Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import create_server

from app import MAX_UPLOAD_BYTES, create_app
from app.accounts.commands import first_administrator_link
from app.config import BadSetting, Settings, read_settings
from app.core.background import background
from app.core.db import db
from app.core.memory import give_back, stay_small
from app.imports.jobs import resume_stalled
from app.imports.rules import STALLED_SECONDS
from app.staff.chores import run_chores

CONNECTION_LIMIT: Final = 1000  # the default of 100 is one busy training hall
GRACE_SECONDS: Final = 10.0
TURN_SECONDS: Final = 1.0
CHORE_SECONDS: Final = 6 * 60 * 60.0


class Server:
    """Waitress with an orderly end."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._stopping = False
        self._waitress: Any = create_server(
            app,
            listen=_listen_address(settings),
            threads=settings.web_threads,
            connection_limit=CONNECTION_LIMIT,
            ident=None,  # no Server header
            asyncore_use_poll=True,  # select() ends at descriptor 1023
            max_request_body_size=4 * MAX_UPLOAD_BYTES,  # the friendly refusal is the application's
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )

    @property
    def port(self) -> int:
        """The port it listens on (useful with PORT=0)."""
        return int(self._waitress.effective_port)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Begin the end. Safe in a signal handler."""
        self._stopping = True
        self._waitress.pull_trigger()

    def run(self) -> None:
        """Serve until ``stop``, then finish."""
        while not self._stopping:
            self._turn(TURN_SECONDS)
        self._refuse_new()
        deadline = time.monotonic() + GRACE_SECONDS
        while self._waitress.active_channels and time.monotonic() < deadline:
            self._let_idle_go()
            self._turn(TURN_SECONDS / 20)
        self._waitress.task_dispatcher.shutdown(cancel_pending=True, timeout=1)

    def _turn(self, seconds: float) -> None:
        self._waitress.asyncore.loop(timeout=seconds, use_poll=True, map=self._waitress._map, count=1)

    def _refuse_new(self) -> None:
        """Close the door, keep the wake-up trigger: threads still need it to send their answers."""
        self._waitress.accepting = False
        self._waitress.del_channel(self._waitress._map)
        self._waitress.socket.close()

    def _let_idle_go(self) -> None:
        """Close each connection once its answer is out; a phone that keeps it open would keep us for ever."""
        for channel in list(self._waitress.active_channels.values()):
            if not channel.requests and channel.request is None:
                channel.close_when_flushed = True


def _listen_address(settings: Settings) -> str:
    """One address only: a name such as localhost would give two sockets, of which Waitress stops one."""
    family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    host = f"[{address[0]}]" if family == socket.AF_INET6 else str(address[0])
    return f"{host}:{settings.port}"


def public_address(settings: Settings, port: int) -> str:
    """Where people find it."""
    return settings.public_url or f"http://{settings.host}:{port}"


def welcome(app: Flask, address: str) -> None:
    """What the person who started it wants to know; on an empty installation also how to begin."""
    print(f"Kop-UKM melayani di {address}", flush=True)
    with app.app_context():
        try:
            link = first_administrator_link()
        except SQLAlchemyError:
            print("Basis data belum siap. Jalankan: .venv/bin/flask --app wsgi db upgrade", flush=True)
            return
        finally:
            db.session.remove()
    if link:
        print(f"Tautan administrator pertama (24 jam, sekali pakai): {link}")
        print("Data contoh untuk berlatih: make demo", flush=True)


def _do_chores() -> None:
    run_chores()


def _resume_imports() -> None:
    resume_stalled()


def _quiet() -> None:
    """A line for every request that waits a moment would fill the log just when things happen."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def main() -> int:
    """Serve until told to stop. 2: a setting is refused or the port is taken."""
    stay_small()
    try:
        settings = read_settings()
        app = create_app(settings)
        server = Server(app, settings)
    except (BadSetting, OSError) as problem:
        print(f"Tidak bisa mulai: {problem}", file=sys.stderr)
        return 2
    _quiet()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.stop)
    welcome(app, public_address(settings, server.port))
    with app.app_context():
        background().every(CHORE_SECONDS, _do_chores)
        background().every(STALLED_SECONDS, _resume_imports)  # of a process that was killed while it imported
    give_back()
    gc.freeze()  # what was made at the start stays; looking through it again takes 80 ms, perhaps in a write block
    server.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
