"""What an expert sees: the own sessions, who comes, what was said before. An officer of the clinic sees all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Expert, SessionNote
from app.clinic.queries.free import edges_of
from app.clinic.queries.today import Seat, on_day, read_seats, seats
from app.clinic.rules.booking import BookingStatus, Outcome, Topic
from app.core.access import Access, Actor
from app.core.audit import History
from app.core.crypt import unseal
from app.registry.queries.moving import codes_of

_DAYS_AHEAD: Final = timedelta(days=35)
_MOST_EARLIER: Final = 10
_MOST_LINES: Final = 60


def note_place(booking_id: int) -> str:
    """Where a note is sealed to."""
    return f"clinic.note:{booking_id}"


def subject_of(booking_id: int) -> str:
    """Under which name the history keeps a booking."""
    return f"klinik:{booking_id}"


@dataclass(frozen=True)
class Note:
    """What was written down after a session."""

    text: str
    outcome: Outcome
    follow_up_on: date | None
    written_at: datetime


@dataclass(frozen=True)
class Earlier:
    """A session before this one, of the same telephone or the same record."""

    starts_at: datetime
    expert: str
    topic: Topic
    note: Note | None


def _in_sight_of(actor: Actor) -> Any:
    """SQL: bookings that this person may see. The expert's account is asked each time: it may have been taken away."""
    if actor.may(Access.SERVE_CLINIC):
        return true()
    own = select(Expert.id).where(Expert.account_id == actor.account_id, Expert.account_id.is_not(None))
    return Booking.expert_id.in_(own)


def expert_of(session: Session, actor: Actor) -> str | None:
    """The name under which this account gives advice; None when it does not."""
    return session.scalar(select(Expert.name).where(Expert.account_id == actor.account_id, Expert.active))


def seat_for(session: Session, actor: Actor, booking_id: int) -> Seat | None:
    """One booking; None where it does not exist or is somebody else's."""
    found = read_seats(session, seats(Booking.id == booking_id, _in_sight_of(actor)))
    return found[0] if found else None


def list_own_sessions(session: Session, actor: Actor, day: date) -> list[Seat]:
    """Sessions of this account from ``day`` on, whatever else it may see."""
    own = select(Expert.id).where(Expert.account_id == actor.account_id)
    later = and_(
        Booking.starts_at >= edges_of(day)[1],
        Booking.starts_at < edges_of(day + _DAYS_AHEAD)[0],
        Booking.status.in_((BookingStatus.BOOKED, BookingStatus.ARRIVED)),
    )
    return read_seats(session, seats(Booking.expert_id.in_(own), or_(on_day(day), later)))


def note_of(session: Session, booking_id: int) -> Note | None:
    """The note of a session. Call with a booking that the asker may see."""
    row = session.scalar(select(SessionNote).where(SessionNote.booking_id == booking_id))
    return _opened(row) if row else None


def _opened(row: SessionNote) -> Note:
    text = unseal(row.text_sealed, place=note_place(row.booking_id))
    return Note(text, row.outcome, row.follow_up_on, row.written_at)


def list_earlier(session: Session, booking_id: int) -> list[Earlier]:
    """Sessions that were held before this one with the same telephone or about the same record, newest first.

    A record that others became one with is the same under each of its codes.
    """
    this = session.execute(
        select(Booking.phone_index, Booking.record_code, Booking.starts_at).where(Booking.id == booking_id)
    ).one()
    same: list[Any] = [Booking.phone_index == this[0]] if this[0] else []
    if this[1]:
        same.append(Booking.record_code.in_(sorted(codes_of(session, this[1]))))
    if not same:
        return []
    rows: Any = session.execute(
        select(Booking.starts_at, Expert.name, Booking.topic, SessionNote)
        .join(Expert, Expert.id == Booking.expert_id)
        .outerjoin(SessionNote, SessionNote.booking_id == Booking.id)
        .where(
            or_(*same),
            Booking.id != booking_id,
            Booking.status == BookingStatus.DONE,
            Booking.starts_at < this[2],
        )
        .order_by(Booking.starts_at.desc(), Booking.id)
        .limit(_MOST_EARLIER)
    )
    return [
        Earlier(at, name, topic, _opened(note) if note is not None else None)
        for at, name, topic, note in rows
    ]


@dataclass(frozen=True)
class Line:
    """One deed on a booking."""

    at: datetime
    deed: str
    who: str
    after: dict[str, Any]


def list_history(session: Session, subject: str) -> list[Line]:
    """What happened, oldest first."""
    rows = session.execute(
        select(History.at, History.deed, History.actor_name, History.after)
        .where(History.subject == subject)
        .order_by(History.id)
        .limit(_MOST_LINES)
    )
    return [Line(at, deed, who, after or {}) for at, deed, who, after in rows]
