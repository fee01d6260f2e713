"""The clinic's pages with slots of one week and of thirty: what is looked at is a day, whatever lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

from sqlalchemy import create_engine, insert

from app.clinic.models import Desk, DutyDay, Expert
from app.clinic.rules.timetable import Service
from bench.load import drive
from bench.table import Row
from tests.servers import RunningServer, running_server

MONDAY: Final = date(2026, 11, 23)
EXPERTS: Final = 5
WEEKS: Final = (1, 30)
_DAY: Final = "/klinik/jadwal?layanan=koperasi&tanggal=2026-11-24"
_BLOCK: Final = ("HX-Request: true", "HX-Target: day")
PAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "front page": ("/klinik", ()),
    "booking page": (_DAY, ()),
    "block of a day": (_DAY, _BLOCK),
}
ROUNDS: Final = 8
REQUESTS: Final = 80


def run() -> list[Row]:
    """Both servers side by side, in turns; the quicker half of each one's rounds counts."""
    with _clinic(WEEKS[0]) as one, _clinic(WEEKS[1]) as many:
        return [_ratio(what, path, headers, one, many) for what, (path, headers) in PAGES.items()]


def _ratio(what: str, path: str, headers: tuple[str, ...], one: RunningServer, many: RunningServer) -> Row:
    times: dict[int, list[float]] = {one.port: [], many.port: []}
    for round_number in range(ROUNDS):
        for server in (one, many) if round_number % 2 else (many, one):
            outcome = drive(server.port, [path], requests=REQUESTS, clients=1, headers=headers)
            assert not outcome.failures
            times[server.port].append(1000 / outcome.per_second)
    quick = {port: sum(sorted(found)[: ROUNDS // 2]) / (ROUNDS // 2) for port, found in times.items()}
    return Row(f"clinic, {what}: 30 weeks by one", quick[many.port], "ms", quick[one.port], most=1.2)


@contextmanager
def _clinic(weeks: int) -> Iterator[RunningServer]:
    settings = {"RATE_LIMITS": "off", "CLOCK": f"{MONDAY}T08:00+07:00"}
    with running_server(settings=settings) as server:
        engine = create_engine(server.environ["DATABASE_URL"])
        days = [MONDAY + timedelta(days=n) for n in range(weeks * 7) if n % 7 < 5]
        with engine.begin() as connection:
            for number in range(1, EXPERTS + 1):
                connection.execute(insert(Expert), [{"id": number, "name": f"Narasumber {number}"}])
                connection.execute(insert(Desk), [{"id": number, "name": f"Meja {number}"}])
                rows = [
                    {"day": day, "service": service, "expert_id": number, "desk_id": number}
                    for day in days
                    for service in Service
                ]
                connection.execute(insert(DutyDay), rows)
            connection.exec_driver_sql("INSERT INTO clinic_setting (name, value) VALUES ('weeks_ahead', 30)")
        engine.dispose()
        server.flask("clinic", "make-slots", "--from", days[0].isoformat(), "--to", days[-1].isoformat())
        yield server
