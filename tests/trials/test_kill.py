"""kill -9 under load: what was acknowledged is there, what is there was sent, and nothing is half."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import pytest

from tests.databases import TEST_DATABASE
from tests.load import Client, form_of, looking_into, send_all, values
from tests.servers import RunningServer, running_server
from tests.sizes import size

pytestmark = pytest.mark.slow

KILLS, CLIENTS, SEED = size(3, 50), 16, 20261121
PATH = "/koperasi/daftar"
UP_AGAIN_SECONDS = 5.0  # as a rule; one start on a machine busy with other tests may take longer


@dataclass
class Load:
    """Phones that send without end and write down what was acknowledged."""

    server: RunningServer
    chance: random.Random
    sent: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _end: threading.Event = field(default_factory=threading.Event)
    _up: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Start sending."""
        self._up.set()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop sending."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def restart(self) -> float:
        """Start the killed server while the phones wait, so that its own time is measured; seconds."""
        self._up.clear()
        try:
            return self.server.start()
        finally:
            self._up.set()

    def _next(self) -> tuple[str, int]:
        with self._lock:
            name, number = str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), len(self.sent)
            self.sent[name] = number
            return name, number

    def _work(self) -> None:
        client = Client(self.server)
        while not self._end.is_set():
            self._up.wait()
            name, number = self._next()
            answer = client.post(PATH, form_of(random.Random(number), name, number))
            if answer.status in {200, 201}:
                self.acknowledged[name] = answer.body["no"]
            elif answer.status:
                self.faults.append(answer.status)
            else:
                time.sleep(0.05)  # the server is down; a phone would wait longer
        client.close()


def test_nothing_acknowledged_is_lost(figure: Callable[[str], None]) -> None:
    chance = random.Random(SEED)
    ups = []
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        load = Load(server, chance)
        load.begin()
        for _ in range(KILLS):
            before = len(load.acknowledged)
            while len(load.acknowledged) < before + 20:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5))
            server.kill()
            ups.append(load.restart())
        load.end()

        stored = dict(
            zip(
                *(
                    values(engine, f"SELECT {c} FROM submission ORDER BY id")
                    for c in ("id", "receipt_number")
                ),
                strict=True,
            )
        )
        assert load.faults == []
        assert load.acknowledged.items() <= stored.items()
        assert stored.keys() <= load.sent.keys()
        codes = set(values(engine, "SELECT code FROM cooperative"))
        assert set(values(engine, "SELECT record_code FROM submission")) == codes
        assert codes <= set(values(engine, "SELECT subject FROM history"))
        if TEST_DATABASE == "sqlite":
            assert values(engine, "PRAGMA integrity_check") == ["ok"]
            assert values(engine, "PRAGMA foreign_key_check") == []
        assert median(ups) < UP_AGAIN_SECONDS

        unknown = [name for name in load.sent if name not in load.acknowledged]
        again = send_all(
            server, [form_of(random.Random(load.sent[n]), n, load.sent[n]) for n in unknown], PATH, 8
        )
        assert {a.status for a in again} <= {200, 201}
        assert sorted(values(engine, "SELECT id FROM submission")) == sorted(load.sent)
    figure(
        f"{KILLS} kills, seed {SEED}: {len(load.sent):,} sent, {len(load.acknowledged):,} acknowledged, "
        f"{len(stored):,} stored, 0 lost; up again in {median(ups):.1f} s, at most {max(ups):.1f} s"
    )


def test_a_restart_finishes_what_was_begun(figure: Callable[[str], None]) -> None:
    """SIGTERM: no request that reached the server is cut off."""
    turns = size(2, 10)
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        load = Load(server, random.Random(SEED))
        load.begin()
        for _ in range(turns):
            time.sleep(0.7)
            assert server.stop() == 0
            server.start()
        load.end()
        stored = values(engine, "SELECT id FROM submission")
        assert load.faults == []
        assert sorted(load.acknowledged) == sorted(stored), "stored, but the sender was never told"
    figure(f"{turns} restarts: {len(stored):,} stored, all acknowledged")
