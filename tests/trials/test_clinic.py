"""Many people at once at the clinic's door: no half hour twice, no booking lost, nobody sees "locked"."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.clinic.models import Desk, DutyDay, Expert, Setting, Slot
from app.clinic.rules.timetable import Service
from app.core.clock import WIB
from tests.databases import TEST_DATABASE
from tests.load import Answer, Client, in_parallel, looking_into, values
from tests.servers import RunningServer, running_server, scratch_database
from tests.sizes import size

pytestmark = pytest.mark.slow

ATTEMPTS, CLIENTS, EXPERTS, TIMES, SEED = size(1_000, 10_000), 64, 5, 20, 20261124
MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=n) for n in (1, 2, 3, 4)]
SLOWEST_SECONDS = size(30.0, 2.0)  # a figure of the trial; the small run only says that nobody waits for ever
LIVING = "SELECT expert_id, starts_at FROM clinic_booking WHERE alive"


def _open_clinic(engine: Engine, server: RunningServer) -> list[str]:
    """Five experts at five desks; the values of the first twenty times as the page offers them."""
    with engine.begin() as connection:
        connection.execute(insert(Setting), [{"name": "reoffer_minutes", "value": 0}])
        for number in range(1, EXPERTS + 1):
            connection.execute(insert(Expert), [{"id": number, "name": f"Narasumber {number}"}])
            connection.execute(insert(Desk), [{"id": number, "name": f"Meja {number}"}])
            rows = [
                {"day": day, "service": Service.COOPERATIVE, "expert_id": number, "desk_id": number}
                for day in DAYS
            ]
            connection.execute(insert(DutyDay), rows)
    server.flask("clinic", "make-slots", "--from", DAYS[0].isoformat(), "--to", DAYS[-1].isoformat())
    with engine.connect() as connection:
        starts = sorted(
            {
                start
                for (start,) in connection.execute(Slot.__table__.select().with_only_columns(Slot.starts_at))
            }
        )
    return [f"koperasi-{start.astimezone(WIB):%Y%m%d-%H%M}" for start in starts[:TIMES]]


def _form(slot: str, number: int) -> dict[str, Any]:
    return {
        "submission_id": str(uuid.uuid4()),
        "slot": slot,
        "name": f"Warga {number}",
        "phone": f"0812{number:08d}",
        "client_type": "koperasi",
        "topic": "keuangan",
        "mode": "in_person",
    }


@dataclass
class Crowd:
    """Sixty-four people who book, and some who think again."""

    server: RunningServer
    times: list[str]
    answers: list[Answer] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)  # receipt -> address of its page
    cancelled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._numbers = iter(range(ATTEMPTS))
        self._lock = threading.Lock()

    def person(self) -> None:
        """Until all attempts are made."""
        client = Client(self.server)
        while (number := self._next()) is not None:
            chance = random.Random(SEED + number)
            if chance.random() < 0.2:
                self._think_again(client, chance)
            answer = client.post("/klinik/pesan", _form(chance.choice(self.times), number))
            with self._lock:
                self.answers.append(answer)
                if answer.status == 201:
                    self.kept[answer.body["no"]] = answer.body["url"]
        client.close()

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _think_again(self, client: Client, chance: random.Random) -> None:
        """Somebody cancels; the half hour is offered again at once (the setting says so here)."""
        with self._lock:
            if not self.kept:
                return
            number = chance.choice(sorted(self.kept))
            address = self.kept.pop(number)
        answer = client.post(f"{address}/batal", {})
        assert answer.status in (200, 303), answer
        with self._lock:
            self.answers.append(Answer(0, seconds=answer.seconds))
            self.cancelled.add(number)


def test_a_crowd_at_the_door(figure: Callable[[str], None]) -> None:
    settings = {"RATE_LIMITS": "off", "CLOCK": f"{MONDAY}T09:00+07:00"}
    with running_server(settings=settings) as server, looking_into(server) as engine:
        crowd = Crowd(server, _open_clinic(engine, server))
        began = time.monotonic()
        in_parallel(crowd.person, CLIENTS)
        seconds = time.monotonic() - began
        living = _rows(engine, LIVING)
        desks = _rows(engine, LIVING.replace("expert_id", "desk_id"))
        numbers = values(
            engine,
            "SELECT receipt_number FROM submission JOIN clinic_booking ON submission.id = submission_id WHERE alive",
        )
        stored = values(engine, "SELECT id FROM submission")
    counts = Counter(answer.status for answer in crowd.answers)
    assert set(counts) <= {0, 201, 409}, counts
    assert len(living) == len(set(living)), "a half hour twice"
    assert len(desks) == len(set(desks)), "a desk twice"
    assert sorted(numbers) == sorted(crowd.kept), "a booking was lost, or came from nowhere"
    assert len(stored) == counts[201], "who got no half hour left a submission behind"
    assert len(living) > EXPERTS * TIMES * 0.8
    assert any(a.body["alternatives"] for a in crowd.answers if a.status == 409), "the losers are led on"
    slowest = max(answer.seconds for answer in crowd.answers)
    assert slowest < SLOWEST_SECONDS
    figure(
        f"clinic: {ATTEMPTS:,} attempts, {CLIENTS} at once, {EXPERTS} experts x {TIMES} times, seed {SEED}: "
        f"{counts[201]:,} booked, {len(crowd.cancelled):,} cancelled, {len(living)} living, {counts[409]:,} led on, "
        f"none twice; {ATTEMPTS / seconds:.0f}/s, slowest {slowest:.2f} s"
    )


def _rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


# --- the control: how others do it --------------------------------------------------------------------------------

UNIQUE = ("uq_clinic_booking_expert", "uq_clinic_booking_desk", "uq_clinic_booking_phone")


@contextmanager
def _bare_clinic(folder: Path, *, guarded: bool) -> Iterator[Engine]:
    """The tables alone, with or without what keeps the database from taking a half hour twice."""
    with scratch_database(TEST_DATABASE, folder, filled=True) as url:
        engine = create_engine(url, pool_size=16)
        with engine.begin() as connection:
            if TEST_DATABASE == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            if not guarded:
                for name in UNIQUE:
                    connection.execute(text(f"DROP INDEX {name}"))
                if TEST_DATABASE == "postgresql":
                    for whose in ("expert", "desk"):
                        connection.execute(
                            text(f"ALTER TABLE clinic_booking DROP CONSTRAINT ex_clinic_booking_{whose}")
                        )
        yield engine
        engine.dispose()


def _look_then_book(engine: Engine, start: datetime) -> str:
    """Check, then insert, with a breath in between: as most booking systems do (peers.md 1.9)."""
    row = {
        "submission": str(uuid.uuid4()),
        "start": start.isoformat(" "),
        "end": (start + timedelta(minutes=30)).isoformat(" "),
    }
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if TEST_DATABASE == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        taken = "SELECT count(*) FROM clinic_booking WHERE expert_id = 1 AND starts_at = :start AND alive"
        if connection.execute(text(taken), {"start": row["start"]}).scalar_one():
            return "taken"
        time.sleep(0.02)
        try:
            connection.execute(text(INSERT), row)
        except IntegrityError:
            return "refused"
        except DBAPIError as trouble:
            if "locked" not in str(trouble):
                raise
            return "refused"
        else:
            return "booked"


INSERT = """INSERT INTO clinic_booking (submission_id, status, alive, slot_id, service, starts_at, ends_at, expert_id,
    mode, client_type, topic, first_time, walk_in, wants_earlier, must_move, meeting_link, sequence, booked_at, channel)
    VALUES (:submission, 'booked', true, 1, 'cooperative', :start, :end, 1,
    'online', 'koperasi', 'keuangan', true, false, false, false, '', 0, :start, '')"""


def _crowd_looks_then_books(engine: Engine) -> Counter[str]:
    start = datetime(2026, 11, 24, 2, 0)
    told: list[str] = []

    def person() -> None:
        for half in range(TIMES):
            told.append(_look_then_book(engine, start + timedelta(minutes=30 * half)))

    in_parallel(person, 12)
    return Counter(told)


def test_looking_first_and_booking_then_double_books(tmp_path: Path) -> None:
    """The control of the crowd above: this is what would be seen without the guard."""
    with _bare_clinic(tmp_path, guarded=False) as engine:
        assert _crowd_looks_then_books(engine)["booked"] > TIMES


def test_the_unique_indexes_alone_stop_it(tmp_path: Path) -> None:
    with _bare_clinic(tmp_path, guarded=True) as engine:
        counts = _crowd_looks_then_books(engine)
        living = _rows(engine, LIVING)
    assert counts["booked"] == len(living) == len(set(living)) == TIMES
    assert counts["refused"] > 0
