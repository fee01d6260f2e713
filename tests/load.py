"""Many clients at once against a running server, over connections that are kept open."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine, text

from tests.factories.cooperatives import registration
from tests.servers import RunningServer

HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` 0: the connection broke, nobody knows whether it arrived."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


class Answers(Protocol):
    """A server, or a network before it."""

    port: int


class Client:
    """One phone: a connection that is opened again when it broke."""

    def __init__(self, server: Answers, address: str = "127.0.0.1") -> None:
        self._server, self._address = server, address
        self._connection: http.client.HTTPConnection | None = None

    def post(self, path: str, fields: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        """Send a form, asking for a machine's answer."""
        return self.send("POST", path, urlencode(fields, doseq=True), headers)

    def send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request."""
        began = time.monotonic()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._address, self._server.port, timeout=60)
            self._connection.request(method, path, body, {**HEADERS, **(headers or {})})
            answer = self._connection.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(0, seconds=time.monotonic() - began)
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return Answer(
            answer.status,
            json.loads(raw) if is_json else {},
            time.monotonic() - began,
            dict(answer.getheaders()),
        )

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def send_all(server: RunningServer, forms: Iterable[dict[str, Any]], path: str, clients: int) -> list[Answer]:
    """Post all ``forms`` with ``clients`` at once; answers in the order of the forms."""
    forms = list(forms)
    answers: list[Answer] = [Answer(0)] * len(forms)
    places = iter(range(len(forms)))
    lock = threading.Lock()

    def work() -> None:
        client = Client(server)
        while True:
            with lock:
                place = next(places, None)
            if place is None:
                client.close()
                return
            answers[place] = client.post(path, forms[place])

    in_parallel(work, clients)
    return answers


def in_parallel(work: Callable[[], None], count: int) -> None:
    """Run ``work`` in ``count`` threads and wait for all."""
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def form_of(chance: random.Random, submission_id: str, number: int) -> dict[str, Any]:
    """A registration of its own: name, phone and members follow from ``number``."""
    return registration(
        name=f"Koperasi Warga {number}",
        phone=f"0812{number:08d}",
        members_male=str(chance.randrange(5, 200)),
        submission_id=submission_id,
    )


@contextmanager
def looking_into(server: RunningServer) -> Iterator[Engine]:
    """The server's database, for counting."""
    engine = create_engine(server.environ["DATABASE_URL"])
    try:
        yield engine
    finally:
        engine.dispose()


def values(engine: Engine, query: str) -> list[Any]:
    """First column of ``query``."""
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())
