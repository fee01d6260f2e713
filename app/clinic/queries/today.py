"""A day of the clinic as its desk sees it: who comes to whom, what is free, who is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Desk, Expert, SessionNote, Slot
from app.clinic.queries.free import Asked, edges_of, is_free
from app.clinic.queries.people import NOBODY, Person, people_of
from app.clinic.rules.booking import WAITING, BookingStatus, ClientType, Mode, Topic
from app.clinic.rules.day import Sitting, initials, minutes_late
from app.clinic.rules.timetable import Service
from app.core.clock import in_wib, today

_MOST: Final = 600
_CANCELLED: Final = (BookingStatus.CANCELLED_BY_CLIENT, BookingStatus.CANCELLED_BY_OFFICE)
# Whoever comes a quarter of an hour into a free half hour still gets the rest of it.
_STILL_WORTH_IT: Final = timedelta(minutes=15)
_CALLED_ON_SCREEN: Final = 5
_NEXT_ON_SCREEN: Final = 6


@dataclass(frozen=True)
class Seat:
    """One booking as the desk sees it. ``noted``: the expert wrote down what came of it.

    ``must_move``: its expert, or the desk, is not there at that time.
    ``link``: where it meets online, the expert's room unless there is an ``own_link``.
    """

    id: int
    submission_id: str
    status: BookingStatus
    service: Service
    starts_at: datetime
    ends_at: datetime
    expert_id: int
    expert: str
    desk: str | None
    mode: Mode
    topic: Topic
    client_type: ClientType
    record_code: str | None
    walk_in: bool
    first_time: bool
    serve_first: bool
    must_move: bool
    arrived_at: datetime | None
    called_at: datetime | None
    ended_at: datetime | None
    link: str
    own_link: str
    noted: bool
    person: Person = NOBODY

    @property
    def day(self) -> date:
        """The day in WIB."""
        return in_wib(self.starts_at).date()

    @property
    def initials(self) -> str:
        """For where others read along."""
        return initials(self.person.name)

    @property
    def sitting(self) -> Sitting:
        """Its times, for the rules."""
        return Sitting(self.status, self.starts_at, self.ends_at, self.arrived_at, self.called_at)


@dataclass(frozen=True)
class FreeSlot:
    """A half hour of an expert that nobody has."""

    id: int
    service: Service
    starts_at: datetime
    expert_id: int
    expert: str
    desk: str | None


@dataclass(frozen=True)
class Place:
    """What stands at one time under one expert: bookings, and a free half hour if there is one."""

    seats: tuple[Seat, ...]
    free: FreeSlot | None


@dataclass(frozen=True)
class Column:
    """An expert of the day. ``late``: minutes that the next one waits."""

    expert_id: int
    expert: str
    desk: str | None
    late: int


@dataclass(frozen=True)
class DaySheet:
    """A day: first of all ``first``, then a line for each time with a place for each expert."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[datetime, tuple[Place, ...]], ...]
    first: tuple[Seat, ...]
    seats: tuple[Seat, ...]


def seats(*conditions: Any) -> Any:
    """Bookings with what is said about them, in the order of the day."""
    return (
        select(
            Booking,
            Expert.name,
            Expert.meeting_link,
            Desk.name,
            SessionNote.booking_id,
        )
        .join(Expert, Expert.id == Booking.expert_id)
        .outerjoin(Desk, Desk.id == Booking.desk_id)
        .outerjoin(SessionNote, SessionNote.booking_id == Booking.id)
        .where(*conditions)
        .order_by(Booking.starts_at, Expert.name, Booking.id)
        .limit(_MOST)
    )


def read_seats(session: Session, statement: Any, *, named: bool = True) -> list[Seat]:
    """Rows of ``seats``; ``named`` False where the job needs no names."""
    found = session.execute(statement).all()
    people = people_of(session, {row[0].submission_id for row in found}) if named else {}
    return [_seat(row, people) for row in found]


def _seat(row: Any, people: dict[str, Person]) -> Seat:
    booking, expert, expert_link, desk, note = row
    return Seat(
        id=booking.id,
        submission_id=booking.submission_id,
        status=booking.status,
        service=booking.service,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        expert_id=booking.expert_id,
        expert=expert,
        desk=desk,
        mode=booking.mode,
        topic=booking.topic,
        client_type=booking.client_type,
        record_code=booking.record_code,
        walk_in=booking.walk_in,
        first_time=booking.first_time,
        serve_first=booking.status in WAITING and (booking.serve_first or _homeless_today(booking)),
        must_move=booking.must_move and booking.status in WAITING,
        arrived_at=booking.arrived_at,
        called_at=booking.called_at,
        ended_at=booking.ended_at,
        link=(booking.meeting_link or expert_link) if booking.mode is Mode.ONLINE else "",
        own_link=booking.meeting_link,
        noted=note is not None,
        person=people.get(booking.submission_id, NOBODY),
    )


def _homeless_today(booking: Booking) -> bool:
    """Nobody could move it in time; on a later day there is still time to ask."""
    return booking.must_move and in_wib(booking.starts_at).date() <= today()


def on_day(day: date) -> Any:
    """SQL: bookings of this day that were not cancelled."""
    start, end = edges_of(day)
    return and_(Booking.starts_at >= start, Booking.starts_at < end, Booking.status.not_in(_CANCELLED))


def day_sheet(session: Session, day: date, *, now: datetime) -> DaySheet:
    """The whole day."""
    found = read_seats(session, seats(on_day(day)))
    free = list_free_slots(session, day, now=now)
    grid = [seat for seat in found if not seat.serve_first]
    columns = _columns(session, day, grid, now)
    times = sorted({seat.starts_at for seat in grid} | {slot.starts_at for slot in free})
    return DaySheet(
        columns=columns,
        rows=tuple(
            (time, tuple(_place(time, column.expert_id, grid, free) for column in columns)) for time in times
        ),
        first=tuple(seat for seat in found if seat.serve_first),
        seats=tuple(found),
    )


def _place(time: datetime, expert_id: int, found: Iterable[Seat], free: Iterable[FreeSlot]) -> Place:
    return Place(
        seats=tuple(seat for seat in found if (seat.starts_at, seat.expert_id) == (time, expert_id)),
        free=next((slot for slot in free if (slot.starts_at, slot.expert_id) == (time, expert_id)), None),
    )


def _columns(session: Session, day: date, found: Sequence[Seat], now: datetime) -> tuple[Column, ...]:
    """Experts on duty that day, at their desks, and whoever has a booking without being on duty."""
    start, end = edges_of(day)
    rows = session.execute(
        select(Expert.id, Expert.name, Desk.name)
        .join(Slot, Slot.expert_id == Expert.id)
        .outerjoin(Desk, Desk.id == Slot.desk_id)
        .where(Slot.starts_at >= start, Slot.starts_at < end, Slot.open)
        .distinct()
        .order_by(Desk.name, Expert.name)
        .limit(_MOST)
    )
    known: dict[int, tuple[str, str | None]] = {}
    for expert_id, name, desk in rows:
        known[expert_id] = (name, known.get(expert_id, (name, None))[1] or desk)
    for seat in found:
        known.setdefault(seat.expert_id, (seat.expert, seat.desk))
    return tuple(
        Column(one, name, desk, minutes_late([s.sitting for s in found if s.expert_id == one], now))
        for one, (name, desk) in known.items()
    )


def list_free_slots(session: Session, day: date, *, now: datetime, mode: Mode = Mode.PHONE) -> list[FreeSlot]:
    """Half hours of the day that can still be given to somebody, those that have just begun too.

    The office may give away what is reserved.
    """
    start, end = edges_of(day)
    free = or_(
        *(is_free(Asked(service, mode, may_reserved=True), now) for service in Service),
    )
    rows = session.execute(
        select(Slot.id, Slot.service, Slot.starts_at, Slot.expert_id, Expert.name, Desk.name)
        .join(Expert, Expert.id == Slot.expert_id)
        .outerjoin(Desk, Desk.id == Slot.desk_id)
        .where(free, Slot.starts_at >= max(start, now - _STILL_WORTH_IT), Slot.starts_at < end)
        .order_by(Slot.starts_at, Expert.name, Slot.id)
        .limit(_MOST)
    )
    return [FreeSlot(*row) for row in rows]


def slot_by_id(session: Session, slot_id: int) -> FreeSlot | None:
    """A half hour, free or not."""
    row = session.execute(
        select(Slot.id, Slot.service, Slot.starts_at, Slot.expert_id, Expert.name, Desk.name)
        .join(Expert, Expert.id == Slot.expert_id)
        .outerjoin(Desk, Desk.id == Slot.desk_id)
        .where(Slot.id == slot_id)
    ).first()
    return FreeSlot(*row) if row else None


def booking_of_submission(session: Session, submission_id: str) -> int | None:
    """Id of the booking that a submission made."""
    return session.scalar(select(Booking.id).where(Booking.submission_id == submission_id))


# --- the big screen -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """One line of the big screen: letters of a name and the end of the receipt number, never the name."""

    initials: str
    ending: str
    desk: str
    called_at: datetime | None


@dataclass(frozen=True)
class Board:
    """What the big screen shows: who is called, the latest first, and who comes next."""

    called: tuple[Called, ...]
    coming: tuple[Called, ...]


def board(session: Session, day: date) -> Board:
    """Those called to a desk, and those who have come and wait. Who meets from afar needs no screen."""
    here = (on_day(day), Booking.mode == Mode.IN_PERSON)
    shown = Booking.status.in_((BookingStatus.IN_SESSION, BookingStatus.ARRIVED))
    found = read_seats(session, seats(*here, shown))
    inside = sorted(
        (seat for seat in found if seat.status is BookingStatus.IN_SESSION),
        key=lambda seat: seat.called_at or seat.starts_at,
        reverse=True,
    )
    waiting = sorted(
        (seat for seat in found if seat.status is BookingStatus.ARRIVED),
        key=lambda seat: (not seat.serve_first, seat.starts_at, seat.id),
    )
    return Board(
        tuple(_line(seat) for seat in inside[:_CALLED_ON_SCREEN]),
        tuple(_line(seat) for seat in waiting[:_NEXT_ON_SCREEN]),
    )


def _line(seat: Seat) -> Called:
    return Called(seat.initials, seat.person.number[-4:], seat.desk or seat.expert, seat.called_at)
