"""Who asked for an earlier time, and the half hours that others gave back since: the office tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Slot
from app.clinic.queries.free import NOTICE, Asked, FreeTime, is_free, next_free_times
from app.clinic.queries.people import NOBODY, Person, people_of
from app.clinic.queries.roster import times_to_move_to
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.rules.timetable import Service
from app.core.clock import in_wib

_AHEAD: Final = timedelta(days=7)
_MOST_FREED: Final = 200
_MOST_ASKERS: Final = 100
_MOST_TIMES: Final = 6


@dataclass(frozen=True)
class Asker:
    """Somebody with an appointment, and the first half hour before it that was given back and fits."""

    booking_id: int
    starts_at: datetime
    booked_at: datetime
    mode: Mode
    free_at: datetime
    person: Person


def list_askers(session: Session, *, now: datetime, booking_id: int | None = None) -> list[Asker]:
    """Who asked, the longest waiting first; nobody where nothing fits. One statement while nothing was given back.

    Given back since they booked: what was free then they could have had. Not before the random pause is over, and
    not what is kept for others or held by somebody who types. ``booking_id``: that one alone, nobody else's form is
    opened for it.
    """
    freed = _freed(session, now)
    if not freed:
        return []
    rows = session.execute(
        select(
            Booking.id,
            Booking.submission_id,
            Booking.service,
            Booking.starts_at,
            Booking.booked_at,
            Booking.mode,
        )
        .where(
            Booking.wants_earlier,
            Booking.status == BookingStatus.BOOKED,
            ~Booking.must_move,
            Booking.starts_at > freed[0].starts_at,
            *([Booking.id == booking_id] if booking_id is not None else []),
        )
        .order_by(Booking.booked_at, Booking.id)
        .limit(_MOST_ASKERS)
    ).all()
    fitting = [(row, slots) for row in rows if (slots := [slot for slot in freed if _fits(slot, row)])]
    people = people_of(session, {row.submission_id for row, _slots in fitting})
    found = (_asker(row, slots, people.get(row.submission_id, NOBODY)) for row, slots in fitting)
    return [one for one in found if one is not None]


def _freed(session: Session, now: datetime) -> Sequence[Any]:
    """Half hours of the coming days that somebody gave back, the next first. ``at_desk``: its desk is free too."""
    free = {
        mode: or_(*(is_free(Asked(service, mode), now) for service in Service))
        for mode in (Mode.PHONE, Mode.IN_PERSON)
    }
    return session.execute(
        select(
            Slot.service,
            Slot.starts_at,
            Slot.expert_id,
            Slot.offered_from,
            free[Mode.IN_PERSON].label("at_desk"),
        )
        .where(
            free[Mode.PHONE],
            Slot.offered_from.is_not(None),
            Slot.starts_at >= now + NOTICE,
            Slot.starts_at < now + _AHEAD,
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(_MOST_FREED)
    ).all()


def _fits(slot: Any, booking: Any) -> bool:
    return (
        slot.service is booking.service
        and slot.starts_at < booking.starts_at
        and slot.offered_from >= booking.booked_at
        and (slot.at_desk or booking.mode is not Mode.IN_PERSON)
    )


def _asker(booking: Any, slots: Sequence[Any], person: Person) -> Asker | None:
    """The first one, with the expert that was asked for."""
    wanted = expert_asked_for(person)
    at = next((slot.starts_at for slot in slots if wanted in (None, slot.expert_id)), None)
    if at is None:
        return None
    return Asker(booking.id, booking.starts_at, booking.booked_at, booking.mode, at, person)


def expert_asked_for(person: Person) -> int | None:
    """Whom somebody chose when booking; None: any."""
    text = person.expert
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def find_waiting(session: Session, booking_id: int) -> Booking | None:
    """A booking that is still to come; None for any other."""
    waiting = (BookingStatus.BOOKED, BookingStatus.ARRIVED)
    return session.scalar(select(Booking).where(Booking.id == booking_id, Booking.status.in_(waiting)))


def asked_for(booking: Booking, person: Person) -> Asked:
    """What the office looks for: an earlier time as the client would get it, or any at all for who lost theirs."""
    if booking.must_move:
        return Asked(booking.service, booking.mode, booking.topic, may_reserved=True, moving=booking.id)
    wanted = expert_asked_for(person)
    return Asked(booking.service, booking.mode, booking.topic, expert_id=wanted, moving=booking.id)


def other_times(session: Session, booking: Booking, person: Person, *, now: datetime) -> list[FreeTime]:
    """Earlier free times, the one that was given back first, as the list says it.

    For who lost the own half hour: the same one with another expert, then the nearest.
    """
    if booking.must_move:
        return times_to_move_to(session, booking, now=now)
    freed = [FreeTime(one.free_at, 1) for one in list_askers(session, now=now, booking_id=booking.id)]
    until = in_wib(booking.starts_at).date()
    asked = asked_for(booking, person)
    found = next_free_times(session, asked, now=now, until=until, most=_MOST_TIMES)
    shown = {one.starts_at for one in freed}
    others = [one for one in found if one.starts_at < booking.starts_at and one.starts_at not in shown]
    return [*freed, *others]
