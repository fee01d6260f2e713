"""Look-up at 50,000 cooperatives beside a bare Flask page of the same length; memory and start of the server.

Both databases, the same server, the same driver, in turns. The mix of addresses is what people ask: names as
typed, names with one wrong letter, a kecamatan, a kind, and the list itself.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlencode

from bench.load import drive
from bench.search import DAY, one_wrong_letter
from bench.table import Row
from tests.servers import PROJECT, RunningServer, free_port, running_server

FEW, MANY = 2_000, 50_000
REQUESTS = 1_200
ROUNDS = 3
ASKED = 60


def run() -> list[Row]:
    """Rows for the table."""
    rows: list[Row] = []
    for database in ("sqlite", "postgresql"):
        with running_server(database) as server:
            rows += _measure(database, server)
    return rows


def _measure(database: str, server: RunningServer) -> list[Row]:
    _load(server, FEW)
    few = _per_second(server, _addresses())
    _load(server, MANY)
    server.stop()
    started = server.start()
    addresses = _addresses()
    length = int(median(len(_fetch(server, address)) for address in addresses[:20]))
    ours, bare = [], []
    with _bare_server(length) as bare_port:
        for _ in range(ROUNDS):
            bare.append(drive(bare_port, ["/"], requests=REQUESTS).per_second)
            ours.append(_per_second(server, addresses))
    return [
        Row(
            f"{database}: look-up at 50,000 by a bare page of {length} bytes",
            median(ours),
            "requests/s",
            median(bare),
            least=0.4,
        ),
        Row(f"{database}: look-up at 2,000 by look-up at 50,000", few, "requests/s", median(ours), most=2),
        Row(
            f"{database}: memory of the server after the look-ups",
            server.resident_bytes() / 2**20,
            "MB",
            most=120,
        ),
        Row(f"{database}: start of the server", started, "s", most=3),
    ]


def _load(server: RunningServer, count: int) -> None:
    server.flask("demo", "load", "--cooperatives", str(count), "--today", DAY.isoformat())


def _per_second(server: RunningServer, addresses: list[str]) -> float:
    drive(server.port, addresses, requests=len(addresses))  # warm
    outcome = drive(server.port, addresses, requests=REQUESTS)
    if outcome.failures:
        raise RuntimeError(f"{outcome.failures} look-ups failed")
    return outcome.per_second


def _addresses() -> list[str]:
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
    return ["/koperasi?" + urlencode(query) for query in queries]


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
