"""A clinic for tests: experts, desks, a roster and its slots. The test clock stands on Monday 23 November 2026."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Broadcast, Desk, DutyDay, Expert
from app.clinic.queries.free import Asked
from app.clinic.rules.booking import ClientType, Mode, Topic
from app.clinic.rules.timetable import Service
from app.clinic.services.booking import Wanted, book
from app.clinic.services.slots import Made, make_slots
from app.core.access import ANONYMOUS, Actor
from app.core.clock import WIB, now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import Received
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import Incoming

OFFICE: Final = Actor(name="pabrik uji")
TUESDAY: Final = date(2026, 11, 24)

_numbers = count(1)


def wib(day: date, clock: str) -> datetime:
    """An instant as people in Bogor say it: ``wib(TUESDAY, "09.30")``."""
    return datetime.combine(day, time.fromisoformat(clock.replace(".", ":")), WIB)


def make_expert(name: str = "", **values: Any) -> int:
    """Somebody who gives advice; returns the id."""
    name = name or f"Narasumber {next(_numbers)}"
    return atomically(
        lambda s: s.scalars(insert(Expert).returning(Expert.id), {"name": name, **values}).one()
    )


def make_desk(name: str = "") -> int:
    """A desk; returns the id."""
    name = name or f"Meja {next(_numbers)}"
    return atomically(lambda s: s.scalars(insert(Desk).returning(Desk.id), {"name": name}).one())


def put_on_duty(
    expert_id: int, *days: date, desk_id: int | None = None, service: Service = Service.COOPERATIVE
) -> None:
    """The roster."""
    rows = [{"day": day, "service": service, "expert_id": expert_id, "desk_id": desk_id} for day in days]
    atomically(lambda s: s.execute(insert(DutyDay), rows))


def slots(first_day: date = TUESDAY, last_day: date | None = None) -> Made:
    """Make them."""
    return atomically(lambda s: make_slots(s, first_day, last_day or first_day, actor=OFFICE))


def open_clinic(experts: int = 1, days: Sequence[date] = (TUESDAY,), **values: Any) -> list[int]:
    """Experts with a desk each, on duty for cooperatives on these days, with their slots; returns their ids."""
    made = []
    for _ in range(experts):
        expert = make_expert(**values)
        put_on_duty(expert, *days, desk_id=make_desk())
        made.append(expert)
    slots(min(days), max(days))
    return made


def asked(**values: Any) -> Asked:
    """Somebody who looks for a time."""
    return Asked(**{"service": Service.COOPERATIVE, "mode": Mode.IN_PERSON, **values})


def incoming(submission_id: str = "", name: str = "Ibu Wati") -> Incoming:
    """A booking as its door packs it."""
    return Incoming(
        submission_id=submission_id or str(uuid.uuid4()),
        kind=SubmissionKind.CLINIC_BOOKING,
        pairs=[("name", name)],
        title=name,
        kecamatan_code=None,
        desa_code=None,
        phone=None,
        source=Source.SELF,
        actor=ANONYMOUS,
        to_dinas=True,
    )


def booked(
    at: datetime, *, submission: Incoming | None = None, phone: str | None = None, **values: Any
) -> Received:
    """Book ``at``. ``values`` are fields of Wanted. Raises what ``book`` raises."""
    values.setdefault("asked", asked())
    usual = {
        "client_type": ClientType.COOPERATIVE,
        "topic": Topic.FINANCE,
        "mode": values["asked"].mode,
    }
    wanted = Wanted(starts_at=at, phone=phone, **{**usual, **values})
    sent = submission or incoming()
    return atomically(lambda session: book(session, wanted, sent))


def posted(account_id: int, **values: Any) -> int:
    """A post of the media team; returns its id."""
    row = {
        "channel": "instagram",
        "posted_on": date(2026, 11, 22),
        "noted_by": account_id,
        "noted_at": now(),
        **values,
    }
    return atomically(lambda s: s.scalars(insert(Broadcast).returning(Broadcast.id), row).one())


def booking_of(received: Received, session: Session | None = None) -> Booking:
    """The row behind a receipt, as it is now."""
    session = session or db.session()
    session.rollback()
    return session.scalars(select(Booking).where(Booking.submission_id == received.submission_id)).one()
