"""The same submission sent many times at once is one record and one receipt."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable

import pytest

from tests.load import Client, form_of, looking_into, send_all, values
from tests.servers import running_server
from tests.sizes import size

pytestmark = pytest.mark.slow

SUBMISSIONS, IDS, CLIENTS, SEED = size(1_000, 10_000), size(100, 1_000), 64, 20261121
PATH = "/koperasi/daftar"
SLOWEST_SECONDS = 10.0


def test_parallel_submissions_leave_one_record_each(figure: Callable[[str], None]) -> None:
    chance = random.Random(SEED)
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(IDS)]
    forms = [form_of(random.Random(number), name, number) for number, name in enumerate(ids)]
    order = [number % IDS for number in range(SUBMISSIONS)]
    chance.shuffle(order)
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        began = time.monotonic()
        answers = send_all(server, [forms[number] for number in order], PATH, CLIENTS)
        seconds = time.monotonic() - began
        stored = values(engine, "SELECT id FROM submission")
        records = values(engine, "SELECT code FROM cooperative")
        lines = values(engine, "SELECT subject FROM history")

    assert Counter(a.status for a in answers) == {201: IDS, 200: SUBMISSIONS - IDS}
    assert sorted(stored) == sorted(ids)
    assert len(records) == len(set(records)) == IDS
    assert len(lines) >= IDS
    receipts = {
        number: {a.body["no"] for a, n in zip(answers, order, strict=True) if n == number} for number in order
    }
    assert all(len(found) == 1 for found in receipts.values())
    assert len(set.union(*receipts.values())) == IDS
    slowest = max(a.seconds for a in answers)
    assert slowest < SLOWEST_SECONDS
    figure(
        f"{SUBMISSIONS:,} submissions, {IDS:,} ids, {CLIENTS} at once, seed {SEED}: {len(records):,} records, "
        f"{SUBMISSIONS / seconds:.0f}/s, slowest {slowest:.2f} s"
    )


def test_without_an_id_each_is_a_record_of_its_own() -> None:
    """The control: what keeps them apart above is the id, not the name or the phone."""
    with running_server(settings={"RATE_LIMITS": "off"}) as server, looking_into(server) as engine:
        form = {k: v for k, v in form_of(random.Random(1), "", 1).items() if k != "submission_id"}
        assert [a.status for a in send_all(server, [form] * 5, PATH, 5)] == [201] * 5
        assert len(values(engine, "SELECT code FROM cooperative")) == 5


def test_the_same_id_with_other_content_is_shown_not_swallowed() -> None:
    with running_server() as server, looking_into(server) as engine:
        client, name = Client(server), str(uuid.uuid4())
        assert client.post(PATH, form_of(random.Random(1), name, 1)).status == 201
        other = client.post(PATH, form_of(random.Random(1), name, 2))
        assert (other.status, other.body["error"]) == (409, "other_content")
        assert len(values(engine, "SELECT id FROM submission")) == 1
        client.close()


def test_a_whole_village_behind_one_address_is_served(figure: Callable[[str], None]) -> None:
    """200 forms within a minute from one address, limits on: none is turned away; a replay never counts."""
    with running_server() as server:
        forms = [form_of(random.Random(n), str(uuid.uuid4()), n) for n in range(200)]
        began = time.monotonic()
        answers = send_all(server, forms, PATH, 20)
        seconds = time.monotonic() - began
        assert Counter(a.status for a in answers) == {201: 200}
        assert seconds < 60
        again = send_all(server, forms * 4, PATH, 20)
        assert Counter(a.status for a in again) == {200: 800}
    figure(f"200 forms of one address in {seconds:.1f} s, none turned away; 800 replays neither")


def test_a_flood_from_one_address_is_slowed_down() -> None:
    """The control of the one above: the limit is there."""
    with running_server(settings={"RATE_LIMITS": "0.05"}) as server, looking_into(server) as engine:
        forms = [form_of(random.Random(n), str(uuid.uuid4()), n) for n in range(60)]
        answers = send_all(server, forms, PATH, 10)
        counts = Counter(a.status for a in answers)
        assert counts == {201: 30, 429: 30}
        assert all(int(a.headers["Retry-After"]) > 0 for a in answers if a.status == 429)
        assert len(values(engine, "SELECT id FROM submission")) == 30
