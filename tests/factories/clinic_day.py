"""A day of the clinic for tests: people with appointments, wishes that came by the outbox, experts with accounts."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Expert, SessionNote, Wish
from app.clinic.queries.today import booking_of_submission
from app.clinic.rules.booking import BookingStatus, Mode, Topic
from app.clinic.rules.timetable import Service
from app.clinic.services.status import change_status
from app.core.access import ANONYMOUS
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import submission_by_number
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import Incoming, receive
from tests.factories.clinic import OFFICE, asked, booked, incoming
from tests.page_rules import Inspected

CLINIC: Final = "/petugas/klinik"
SITI: Final = "Ibu Siti Aminah"
PHONE: Final = "0812-9999-7531"
STORED: Final = "6281299997531"


def appointment(
    at: datetime,
    name: str = SITI,
    phone: str | None = STORED,
    question: str = "Bagaimana membuat pembukuan?",
    **values: Any,
) -> int:
    """Somebody has a time; returns the booking's id. ``values`` as for ``booked``."""
    pairs = [("name", name), ("description", question), ("client_type", "koperasi")]
    if phone:
        pairs.append(("phone", phone))
    sent = replace(incoming(name=name), pairs=pairs, phone=phone)
    received = booked(at, submission=sent, phone=phone, **values)
    found = booking_of_submission(db.session(), received.submission_id)
    assert found is not None
    db.session.rollback()
    return found


def put(booking_id: int, *states: BookingStatus) -> None:
    """Bring a booking on, step by step."""
    for state in states:
        atomically(partial(_step, booking_id=booking_id, state=state))


def _step(session: Session, *, booking_id: int, state: BookingStatus) -> None:
    change_status(session, booking_id, state, actor=OFFICE)


def booking(booking_id: int) -> Booking:
    """As it is kept now."""
    db.session.rollback()
    return db.session.scalars(select(Booking).where(Booking.id == booking_id)).one()


def bookings() -> list[Booking]:
    """All."""
    db.session.rollback()
    return list(db.session.scalars(select(Booking).order_by(Booking.id)))


def note(booking_id: int) -> SessionNote | None:
    """What was written down."""
    db.session.rollback()
    return db.session.get(SessionNote, booking_id)


def give_account(expert_id: int, account_id: int) -> None:
    """This expert signs in with this account."""
    atomically(
        lambda s: s.execute(update(Expert).where(Expert.id == expert_id).values(account_id=account_id))
    )


def change(booking_id: int, **values: Any) -> None:
    """Change columns of a booking directly."""
    atomically(lambda s: s.execute(update(Booking).where(Booking.id == booking_id).values(**values)))


def wished(
    name: str = SITI, days: str = "1", part: str = "bebas", phone: str | None = PHONE, **values: Any
) -> str:
    """A wish that came by the outbox; returns its receipt number."""
    submission_id = str(uuid.uuid4())
    pairs = [("name", name), ("client_type", "koperasi"), ("part", part), *(("days", day) for day in days)]
    pairs.append(("description", "Mau pinjam modal."))
    if phone:
        pairs.append(("phone", phone))
    sent = Incoming(
        submission_id=submission_id,
        kind=SubmissionKind.CLINIC_WISH,
        pairs=pairs,
        title=name,
        kecamatan_code=None,
        desa_code=None,
        phone=STORED if phone else None,
        source=Source.SELF,
        actor=ANONYMOUS,
        filled_at=now(),
        to_dinas=True,
    )
    row = {
        "submission_id": submission_id,
        "service": Service.COOPERATIVE,
        "topic": Topic.FINANCE,
        "mode": Mode.IN_PERSON,
        "weekdays": days,
        "received_at": now(),
        **values,
    }

    def take(session: Session) -> str:
        received = receive(session, sent)
        session.execute(insert(Wish), row)
        return received.receipt_number

    return atomically(take)


def wish_of(number: str) -> Wish:
    """As it is kept now."""
    db.session.rollback()
    found = submission_by_number(db.session(), number)
    return db.session.scalars(select(Wish).where(Wish.submission_id == found)).one()


def online() -> Any:
    """Somebody who meets by Zoom."""
    return asked(mode=Mode.ONLINE)


def page_of(day: date) -> str:
    """The day's address."""
    return f"{CLINIC}?tanggal={day.isoformat()}"


def seen_of(page: Inspected) -> dict[str, str]:
    """What a page that asks for its block again says that it shows."""
    return {"X-Seen": next(str(a.get("data-seen")) for a in page.all("a") if a.get("data-fresh"))}
