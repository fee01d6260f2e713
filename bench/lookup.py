"""Look-up at 50,000 cooperatives beside a bare Flask page of the same length; memory and start of the server.

Both databases, the same server, the same driver, in turns. Two ways of asking. As people do: the same few names,
typed right or with one wrong letter, a kecamatan, a kind, and the list itself; most of that the server has answered
before and kept (app/core/kept.py). And all different: every question is asked once, so that each is searched for and
rendered anew. Growth is measured with different questions, or it would measure nothing, and against a second server
with 2,000 cooperatives, asked in turns with the first: minutes later the machine is another one. What a server does
for itself after its start (the directory for the pocket) is waited for.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from app.cooperatives.demo import DemoDesa, demo_cooperatives
from bench.load import drive
from bench.search import DAY, one_wrong_letter
from bench.table import Row
from tests.factories.regions import all_places
from tests.servers import PROJECT, RunningServer, free_port, running_server

FEW, MANY = 2_000, 50_000
REQUESTS = 600
ROUNDS = 5
ASKED = 60
SETTLED_WITHIN = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


def run() -> list[Row]:
    """Rows for the table."""
    rows: list[Row] = []
    names = _names()
    for database in os.environ.get("BENCH_DATABASES", "sqlite postgresql").split():
        with running_server(database) as few, running_server(database) as many:
            rows += _measure(database, few, many, names)
    return rows


def _measure(database: str, few: RunningServer, many: RunningServer, names: list[str]) -> list[Row]:
    _load(few, FEW)
    _load(many, MANY)
    started = many.starts[-1]
    mix, different, of_few = _mix(), _different(names), _different(names[:FEW])
    length = int(median(len(_fetch(many, address)) for address in mix[:20]))
    as_people, all_different, all_of_few, bare = [], [], [], []
    with _bare_server(length) as bare_port:
        _per_second(many, mix)  # warm
        _per_second(many, _take(different))
        _per_second(few, _take(of_few))
        for _ in range(ROUNDS):
            bare.append(drive(bare_port, ["/"], requests=REQUESTS).per_second)
            as_people.append(_per_second(many, mix * (REQUESTS // len(mix))))
            all_different.append(_per_second(many, _take(different)))
            all_of_few.append(_per_second(few, _take(of_few)))
    page = f"a bare page of {length} bytes"
    asked_once = f"{database}: look-up at 50,000, every question asked once"
    return [
        Row(
            f"{database}: look-up at 50,000 as people ask, by {page}",
            median(as_people),
            "requests/s",
            median(bare),
            least=0.4,
        ),
        Row(f"{asked_once} (nothing kept), by {page}", median(all_different), "requests/s", median(bare)),
        Row(
            f"{database}: the same at 2,000 by 50,000",
            median(all_of_few),
            "requests/s",
            median(all_different),
            most=2,
        ),
        Row(
            f"{database}: memory of the server after the look-ups",
            many.resident_bytes() / 2**20,
            "MB",
            most=120,
        ),
        Row(f"{database}: start of the server", started, "s", most=3),
    ]


def _load(server: RunningServer, records: int) -> None:
    """Fill the server's database, start it again, and wait until it has done what it does for itself."""
    server.flask("demo", "load", "--cooperatives", str(records), "--today", DAY.isoformat())
    server.stop()
    server.start()
    _fetch(server, "/koperasi")
    until, before = time.monotonic() + SETTLED_WITHIN, -1.0
    while time.monotonic() < until and _processor_seconds(server) - before > 0.02:
        before = _processor_seconds(server)
        time.sleep(2)


def _processor_seconds(server: RunningServer) -> float:
    """What the server's process has used so far."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _per_second(server: RunningServer, addresses: list[str]) -> float:
    outcome = drive(server.port, addresses, requests=len(addresses))
    if outcome.failures:
        raise RuntimeError(f"{outcome.failures} look-ups failed")
    return outcome.per_second


def _take(addresses: Iterator[str]) -> list[str]:
    return [next(addresses) for _ in range(REQUESTS // 2)]


def _mix() -> list[str]:
    """What people ask, in a fixed mix."""
    chance = random.Random(5)
    words = [
        "Sumber Jaya",
        "Mekar Sejahtera",
        "Tani Makmur",
        "Berkah Mandiri",
        "Merah Putih Karadenan",
        "Harapan Salak",
    ]
    asked = [chance.choice(words) for _ in range(ASKED)]
    queries: list[dict[str, str]] = [{"cari": text} for text in asked[: ASKED // 3]]
    queries += [{"cari": one_wrong_letter(text, chance)} for text in asked[ASKED // 3 : 2 * ASKED // 3]]
    queries += [{"kecamatan": f"32.01.{chance.randrange(1, 41):02d}"} for _ in range(ASKED // 6)]
    queries += [{"jenis": "savings_and_loan", "halaman": str(n + 1)} for n in range(ASKED // 12)]
    queries += [{} for _ in range(ASKED // 12)]
    chance.shuffle(queries)
    return [_address(query) for query in queries]


def _different(names: list[str]) -> Iterator[str]:
    """The same mix over the names of all records there are; ``n``, which says nothing, makes each another question."""
    chance = random.Random(6)
    for n in count():
        words = " ".join(chance.choice(names).split()[-2:])
        way = chance.random()
        if way < 0.4:
            query = {"cari": words}
        elif way < 0.75:
            query = {"cari": one_wrong_letter(words, chance)}
        else:
            query = {"kecamatan": f"32.01.{chance.randrange(1, 41):02d}", "halaman": str(1 + n % 2)}
        yield _address({**query, "n": str(n)})


def _names() -> list[str]:
    desa = [DemoDesa(d.code, d.name, d.status == "kelurahan") for d in all_places().desa]
    return [record.data.name for record in demo_cooperatives(MANY, desa, seed=1, today=DAY)]


def _address(query: dict[str, str]) -> str:
    return "/koperasi?" + urlencode(query)


def _fetch(server: RunningServer, address: str) -> bytes:
    with urllib.request.urlopen(server.address + address) as answer:
        return bytes(answer.read())


@contextmanager
def _bare_server(length: int) -> Iterator[int]:
    """Port of a bare page of ``length`` bytes."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.bare_server", str(port), str(length)],
            cwd=PROJECT,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the bare server does not answer")
