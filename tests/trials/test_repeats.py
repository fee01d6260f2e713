"""Stored on phones, sent again and again, in any order, by several ways: each is one record with one receipt."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from app.core.office_key import PublicKey
from tests.factories.sealing import seal_item
from tests.load import Answer, Client, form_of, in_parallel, looking_into, values
from tests.servers import RunningServer, running_server
from tests.sizes import size

pytestmark = pytest.mark.slow

SUBMISSIONS, MOST_TIMES, CLIENTS, SEED = size(300, 5_000), 10, 4, 20261121
FORM, CARRY = "/koperasi/daftar", "/kiriman/titipan"


class Way(StrEnum):
    """How one copy travels."""

    PLAIN = "plain"
    SEALED = "sealed"
    UNPROVEN = "sealed without the proof"
    CARRIED = "carried"


@dataclass(frozen=True)
class Copy:
    """One sending of one submission."""

    number: int
    submission_id: str
    way: Way
    path: str
    fields: dict[str, Any]
    headers: dict[str, str]


def copies_of(number: int, key: PublicKey, chance: random.Random) -> list[Copy]:
    """The same submission up to ten times, each time by another way."""
    name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    fields = form_of(random.Random(number), name, number)
    item = seal_item(key, FORM, name, fields)
    ways: dict[Way, tuple[str, dict[str, Any], dict[str, str]]] = {
        Way.PLAIN: (FORM, fields, {}),
        Way.SEALED: (FORM, item.fields, {"X-Reader": item.reader}),
        Way.UNPROVEN: (FORM, item.fields, {}),
        Way.CARRIED: (CARRY, item.carried, {}),
    }
    times = chance.randint(1, MOST_TIMES)
    return [Copy(number, name, way, *ways[way]) for way in chance.choices(list(Way), k=times)]


def send_in_any_order(server: RunningServer, copies: list[Copy]) -> list[tuple[Copy, Answer]]:
    """Four phones send what lies in their boxes."""
    told: list[tuple[Copy, Answer]] = []
    waiting = deque(copies)

    def work() -> None:
        client = Client(server)
        while True:
            try:
                copy = waiting.popleft()
            except IndexError:
                client.close()
                return
            told.append((copy, client.post(copy.path, copy.fields, copy.headers)))

    in_parallel(work, CLIENTS)
    return told


def test_repeats_in_any_order_by_any_way_leave_one_record_each(figure: Callable[[str], None]) -> None:
    chance = random.Random(SEED)
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        asker = Client(server)
        key = PublicKey(**asker.send("GET", "/kunci").body)
        asker.close()
        copies = [copy for number in range(SUBMISSIONS) for copy in copies_of(number, key, chance)]
        chance.shuffle(copies)
        began = time.monotonic()
        told = send_in_any_order(server, copies)
        seconds = time.monotonic() - began
        ids = values(engine, "SELECT id FROM submission")
        numbers = values(engine, "SELECT receipt_number FROM submission ORDER BY id")
        records = values(engine, "SELECT code FROM cooperative")

    assert len(told) == len(copies)
    assert {copy.submission_id for copy in copies} == set(ids)
    assert len(ids) == len(records) == len(set(records)) == SUBMISSIONS
    stored = dict(zip(sorted(ids), numbers, strict=True))
    firsts: defaultdict[str, int] = defaultdict(int)
    for copy, answer in told:
        assert answer.status == (200 if answer.body["replay"] else 201), (copy, answer)
        assert answer.body["id"] == copy.submission_id
        assert answer.body["no"] == stored[copy.submission_id]
        assert ("url" in answer.body) == (copy.way in {Way.PLAIN, Way.SEALED})
        firsts[copy.submission_id] += not answer.body["replay"]
    assert set(firsts.values()) == {1}
    ways = Counter(copy.way for copy, _ in told)
    assert set(ways) == set(Way)
    slowest = max(answer.seconds for _, answer in told)
    figure(
        f"{SUBMISSIONS:,} submissions sent {len(copies):,} times by {CLIENTS} clients, seed {SEED}: "
        f"{len(records):,} records, every repeat the first receipt, {len(copies) / seconds:.0f}/s, "
        f"slowest {slowest:.2f} s; " + ", ".join(f"{way.value} {count:,}" for way, count in ways.items())
    )


def test_a_copy_that_says_something_else_is_no_repeat() -> None:
    """The control: what makes a repeat above is the content, whichever way it travelled."""
    chance = random.Random(SEED)
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        client = Client(server)
        key = PublicKey(**client.send("GET", "/kunci").body)
        name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        assert client.post(FORM, form_of(random.Random(1), name, 1)).status == 201
        other = seal_item(key, FORM, name, form_of(random.Random(1), name, 2))
        for path, fields in ((FORM, other.fields), (CARRY, other.carried)):
            answer = client.post(path, fields, {"X-Reader": other.reader})
            assert (answer.status, answer.body["error"]) == (409, "other_content")
        assert len(values(engine, "SELECT id FROM submission")) == 1
        client.close()
