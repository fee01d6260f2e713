"""Booking a half hour. Never twice: see ``book`` and the unique indexes of ``Booking``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking, Slot
from app.clinic.queries.bookings import count_no_shows, count_of_phone, has_come_before
from app.clinic.queries.far import far_kecamatan
from app.clinic.queries.free import Asked, list_candidates
from app.clinic.queries.timetable import list_hours, number
from app.clinic.rules.booking import BookingStatus, ClientType, Mode, Topic, half_of
from app.clinic.rules.fairness import NO_SHOW_MEMORY
from app.clinic.rules.settings import NO_SHOWS_ALLOWED
from app.clinic.rules.timetable import Service
from app.clinic.services.holding import let_go
from app.clinic.services.locking import lock_days
from app.clinic.services.taking import SlotTaken, check_when, first_candidate, place_of, sentence_for
from app.core.clock import in_wib, now
from app.core.crypt import phone_index
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.services.receiving import Incoming, Received, receive

if TYPE_CHECKING:
    from flask_babel import LazyString

_KEPT: Final = say(
    "Jam ini disimpan untuk yang baru pertama kali datang atau tinggal jauh. Pilih jam lain. Isian tidak hilang."
)
_NO_SHOWS: Final = say(
    "Nomor HP ini beberapa kali tidak datang. Kalau sekarang pasti datang, beri tanda di sini."
)
_SECOND: Final = say("Nomor HP ini sudah punya janji. Kalau janji ini untuk orang lain, beri tanda di bawah.")


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
    RuleBroken('slot') for a time that is not open yet, OtherContent.
    """
    lock_days(session, [in_wib(wanted.starts_at).date()])
    received = receive(session, incoming)
    if received.replay:
        return received
    index = phone_index(wanted.phone) if wanted.phone else None
    if not (wanted.at_desk or wanted.another) and count_of_phone(session, index, wanted.asked.service):
        raise RuleBroken("phone", _SECOND)
    if not wanted.at_desk:
        check_when(session, wanted.asked, wanted.starts_at)
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
        **place_of(slot, wanted.mode),
    }
    try:
        session.execute(insert(Booking), row)
    except IntegrityError as clash:
        raise sentence_for(clash) from clash
    let_go(session, wanted.asked.hold)
    return received


def refuse_taken(session: Session, asked: Asked, starts_at: datetime) -> None:
    """A look before the write block: most of a crowd is too late, and leaves without holding up anybody.

    Raises SlotTaken, RuleBroken('slot'). What is free here may be taken a moment later; only ``book`` decides.
    """
    check_when(session, asked, starts_at)
    first_candidate(session, asked, starts_at)


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
        return first_candidate(session, asked, wanted.starts_at)
    try:
        return first_candidate(session, replace(asked, may_reserved=False), wanted.starts_at)
    except SlotTaken as taken:
        if list_candidates(session, asked, wanted.starts_at, now=now()):
            raise SlotTaken(taken.alternatives, _KEPT) from taken
        raise
