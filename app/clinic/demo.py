"""Practice data of the clinic: four weeks behind, four ahead. The same seed and day make the same data.

Done weeks are written as they would stand by now; appointments to come are booked by the same deed as real ones.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.clinic.keeping import make_by_weeks
from app.clinic.models import Booking, Desk, DutyDay, Expert, ExpertTopic, Feedback, Slot
from app.clinic.queries.free import edges_of
from app.clinic.queries.timetable import timetable
from app.clinic.rules.booking import KEEPS_SLOT, BookingStatus, ClientType, Mode, Topic
from app.clinic.rules.timetable import Service, planned_slots
from app.core.access import ANONYMOUS
from app.core.clock import now
from app.core.crypt import phone_index
from app.core.db import db
from app.core.transaction import atomically
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import Incoming, receive

T = TypeVar("T")

_EXPERTS: Final = (
    ("Contoh: Ibu Ratna Wulandari", Service.COOPERATIVE, (Topic.LEGAL, Topic.FOUNDING)),
    ("Contoh: Bapak Dedi Kurniawan", Service.COOPERATIVE, (Topic.FINANCE, Topic.OPERATIONS)),
    ("Contoh: Ibu Neneng Hasanah", Service.COOPERATIVE, ()),
    ("Contoh: Bapak Yusuf Maulana", Service.BUSINESS, (Topic.MARKETING, Topic.PRODUCT)),
    ("Contoh: Ibu Sri Lestari", Service.BUSINESS, ()),
)
_DESKS: Final = ("Ruang Konsultasi, meja 1", "Ruang Konsultasi, meja 2", "Ruang Konsultasi, meja 3")
# A host that can never be anybody's (RFC 2606). The last expert has no room of her own, so that the desk also meets
# the warning, and the address of one appointment.
_ROOM: Final = "https://zoom.example/j/81000000{:02d}"
_WITHOUT_ROOM: Final = "Contoh: Ibu Sri Lestari"
_CLIENTS: Final = ("Ibu Wati", "Bapak Asep", "Ibu Euis", "Bapak Ujang", "Ibu Nining", "Bapak Dadang")
_QUESTIONS: Final = (
    "Cara mendirikan koperasi di desa",
    "Pembukuan kas masih campur dengan uang rumah",
    "Ingin jualan lewat internet",
    "Anggota jarang datang rapat",
    "Mau urus izin usaha",
)
_ENDS: Final = (
    *(BookingStatus.DONE,) * 7,
    BookingStatus.DONE,
    BookingStatus.NO_SHOW,
    BookingStatus.CANCELLED_BY_CLIENT,
)
_WEEKS: Final = timedelta(weeks=4)
_SIX_DAYS: Final = timedelta(days=6)
_MOST_SLOTS: Final = 5000
_LONGEST_REST: Final = 0.1
_BOOKED_BEFORE, _BOOKED_AHEAD = 0.6, 0.3


@dataclass(frozen=True)
class DemoClinic:
    """What was made."""

    experts: int
    bookings: int


def fill_clinic(*, seed: int, today: date, kecamatan: Sequence[str]) -> DemoClinic:
    """Experts, desks, a roster, sessions behind and appointments ahead; nothing where others are experts already.

    In many short blocks, a week of slots or a day of bookings each, so that nobody at work on the same database waits.
    Broken off, it is gone on with by running it again: a day that has a booking is left as it is.
    """
    others = select(Expert.id).where(Expert.name.not_in([name for name, *_ in _EXPERTS])).limit(1)
    if db.session.scalar(others) is not None:
        return DemoClinic(0, 0)
    first_day, last_day = today - _WEEKS, today + _WEEKS
    new = _in_peace(partial(atomically, partial(_people, first_day=first_day, last_day=last_day)))
    for first in _days(first_day, last_day)[::7]:
        last = min(first + _SIX_DAYS, last_day)
        gone = partial(_past_slots, first_day=first, last_day=min(last, today))
        _in_peace(partial(atomically, gone))
        _in_peace(partial(make_by_weeks, [(first, last)], ANONYMOUS))
    bookings = 0
    for day in _days(first_day, last_day):
        filled = partial(_fill_day, day=day, seed=seed, kecamatan=kecamatan)
        bookings += _in_peace(partial(atomically, filled))
    return DemoClinic(new, bookings)


def _in_peace(write: Callable[[], T]) -> T:
    """Write, then rest as long: SQLite has no queue, and who waits looks ten times a second whether it is free."""
    began = time.monotonic()
    done = write()
    time.sleep(min(time.monotonic() - began, _LONGEST_REST))
    return done


def _days(first_day: date, last_day: date) -> list[date]:
    return [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]


def _people(session: Session, *, first_day: date, last_day: date) -> int:
    if session.scalar(select(Expert.id).limit(1)) is not None:
        return 0
    desks = [session.scalars(insert(Desk).returning(Desk.id), {"name": name}).one() for name in _DESKS]
    days = _days(first_day, last_day)
    for number, (name, service, topics) in enumerate(_EXPERTS):
        room = "" if name == _WITHOUT_ROOM else _ROOM.format(number)
        who = {"name": name, "meeting_link": room}
        expert = session.scalars(insert(Expert).returning(Expert.id), who).one()
        if topics:
            session.execute(insert(ExpertTopic), [{"expert_id": expert, "topic": topic} for topic in topics])
        desk = desks[number % len(desks)]
        duties = [
            {"day": day, "service": service, "expert_id": expert, "desk_id": desk}
            for day in days
            if day.weekday() < 5 and (day.toordinal() + number) % 3
        ]
        session.execute(insert(DutyDay), duties)
    return len(_EXPERTS)


def _past_slots(session: Session, *, first_day: date, last_day: date) -> None:
    """Slots gone by: nobody can make those, they only could have been."""
    start, end = edges_of(first_day)[0], edges_of(last_day)[1]
    kept = select(Slot.expert_id, Slot.starts_at).where(Slot.starts_at >= start, Slot.starts_at < end)
    known = {(expert, starts_at) for expert, starts_at in session.execute(kept.limit(_MOST_SLOTS))}
    rows = [
        {
            "service": slot.service,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "expert_id": slot.expert_id,
            "desk_id": slot.desk_id,
        }
        for slot in planned_slots(timetable(session, first_day, last_day), first_day, last_day)
        if slot.ends_at <= now() and (slot.expert_id, slot.starts_at) not in known
    ]
    if rows:
        session.execute(insert(Slot), rows)


def _fill_day(session: Session, *, day: date, seed: int, kecamatan: Sequence[str]) -> int:
    """Bookings of a day, by the same lot each time; none where one stands already."""
    start, end = edges_of(day)
    of_day = (Booking.starts_at >= start, Booking.starts_at < end)
    if session.scalar(select(Booking.id).where(*of_day).limit(1)) is not None:
        return 0
    chance = random.Random(f"clinic/{seed}/{day}")  # noqa: S311 - practice data, not secrets
    before = session.scalar(select(func.count()).select_from(Booking)) or 0
    chosen = [slot for slot in _slots_of(session, start, end) if chance.random() < _share(slot)]
    for number, slot in enumerate(chosen, before):
        _book(session, slot, chance, number, kecamatan)
    return len(chosen)


def _slots_of(session: Session, start: datetime, end: datetime) -> Sequence[Slot]:
    statement = select(Slot).where(Slot.starts_at >= start, Slot.starts_at < end)
    return session.scalars(statement.order_by(Slot.starts_at, Slot.expert_id).limit(_MOST_SLOTS)).all()


def _share(slot: Slot) -> float:
    return _BOOKED_BEFORE if slot.ends_at < now() else _BOOKED_AHEAD


def _book(session: Session, slot: Slot, chance: random.Random, number: int, kecamatan: Sequence[str]) -> None:
    booked_at = slot.starts_at - timedelta(days=chance.randrange(1, 8), minutes=chance.randrange(600))
    past = slot.ends_at < now()
    status = chance.choice(_ENDS) if past else BookingStatus.BOOKED
    at_desk = (Mode.IN_PERSON, Mode.IN_PERSON) if slot.desk_id else ()
    mode = chance.choice((*at_desk, Mode.ONLINE, Mode.PHONE))
    client = ClientType.COOPERATIVE if slot.service is Service.COOPERATIVE else ClientType.BUSINESS
    topic = chance.choice(list(Topic))
    phone = f"6280002{number % 400:06d}"
    place = chance.choice(kecamatan)
    submission = _submission(session, chance, phone, client, topic, mode)
    row: dict[str, Any] = {
        "submission_id": submission,
        "status": status,
        "alive": status in KEEPS_SLOT,
        "slot_id": slot.id,
        "service": slot.service,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "expert_id": slot.expert_id,
        "desk_id": slot.desk_id if mode is Mode.IN_PERSON else None,
        "mode": mode,
        "meeting_link": _ROOM.format(50 + number % 50) if mode is Mode.ONLINE and number % 4 == 0 else "",
        "client_type": client,
        "topic": topic,
        "kecamatan_code": place,
        "phone_index": phone_index(phone),
        "first_time": number < 400,
        "booked_at": min(booked_at, now()),
        **_times(status, slot.starts_at, chance),
    }
    booking = session.scalars(insert(Booking).returning(Booking.id), row).one()
    if status is BookingStatus.DONE and chance.random() < 0.5:
        _rate(session, booking, slot.ends_at, chance)


def _times(status: BookingStatus, starts_at: datetime, chance: random.Random) -> dict[str, datetime | None]:
    done, gone = status is BookingStatus.DONE, status is BookingStatus.CANCELLED_BY_CLIENT
    late = timedelta(minutes=chance.randrange(10))
    return {
        "arrived_at": starts_at - timedelta(minutes=5) if done else None,
        "called_at": starts_at + late if done else None,
        "ended_at": starts_at + late + timedelta(minutes=25) if done else None,
        "cancelled_at": starts_at - timedelta(days=1) if gone else None,
    }


def _rate(session: Session, booking: int, at: datetime, chance: random.Random) -> None:
    scores = {f"score_{element}": chance.choice((3, 3, 4, 4, 4, 2)) for element in range(1, 10)}
    pairs = [(name, str(score)) for name, score in scores.items()]
    sheet = _incoming(chance, SubmissionKind.CLINIC_FEEDBACK, pairs, "Penilaian", "")
    receive(session, sheet)
    row = {"submission_id": sheet.submission_id, "booking_id": booking, "given_at": at, **scores}
    session.execute(insert(Feedback), row)


def _submission(
    session: Session, chance: random.Random, phone: str, client: ClientType, topic: Topic, mode: Mode
) -> str:
    pairs = [
        ("name", chance.choice(_CLIENTS)),
        ("phone", phone),
        ("client_type", client.value),
        ("topic", topic.value),
        ("mode", mode.value),
        ("description", chance.choice(_QUESTIONS)),
    ]
    sent = _incoming(chance, SubmissionKind.CLINIC_BOOKING, pairs, "Janji contoh", phone)
    receive(session, sent)
    return sent.submission_id


def _incoming(
    chance: random.Random, kind: SubmissionKind, pairs: list[tuple[str, str]], title: str, phone: str
) -> Incoming:
    return Incoming(
        submission_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        kind=kind,
        pairs=pairs,
        title=title,
        kecamatan_code=None,
        desa_code=None,
        phone=phone or None,
        source=Source.SELF,
        actor=ANONYMOUS,
        to_dinas=True,
    )
