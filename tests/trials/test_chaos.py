"""Submissions through a network that does everything villages know: each is one record, and nobody is told too early.

Phones here are plain programs that keep the rule of the outbox; tests/browser/test_chaos.py does the same with real
ones. The two controls switch off what the promise stands on: the id, and what counts as a receipt.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.core.office_key import PublicKey
from tests.factories.sealing import seal_item
from tests.fault_proxy import COMMITTED, MIXTURE, Fault, FaultProxy, fault_proxy
from tests.load import Answer, Client, form_of, in_parallel, looking_into, values
from tests.servers import RunningServer, running_server
from tests.sizes import size

pytestmark = pytest.mark.slow

SUBMISSIONS, PHONES, SHARE, SEED = size(120, 1_000), 12, 0.7, 20261121
PATH, CARRY = "/koperasi/daftar", "/kiriman/titipan"
FORGETS = 0.1  # a phone dies between the receipt and writing it down, and sends again
HOLE_SECONDS, PAUSE_SECONDS = 0.3, 0.05

Judge = Callable[[Answer, str], bool]


def is_receipt(answer: Answer, submission_id: str) -> bool:
    """The rule of the outbox: JSON, ok, and its own id."""
    return answer.body.get("ok") is True and answer.body.get("id") == submission_id


@dataclass
class Weather:
    """Phones before a bad network, and what they were told."""

    proxy: FaultProxy
    engine: Engine
    judge: Judge = is_receipt
    told: dict[str, str] = field(default_factory=dict)
    too_early: list[str] = field(default_factory=list)
    other_number: list[str] = field(default_factory=list)
    sent: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deliver(self, items: list[dict[str, Any]], seed: int) -> None:
        """Send everything until all are told; ``items`` have path, id, fields, headers."""
        waiting = list(items)
        chance = random.Random(seed)

        def work() -> None:
            client = Client(self.proxy)
            while True:
                with self._lock:
                    if not waiting:
                        break
                    item = waiting.pop(chance.randrange(len(waiting)))
                    forgets = chance.random() < FORGETS
                    self.sent += 1
                answer = client.post(item["path"], item["fields"], item["headers"])
                if self.judge(answer, item["id"]) and not forgets:
                    self._believe(item["id"], answer)
                    continue
                time.sleep(PAUSE_SECONDS)
                with self._lock:
                    waiting.append(item)
            client.close()

        in_parallel(work, PHONES)

    def _believe(self, submission_id: str, answer: Answer) -> None:
        """The phone shows "terkirim": is it there?"""
        number = answer.body.get("no", "")
        with self.engine.connect() as connection:
            kept = connection.execute(
                text("SELECT receipt_number FROM submission WHERE id = :id"), {"id": submission_id}
            ).scalar()
        with self._lock:
            if kept is None:
                self.too_early.append(submission_id)
            elif kept != number:
                self.other_number.append(submission_id)
            self.told[submission_id] = number


def items_of(server: RunningServer, count: int, seed: int) -> list[dict[str, Any]]:
    """Submissions as they lie on phones: open, sealed, and carried by a neighbour, a third each."""
    asker = Client(server)
    key = PublicKey(**asker.send("GET", "/kunci").body)
    asker.close()
    chance = random.Random(seed)
    found = []
    for number in range(count):
        name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        fields = form_of(random.Random(number), name, number)
        ways: list[tuple[str, dict[str, Any], dict[str, str]]] = [(PATH, fields, {})]
        item = seal_item(key, PATH, name, fields)
        ways += [(PATH, item.fields, item.proof), (CARRY, item.carried, {})]
        path, sent, headers = ways[number % 3]
        found.append({"path": path, "id": name, "fields": sent, "headers": headers})
    return found


def test_through_all_faults_each_is_one_record(figure: Callable[[str], None]) -> None:
    with (
        running_server(settings={"RATE_LIMITS": "off"}) as server,
        fault_proxy(server, hole_seconds=HOLE_SECONDS) as proxy,
        looking_into(server) as engine,
    ):
        items = items_of(server, SUBMISSIONS, SEED)
        proxy.mixture(SEED, SHARE)
        weather = Weather(proxy, engine)
        began = time.monotonic()
        weather.deliver(items, SEED)
        seconds = time.monotonic() - began
        stored = values(engine, "SELECT id FROM submission")
        records = values(engine, "SELECT code FROM cooperative")
        lines = values(engine, "SELECT DISTINCT subject FROM history WHERE subject LIKE 'K-%'")

    ids = {item["id"] for item in items}
    assert weather.too_early == [], "told before it was there"
    assert weather.other_number == [], "told another number"
    assert sorted(stored) == sorted(ids), "lost or doubled"
    assert weather.told.keys() == ids
    assert len(records) == len(set(records)) == SUBMISSIONS
    assert set(records) == set(lines)
    assert set(MIXTURE) <= set(proxy.counts), "every fault came"
    hit = sum(count for fault, count in proxy.counts.items() if fault is not Fault.PASS)
    unheard = sum(proxy.counts[fault] for fault in COMMITTED if fault is not Fault.PASS)
    figure(
        f"{SUBMISSIONS:,} submissions (open, sealed, carried), {weather.sent:,} attempts, {PHONES} phones, seed "
        f"{SEED}, {hit:,} faults of {len(MIXTURE)} kinds ({unheard:,} answers lost after commit): {len(records):,} "
        f"records, 0 lost, 0 doubled, 0 told too early, {seconds:.0f} s"
    )


def test_without_the_id_they_double() -> None:
    """The control: the same phones and faults, only that forms carry no id."""
    with (
        running_server(settings={"RATE_LIMITS": "off"}) as server,
        fault_proxy(server, hole_seconds=HOLE_SECONDS) as proxy,
        looking_into(server) as engine,
    ):
        items = [item for item in items_of(server, 60, SEED) if item["path"] == PATH][::2]
        for number, item in enumerate(items):
            item["fields"] = form_of(random.Random(number), "", number)
            del item["fields"]["submission_id"]
        proxy.mixture(SEED, SHARE, (Fault.RESET_AFTER_COMMIT, Fault.FIN_AFTER_COMMIT))
        weather = Weather(proxy, engine, judge=lambda answer, _id: answer.body.get("ok") is True)
        weather.deliver(items, SEED)
        assert len(values(engine, "SELECT id FROM submission")) > len(items)


def test_with_any_200_as_a_receipt_they_are_lost() -> None:
    """The control: the same phones and faults, only that every 200 and 201 is believed."""
    with (
        running_server(settings={"RATE_LIMITS": "off"}) as server,
        fault_proxy(server, hole_seconds=HOLE_SECONDS) as proxy,
        looking_into(server) as engine,
    ):
        items = items_of(server, 60, SEED)
        proxy.mixture(SEED, SHARE, (Fault.PORTAL, Fault.BAD_GATEWAY))
        weather = Weather(proxy, engine, judge=lambda answer, _id: answer.status in {200, 201})
        weather.deliver(items, SEED)
        assert weather.too_early
        assert len(values(engine, "SELECT id FROM submission")) < len(items)
