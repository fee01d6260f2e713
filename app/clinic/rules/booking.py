"""The life of a booking: who may ask for what, and from where to where it may go."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.clinic.rules.timetable import Service
from app.core.clock import in_wib
from app.core.errors import RuleBroken
from app.core.language import say


class ClientType(StrEnum):
    """Who asks (contract.md section 4; the values travel in forms)."""

    COOPERATIVE = "koperasi"
    BUSINESS = "umkm"
    PUBLIC = "umum"


class Topic(StrEnum):
    """What about (seed 004 and contract.md section 4; the values travel in forms)."""

    OPPORTUNITY = "peluang"
    FINANCE = "keuangan"
    MARKETING = "pemasaran"
    OPERATIONS = "operasional"
    LEGAL = "legalitas"
    PRODUCT = "produk"
    FOUNDING = "pendirian"
    OTHER = "lainnya"


class Mode(StrEnum):
    """How they meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


class BookingStatus(StrEnum):
    """Where a booking stands. Excused (cancelled in time) is not a no-show."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_SESSION = "in_session"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED_BY_CLIENT = "cancelled_by_client"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


class Outcome(StrEnum):
    """What came of a session."""

    ANSWERED = "answered"
    REFERRED = "referred"
    ANOTHER_SESSION = "another_session"
    NEW_COOPERATIVE = "new_cooperative"
    NEW_BUSINESS = "new_business"


# These keep the half hour: nobody else gets it. A no-show's or a cancelled one's is free again.
KEEPS_SLOT: Final = frozenset(
    {BookingStatus.BOOKED, BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE}
)
WAITING: Final = frozenset({BookingStatus.BOOKED, BookingStatus.ARRIVED})

ALLOWED: Final = frozenset(
    {
        (BookingStatus.BOOKED, BookingStatus.ARRIVED),
        (BookingStatus.BOOKED, BookingStatus.IN_SESSION),
        (BookingStatus.BOOKED, BookingStatus.NO_SHOW),
        (BookingStatus.BOOKED, BookingStatus.CANCELLED_BY_CLIENT),
        (BookingStatus.BOOKED, BookingStatus.CANCELLED_BY_OFFICE),
        (BookingStatus.ARRIVED, BookingStatus.BOOKED),  # pressed by mistake
        (BookingStatus.ARRIVED, BookingStatus.IN_SESSION),
        (BookingStatus.ARRIVED, BookingStatus.CANCELLED_BY_CLIENT),
        (BookingStatus.ARRIVED, BookingStatus.CANCELLED_BY_OFFICE),
        (BookingStatus.IN_SESSION, BookingStatus.DONE),
        (BookingStatus.DONE, BookingStatus.IN_SESSION),  # ended by mistake
    }
)

CANCEL_UNTIL: Final = timedelta(hours=2)
NO_SHOW_AFTER: Final = timedelta(minutes=10)


def check_move(old: BookingStatus, new: BookingStatus) -> None:
    """Raise RuleBroken('closed') unless a booking may go from ``old`` to ``new``."""
    if (old, new) not in ALLOWED:
        raise RuleBroken("", say("Keadaan janji ini sudah berubah. Muat ulang halamannya."), code="closed")


def may_change(starts_at: datetime, now: datetime) -> bool:
    """May the client still move or cancel alone? Until two hours before; afterwards the office is called."""
    return now <= starts_at - CANCEL_UNTIL


def check_change(status: BookingStatus, starts_at: datetime, now: datetime) -> None:
    """Raise RuleBroken unless the client may move or cancel this booking now."""
    if status is not BookingStatus.BOOKED:
        raise RuleBroken("", say("Janji ini sudah tidak bisa diubah dari sini."), code="closed")
    if not may_change(starts_at, now):
        raise RuleBroken(
            "", say("Janji hanya bisa diubah sampai dua jam sebelumnya. Telepon kantor Dinas."), code="closed"
        )


def may_arrive(status: BookingStatus, starts_at: datetime, now: datetime) -> bool:
    """May the client say "I am here"? On the day itself, once it can no longer be cancelled alone.

    Who presses it at home in the morning would be called while on the road, and could not cancel any more.
    """
    today = in_wib(now).date() == in_wib(starts_at).date()
    return status is BookingStatus.BOOKED and today and not may_change(starts_at, now)


def check_arrival(status: BookingStatus, starts_at: datetime, now: datetime) -> None:
    """Raise RuleBroken unless ``may_arrive``."""
    if not may_arrive(status, starts_at, now):
        raise RuleBroken(
            "", say("Tombol ini dipakai di kantor, paling awal dua jam sebelum jam janji."), code="closed"
        )


def check_no_show(starts_at: datetime, now: datetime) -> None:
    """Raise RuleBroken before ten minutes of waiting are over."""
    if now < starts_at + NO_SHOW_AFTER:
        raise RuleBroken("", say("Tunggu sampai sepuluh menit lewat dari jam janji."), code="closed")


def half_of(client_type: ClientType, record_code: str | None) -> tuple[Service | None, str]:
    """Whose half of the day it is by what was said, and the field that said it; None: anybody's.

    The code of a record says it more surely than a choice among three.
    """
    if record_code:
        return (Service.COOPERATIVE if record_code.startswith("K") else Service.BUSINESS), "record"
    return _HALVES.get(client_type), "client_type"


_HALVES: Final = {
    ClientType.COOPERATIVE: Service.COOPERATIVE,
    ClientType.BUSINESS: Service.BUSINESS,
}


def service_for(client_type: ClientType, topic: Topic) -> Service:
    """Which hours fit whoever asks: founding a cooperative is the cooperatives' half of the day."""
    if client_type is ClientType.COOPERATIVE or (
        client_type is ClientType.PUBLIC and topic is Topic.FOUNDING
    ):
        return Service.COOPERATIVE
    return Service.BUSINESS
