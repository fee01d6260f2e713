"""Slots are rows, made ahead from the timetable. Changing the roster never loses a booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Slot
from app.clinic.queries.free import edges_of
from app.clinic.queries.timetable import number, timetable
from app.clinic.rules.booking import WAITING, Mode
from app.clinic.rules.fairness import reserved, whole_weeks
from app.clinic.rules.settings import RESERVED_SHARE
from app.clinic.rules.timetable import PlannedSlot, planned_slots
from app.clinic.services.locking import days_between, lock_days
from app.core import audit
from app.core.access import Actor
from app.core.clock import now, today

SUBJECT: Final = "klinik:jadwal"
_MOST: Final = 20_000


@dataclass(frozen=True)
class Made:
    """What making slots did; ``to_move``: bookings whose half hour is no longer in the timetable."""

    added: int
    removed: int
    to_move: int


def make_slots(session: Session, first_day: date, last_day: date, *, actor: Actor) -> Made:
    """Bring the slots of these days into line with the timetable; what is over stays as it was. May run again.

    A slot that is no longer planned goes; one that is booked stays closed for others, and its booking is marked
    ``must_move``. One that comes back takes its booking back.
    """
    first_day = max(first_day, today())
    if last_day < first_day:
        return Made(0, 0, 0)
    lock_days(session, days_between(*whole_weeks(first_day, last_day)))
    moment = now()
    planned = {
        (slot.expert_id, slot.starts_at): slot
        for slot in planned_slots(timetable(session, first_day, last_day), first_day, last_day)
        if slot.ends_at > moment
    }
    kept = {
        (slot.expert_id, slot.starts_at): slot
        for slot in _slots_between(session, first_day, last_day)
        if slot.ends_at > moment
    }
    removed = _remove(session, [slot for key, slot in kept.items() if key not in planned])
    _move_desks(session, kept, planned)
    added = _add(session, (slot for key, slot in planned.items() if key not in kept))
    _reopen(session, [slot.id for key, slot in kept.items() if key in planned and not slot.open])
    _reserve(session, first_day, last_day)
    made = Made(added, removed, _mark_homeless(session, first_day, last_day))
    if added or removed:
        _note(session, first_day, last_day, made, actor)
    return made


def _note(session: Session, first_day: date, last_day: date, made: Made, actor: Actor) -> None:
    days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
    after = {**days, "added": made.added, "removed": made.removed}
    audit.record(session, deed="clinic.slots_made", subject=SUBJECT, actor=actor, after=after)


def _slots_between(session: Session, first_day: date, last_day: date) -> Sequence[Slot]:
    return session.scalars(
        select(Slot)
        .where(Slot.starts_at >= edges_of(first_day)[0], Slot.starts_at < edges_of(last_day)[1])
        .order_by(Slot.id)
        .limit(_MOST)
    ).all()


def _remove(session: Session, gone: list[Slot]) -> int:
    """Slots that somebody ever booked are history and only close."""
    ids = [slot.id for slot in gone]
    if not ids:
        return 0
    used = set(session.scalars(select(Booking.slot_id).where(Booking.slot_id.in_(ids)).distinct()))
    unused = [one for one in ids if one not in used]
    closing = [slot.id for slot in gone if slot.id in used and slot.open]
    if unused:
        session.execute(delete(Slot).where(Slot.id.in_(unused)))
    if closing:
        session.execute(update(Slot).where(Slot.id.in_(closing)).values(open=False, desk_id=None))
        # their desk may go to somebody else at once
        session.execute(
            update(Booking)
            .where(Booking.slot_id.in_(closing), Booking.status.in_(WAITING))
            .values(desk_id=None)
        )
    return len(unused) + len(closing)


def _move_desks(
    session: Session, kept: dict[tuple[int, datetime], Slot], planned: dict[tuple[int, datetime], PlannedSlot]
) -> None:
    """Another desk for the same expert and time: first all desks are cleared, or two that swap would collide."""
    changed = [(slot, planned[key]) for key, slot in kept.items() if key in planned]
    changed = [
        (slot, plan) for slot, plan in changed if (slot.desk_id, slot.service) != (plan.desk_id, plan.service)
    ]
    if not changed:
        return
    ids = [slot.id for slot, _ in changed]
    session.execute(update(Slot).where(Slot.id.in_(ids)).values(desk_id=None))
    session.execute(
        update(Booking).where(Booking.slot_id.in_(ids), Booking.status.in_(WAITING)).values(desk_id=None)
    )
    for slot, plan in changed:
        session.execute(
            update(Slot).where(Slot.id == slot.id).values(desk_id=plan.desk_id, service=plan.service)
        )
        session.execute(
            update(Booking)
            .where(Booking.slot_id == slot.id, Booking.status.in_(WAITING), Booking.mode == Mode.IN_PERSON)
            .values(desk_id=plan.desk_id)
        )


def _add(session: Session, slots: Iterable[PlannedSlot]) -> int:
    rows: list[dict[str, Any]] = [
        {
            "service": slot.service,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "expert_id": slot.expert_id,
            "desk_id": slot.desk_id,
        }
        for slot in slots
    ]
    if rows:
        session.execute(insert(Slot), rows)
    return len(rows)


def _reopen(session: Session, ids: list[int]) -> None:
    if ids:
        session.execute(update(Slot).where(Slot.id.in_(ids)).values(open=True))


def _reserve(session: Session, first_day: date, last_day: date) -> None:
    """The share of every week that the office keeps for far kecamatan and first-timers; after a change of it, too."""
    share = number(session, RESERVED_SHARE)
    slots = [slot for slot in _slots_between(session, *whole_weeks(first_day, last_day)) if slot.open]
    wanted = reserved(((slot.service, slot.starts_at, slot.expert_id) for slot in slots), share)
    for keep in (True, False):
        ids = [
            slot.id
            for slot in slots
            if slot.reserved is not keep
            and ((slot.service, slot.starts_at, slot.expert_id) in wanted) is keep
        ]
        if ids:
            session.execute(update(Slot).where(Slot.id.in_(ids)).values(reserved=keep))


def _mark_homeless(session: Session, first_day: date, last_day: date) -> int:
    """Bookings that lost their place must move; those that have it back need not any more.

    Lost: the slot is closed, or somebody comes to the office and the expert has no desk there. One that has begun
    counts too: who is reported ill at five past nine leaves somebody sitting.
    """
    coming = (
        Booking.status.in_(WAITING),
        Booking.ends_at > now(),
        Booking.starts_at >= edges_of(first_day)[0],
        Booking.starts_at < edges_of(last_day)[1],
    )
    from_afar = Booking.mode != Mode.IN_PERSON
    housed = (
        select(Slot.id)
        .where(Slot.id == Booking.slot_id, Slot.open, or_(from_afar, Slot.desk_id.is_not(None)))
        .exists()
    )
    session.execute(
        update(Booking).where(*coming, housed, Booking.must_move).values(must_move=False, serve_first=False)
    )
    session.execute(update(Booking).where(*coming, ~housed, ~Booking.must_move).values(must_move=True))
    return len(session.scalars(select(Booking.id).where(*coming, Booking.must_move).limit(_MOST)).all())
