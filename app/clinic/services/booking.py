"""Booking, holding, moving, cancelling. Never twice: see ``_take`` and the unique indexes of ``Booking``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Slot
from app.clinic.queries.bookings import count_no_shows, count_of_phone, has_come_before
from app.clinic.queries.far import far_kecamatan
from app.clinic.queries.free import NOTICE, Asked, FreeTime, list_candidates, nearest_free_times
from app.clinic.queries.timetable import list_hours, number
from app.clinic.rules.booking import (
    KEEPS_SLOT,
    BookingStatus,
    ClientType,
    Mode,
    Topic,
    check_arrival,
    check_change,
    check_move,
    check_no_show,
    half_of,
)
from app.clinic.rules.fairness import NO_SHOW_MEMORY
from app.clinic.rules.settings import HOLD_MINUTES, NO_SHOWS_ALLOWED, REOFFER_MINUTES
from app.clinic.rules.timetable import Service
from app.clinic.services.locking import lock_days
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib, now
from app.core.crypt import phone_index
from app.core.db import constraint_name
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.services.receiving import Incoming, Received, receive

if TYPE_CHECKING:
    from flask_babel import LazyString

_CHANCE: Final = secrets.SystemRandom()
_TAKEN: Final = say("Jam ini baru diambil orang lain. Pilih jam lain. Isian tidak hilang.")
_LATE: Final = say("Jam ini sudah lewat, atau tinggal sebentar lagi. Pilih jam lain. Isian tidak hilang.")
_KEPT: Final = say(
    "Jam ini disimpan untuk yang baru pertama kali datang atau tinggal jauh. Pilih jam lain. Isian tidak hilang."
)
_NO_SHOWS: Final = say(
    "Nomor HP ini beberapa kali tidak datang. Kalau sekarang pasti datang, beri tanda di sini."
)
_SAME_TIME: Final = say("Nomor HP ini sudah punya janji pada jam yang sama.")
_SECOND: Final = say("Nomor HP ini sudah punya janji. Kalau janji ini untuk orang lain, beri tanda di bawah.")


class SlotTaken(RuleBroken):
    """Somebody else was quicker. ``alternatives`` are the free times nearest to the wanted one."""

    def __init__(self, alternatives: list[FreeTime], sentence: LazyString = _TAKEN) -> None:
        super().__init__("slot", sentence, code="taken")
        self.alternatives = alternatives


@dataclass(frozen=True)
class Wanted:
    """A booking about to be made. ``asked`` says whose slots fit.

    ``another``: the person said that a second booking of the same telephone is meant. ``promise``: will come this
    time. ``other_half``: the half of the day for the other service is meant. ``at_desk``: made by an officer for somebody
    present, who may do more than the limits of a telephone.
    """

    asked: Asked
    starts_at: datetime
    client_type: ClientType
    topic: Topic
    mode: Mode
    phone: str | None
    kecamatan_code: str | None = None
    record_code: str | None = None
    another: bool = False
    other_half: bool = False
    promise: bool = False
    walk_in: bool = False
    at_desk: bool = False
    wants_earlier: bool = False
    channel: str = ""


def book(session: Session, wanted: Wanted, incoming: Incoming) -> Received:
    """Take the submission and give it a half hour, both or nothing; the same submission again: the same receipt.

    Raises SlotTaken with the nearest free times, RuleBroken('phone') for a second booking that was not meant,
    OtherContent.
    """
    lock_days(session, [in_wib(wanted.starts_at).date()])
    received = receive(session, incoming)
    if received.replay:
        return received
    index = phone_index(wanted.phone) if wanted.phone else None
    if not (wanted.at_desk or wanted.another) and count_of_phone(session, index, wanted.asked.service):
        raise RuleBroken("phone", _SECOND)
    if not wanted.at_desk:
        _refuse_late(session, wanted.asked, wanted.starts_at)
        _check_promise(session, wanted, index)
        _check_half(session, wanted)
    first_time = not has_come_before(session, index)
    slot = _slot_for(session, wanted, first_time=first_time)
    row = {
        "submission_id": incoming.submission_id,
        "status": BookingStatus.BOOKED,
        "alive": True,
        "service": slot.service,
        "mode": wanted.mode,
        "client_type": wanted.client_type,
        "topic": wanted.topic,
        "kecamatan_code": wanted.kecamatan_code,
        "record_code": wanted.record_code,
        "phone_index": index,
        "first_time": first_time,
        "walk_in": wanted.walk_in,
        "wants_earlier": wanted.wants_earlier,
        "booked_at": now(),
        "channel": wanted.channel,
        **_place_of(slot, wanted.mode),
    }
    try:
        session.execute(insert(Booking), row)
    except IntegrityError as clash:
        raise _sentence_for(clash) from clash
    _let_go(session, wanted.asked.hold)
    return received


def refuse_taken(session: Session, asked: Asked, starts_at: datetime) -> None:
    """A look before the write block: most of a crowd is too late, and leaves without holding up anybody.

    Raises SlotTaken. What is free here may be taken a moment later; only ``book`` decides.
    """
    _refuse_late(session, asked, starts_at)
    _first_candidate(session, asked, starts_at)


def _check_promise(session: Session, wanted: Wanted, index: str | None) -> None:
    """Who did not come several times has to say that this time is meant; nobody is shut out."""
    if wanted.promise:
        return
    if count_no_shows(session, index, now() - NO_SHOW_MEMORY) >= number(session, NO_SHOWS_ALLOWED):
        raise RuleBroken("promise", _NO_SHOWS)


def _check_half(session: Session, wanted: Wanted) -> None:
    """Who takes a time of the other half of the day is told what the halves are for, and may mean it."""
    own, field = half_of(wanted.client_type, wanted.record_code)
    if wanted.other_half or own is None or own is wanted.asked.service:
        return
    day = in_wib(wanted.starts_at).date()
    hours = [one for one in list_hours(session, day, day) if one.service is own]
    if hours:
        span = f"{min(one.starts for one in hours):%H.%M}-{max(one.ends for one in hours):%H.%M}"
        raise RuleBroken(field, _other_half(own, span))


def _other_half(own: Service, hours: str) -> LazyString:
    if own is Service.COOPERATIVE:
        return say(
            "Koperasi dilayani pukul %(hours)s. Jam yang dipilih untuk UMKM. "
            "Pilih jam koperasi, atau beri tanda di sini kalau tetap mau jam ini.",
            hours=hours,
        )
    return say(
        "UMKM dilayani pukul %(hours)s. Jam yang dipilih untuk koperasi. "
        "Pilih jam UMKM, atau beri tanda di sini kalau tetap mau jam ini.",
        hours=hours,
    )


def _slot_for(session: Session, wanted: Wanted, *, first_time: bool) -> Slot:
    """The half hour to give; one that is kept for others only to whom it is kept for. Raises SlotTaken."""
    asked = wanted.asked
    if (
        not asked.may_reserved
        or wanted.at_desk
        or first_time
        or wanted.kecamatan_code in far_kecamatan(session)
    ):
        return _first_candidate(session, asked, wanted.starts_at)
    try:
        return _first_candidate(session, replace(asked, may_reserved=False), wanted.starts_at)
    except SlotTaken as taken:
        if list_candidates(session, asked, wanted.starts_at, now=now()):
            raise SlotTaken(taken.alternatives, _KEPT) from taken
        raise


def _first_candidate(session: Session, asked: Asked, starts_at: datetime) -> Slot:
    """The best free slot. Raises SlotTaken."""
    found = list_candidates(session, asked, starts_at, now=now())
    if not found:
        raise SlotTaken(nearest_free_times(session, asked, starts_at, now=now()))
    return found[0]


def _refuse_late(session: Session, asked: Asked, starts_at: datetime) -> None:
    """Who asks from afar gets no time that begins now, or began already. Raises SlotTaken."""
    if starts_at < now() + NOTICE:
        raise SlotTaken(nearest_free_times(session, asked, starts_at, now=now()), _LATE)


def _place_of(slot: Slot, mode: Mode) -> dict[str, object]:
    """Where and when; who meets from afar leaves the desk to others."""
    return {
        "slot_id": slot.id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "expert_id": slot.expert_id,
        "desk_id": slot.desk_id if mode is Mode.IN_PERSON else None,
    }


def _sentence_for(clash: IntegrityError) -> RuleBroken:
    """In words, which of the indexes it was."""
    name = constraint_name(clash)
    if "phone" in name:
        return RuleBroken("phone", _SAME_TIME)
    return SlotTaken([])


# --- holding ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A half hour that waits for its asker."""

    starts_at: datetime
    until: datetime


def hold(session: Session, asked: Asked, starts_at: datetime) -> Held:
    """Keep a half hour while somebody types; what the same asker held before is let go. Raises SlotTaken."""
    lock_days(session, [in_wib(starts_at).date()])
    _refuse_late(session, asked, starts_at)
    slot = _first_candidate(session, asked, starts_at)
    _let_go(session, asked.hold)
    until = now() + timedelta(minutes=number(session, HOLD_MINUTES))
    session.execute(update(Slot).where(Slot.id == slot.id).values(held_by=asked.hold, held_until=until))
    return Held(starts_at, until)


def _let_go(session: Session, asker: str) -> None:
    if asker:
        session.execute(update(Slot).where(Slot.held_by == asker).values(held_by=None, held_until=None))


# --- afterwards ---------------------------------------------------------------------------------------------------


def cancel(session: Session, booking_id: int, *, actor: Actor, by_office: bool = False) -> None:
    """Cancel: the client until two hours before, the office until the end. The time is offered again later.

    Raises RuleBroken('closed'), LookupError.
    """
    booking = _locked(session, booking_id)
    if not by_office:
        check_change(booking.status, booking.starts_at, now())
    new = BookingStatus.CANCELLED_BY_OFFICE if by_office else BookingStatus.CANCELLED_BY_CLIENT
    _set_status(session, booking, new, actor=actor)
    booking.cancelled_at = now()
    _offer_again(session, booking.slot_id)
    session.flush()


def move(
    session: Session,
    booking_id: int,
    asked: Asked,
    starts_at: datetime,
    *,
    actor: Actor,
    by_office: bool = False,
) -> None:
    """Move to another half hour; the old one is offered again later. The old one is kept where the new one is taken.

    Raises SlotTaken, RuleBroken('closed'), LookupError.
    """
    old = _booking(session, booking_id).starts_at
    lock_days(session, [in_wib(old).date(), in_wib(starts_at).date()])
    booking = _booking(session, booking_id, alone=True)
    if by_office:
        check_waiting(booking)
    else:
        check_change(booking.status, booking.starts_at, now())
    asked = replace(asked, service=booking.service, mode=booking.mode, topic=booking.topic, moving=booking.id)
    if not by_office:
        _refuse_late(session, asked, starts_at)
    slot = _first_candidate(session, asked, starts_at)
    before, left = in_wib(booking.starts_at).isoformat(), booking.slot_id
    place = _place_of(slot, booking.mode)
    settled = {"must_move": False, "serve_first": False, "wants_earlier": False}
    changed = {**place, **settled, "sequence": booking.sequence + 1}
    if slot.expert_id != booking.expert_id:
        changed["meeting_link"] = ""  # it led to a room of the other expert
    try:
        session.execute(update(Booking).where(Booking.id == booking_id).values(**changed))
    except IntegrityError as clash:
        raise _sentence_for(clash) from clash
    if left != slot.id:
        _offer_again(session, left)
    _let_go(session, asked.hold)
    _note(
        session, booking_id, "clinic.moved", actor, {"at": before}, {"at": in_wib(slot.starts_at).isoformat()}
    )


def check_waiting(booking: Booking) -> None:
    """Raise RuleBroken('closed') unless the session is still to come."""
    if booking.status not in (BookingStatus.BOOKED, BookingStatus.ARRIVED):
        raise RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")


def change_status(session: Session, booking_id: int, new: BookingStatus, *, actor: Actor) -> None:
    """Arrived, called in, done, did not come. Raises RuleBroken('closed'), LookupError."""
    booking = _locked(session, booking_id)
    if new is BookingStatus.NO_SHOW:
        check_no_show(booking.starts_at, now())
    _set_status(session, booking, new, actor=actor)
    session.flush()


def arrive(session: Session, booking_id: int, *, actor: Actor) -> None:
    """The client says "I am here": on the day itself. Raises RuleBroken('closed'), LookupError."""
    booking = _locked(session, booking_id)
    check_arrival(booking.status, booking.starts_at, now())
    _set_status(session, booking, BookingStatus.ARRIVED, actor=actor)
    session.flush()


_STAMPS: Final = {
    BookingStatus.ARRIVED: "arrived_at",
    BookingStatus.IN_SESSION: "called_at",
    BookingStatus.DONE: "ended_at",
}


def _set_status(session: Session, booking: Booking, new: BookingStatus, *, actor: Actor) -> None:
    old = booking.status
    check_move(old, new)
    booking.status, booking.alive = new, new in KEEPS_SLOT
    if new in _STAMPS:
        setattr(booking, _STAMPS[new], now())
    _note(session, booking.id, "clinic.status", actor, {"status": old}, {"status": new})


def _locked(session: Session, booking_id: int) -> Booking:
    """The booking as it is now, with its day to ourselves."""
    lock_days(session, [in_wib(_booking(session, booking_id).starts_at).date()])
    return _booking(session, booking_id, alone=True)


def _booking(session: Session, booking_id: int, *, alone: bool = False) -> Booking:
    """The row as it is now. ``alone``: nobody else changes it, were it moved to another day a moment ago."""
    statement = select(Booking).where(Booking.id == booking_id).execution_options(populate_existing=True)
    found = session.scalar(statement.with_for_update() if alone else statement)
    if found is None:
        raise LookupError(booking_id)
    return found


def _offer_again(session: Session, slot_id: int) -> None:
    """After a random while, so that nobody can pass a time on to a friend who waits for it."""
    most = number(session, REOFFER_MINUTES) * 60
    pause = timedelta(seconds=_CHANCE.randint(0, most)) if most else timedelta(0)
    session.execute(update(Slot).where(Slot.id == slot_id).values(offered_from=now() + pause))


def _note(
    session: Session, booking_id: int, deed: str, actor: Actor, before: dict[str, str], after: dict[str, str]
) -> None:
    audit.record(session, deed=deed, subject=f"klinik:{booking_id}", actor=actor, before=before, after=after)
