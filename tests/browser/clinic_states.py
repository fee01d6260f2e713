"""The clinic's public pages in every state, for states.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, update

from app.clinic.models import Booking, Expert, Setting, Slot, Wish
from app.clinic.rules.booking import BookingStatus, Mode
from app.core import clock
from app.core.transaction import atomically
from app.registry.queries.submissions import submission_of
from tests.clinic.public import answers, code
from tests.conftest import MONDAY_MORNING
from tests.factories.clinic import (
    TUESDAY,
    asked,
    booked,
    booking_of,
    make_desk,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)

if TYPE_CHECKING:
    from tests.browser.states import Rooms, State

# a month of its own, so that no other part of the house has taken these times
DAY: Final = TUESDAY + timedelta(days=14)
LATER: Final = DAY + timedelta(days=7)
TIMES: Final = ("09.00", "09.30", "10.00", "10.30", "11.00", "11.30")
PAGE: Final = f"/klinik/jadwal?layanan=koperasi&tanggal={DAY}"
BOOK: Final = "/klinik/pesan"
ALIVE: Final = frozenset(
    {BookingStatus.BOOKED, BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE}
)


def empty_clinic(rooms: Rooms) -> Iterator[State]:
    """Nobody is on duty yet."""
    yield rooms.open("visitor", "/klinik", "clinic without any free time")
    yield rooms.open("visitor", "/klinik/terdekat", "next times: none")
    yield rooms.open("visitor", "/klinik/jadwal?layanan=umkm", "no day to choose")


def public_clinic(rooms: Rooms) -> Iterator[State]:
    """Choosing, booking, wishing, and the appointment afterwards."""
    experts = open_clinic(experts=2, days=(DAY, LATER))
    yield from _choosing(rooms, experts[0])
    yield from _booking(rooms)
    yield from _wishing(rooms)
    yield from _appointments(rooms)


def _choosing(rooms: Rooms, expert: int) -> Iterator[State]:
    yield rooms.open("visitor", "/klinik", "clinic with free times")
    yield rooms.open("visitor", "/klinik?lewat=instagram", "clinic by a tracked link")
    yield rooms.open("visitor", "/klinik/terdekat", "next times")
    yield rooms.open("visitor", PAGE, "a day's times")
    yield rooms.open("visitor", f"{PAGE}&slot={code(wib(DAY, '09.30'))}", "a time chosen already")
    yield rooms.open("visitor", f"{PAGE}&bahasa=en&cara=online", "a day's times, online, in English")
    yield rooms.open(
        "visitor", f"{PAGE}&narasumber={expert}&lewat=instagram", "times of one expert, by a link"
    )
    empty = DAY + timedelta(days=1)
    yield rooms.open("visitor", f"/klinik/jadwal?layanan=koperasi&tanggal={empty}", "a day without times")
    yield rooms.open("visitor", f"/klinik/jadwal?layanan=koperasi&tanggal={LATER}", "the last week")
    yield rooms.open("visitor", "/klinik/jadwal?layanan=koperasi&tanggal=2026-12-25", "a holiday")
    share = {"name": "reserved_share", "value": 10}
    atomically(lambda s: s.execute(insert(Setting), share))
    yield rooms.open("visitor", f"{PAGE}&jatah=1", "times that are kept for who lives far away")
    atomically(lambda s: s.execute(delete(Setting).where(Setting.name == share["name"])))


def _at(text: str, **values: Any) -> dict[str, Any]:
    return answers(slot=code(wib(DAY, text)), **values)


def _booking(rooms: Rooms) -> Iterator[State]:
    yield rooms.send("visitor", "/klinik/tahan", "a time is held", 200, slot=code(wib(DAY, "11.30")))
    yield rooms.send("visitor", BOOK, "booking with nothing filled", 422)
    rooms.do("visitor", BOOK, **_at("09.00", phone="0812-5555-0001"))
    yield rooms.send(
        "visitor", BOOK, "a second appointment of one number", 422, **_at("09.30", phone="0812-5555-0001")
    )
    yield rooms.send(
        "visitor",
        BOOK,
        "meant for another",
        422,
        **_at("09.30", another="y", phone="0812-5555-0001", name=""),
    )
    half = _at("09.30", client_type="umkm", phone="0812-5555-0009")
    yield rooms.send("visitor", BOOK, "a business in the cooperatives' half of the day", 422, **half)
    half["record"] = "U-7H2K9M4"
    yield rooms.send("visitor", BOOK, "the same by the code of its record", 422, **half)
    rooms.do("visitor", BOOK, **_at("09.00", phone="0812-5555-0002"))
    for text in ("11.00", "11.30"):
        _set(
            rooms.do("visitor", BOOK, **_at(text, phone="0812-5555-0006", another="y")).location,
            status=BookingStatus.NO_SHOW,
            alive=False,
        )
    yield rooms.send(
        "visitor", BOOK, "somebody who did not come twice", 422, **_at("11.00", phone="0812-5555-0006")
    )
    yield rooms.send("visitor", BOOK, "somebody was quicker", 409, **_at("09.00", phone="0812-5555-0003"))


def _wishing(rooms: Rooms) -> Iterator[State]:
    address = "/klinik/minta-jadwal"
    yield rooms.open("visitor", address, "wish for a time")
    yield rooms.send("visitor", address, "wish with nothing filled", 422)
    wish = {"days": ["0", "3"], "topic": "produk", "client_type": "umkm", "name": "Ibu Wati"}
    sent = rooms.do("visitor", address, phone="0812-5555-0004", **wish)
    yield rooms.open("visitor", sent.location, "a wish that waits")
    received = booked(wib(LATER, "11.30"))
    row = booking_of(received).id
    wish_id = submission_of(sent.location.rsplit("/", 1)[1])
    atomically(lambda s: s.execute(update(Wish).where(Wish.submission_id == wish_id).values(booking_id=row)))
    yield rooms.open("visitor", sent.location, "a wish that got its time")


def _set(link: str, **values: Any) -> None:
    submission_id = submission_of(link.rsplit("/", 1)[1])
    atomically(
        lambda s: s.execute(update(Booking).where(Booking.submission_id == submission_id).values(**values))
    )


def _appointments(rooms: Rooms) -> Iterator[State]:
    link = rooms.do("visitor", BOOK, **_at("10.00", phone="0812-5555-0005")).location
    yield rooms.open("visitor", link, "appointment")
    yield rooms.open("visitor", f"{link}/ubah", "another time for it")
    yield rooms.send("visitor", f"{link}/ubah", "no other time chosen", 422)
    yield rooms.send("visitor", f"{link}/ubah", "that was taken", 409, slot=code(wib(DAY, "09.00")))
    yield from _moved_and_early(rooms, link)
    yield from _from_afar(rooms)
    for state in BookingStatus:
        _set(link, status=state, alive=state in ALIVE)
        yield rooms.open("visitor", link, f"appointment: {state}")
    _set(link, status=BookingStatus.BOOKED, alive=True)
    for words, moment in (("here", "08.50"), ("over", "16.00")):
        clock.start_at(wib(DAY, moment))
        yield rooms.open("visitor", link, f"appointment: {words}")
    yield rooms.send("visitor", f"{link}/batal", "too late to cancel", 409)
    clock.start_at(MONDAY_MORNING)


def _moved_and_early(rooms: Rooms, link: str) -> Iterator[State]:
    _set(link, must_move=True)
    yield rooms.open("visitor", link, "appointment that must move")
    _all_taken(True)
    yield rooms.open("visitor", link, "appointment that must move, nothing free")
    _all_taken(False)
    _set(link, serve_first=True)
    yield rooms.open("visitor", link, "appointment that is served first")
    _set(link, must_move=False, serve_first=False, wants_earlier=True)
    yield rooms.open("visitor", link, "an earlier time is free")
    _set(link, wants_earlier=False, desk_id=None)
    yield rooms.open("visitor", link, "appointment without a desk")


def _all_taken(taken: bool) -> None:
    until: datetime | None = wib(LATER + timedelta(days=30), "09.00") if taken else None
    atomically(lambda s: s.execute(update(Slot).values(offered_from=until)))


def _from_afar(rooms: Rooms) -> Iterator[State]:
    expert = make_expert()
    put_on_duty(expert, DAY, desk_id=make_desk())
    slots(DAY)
    online = booked(wib(DAY, "09.00"), asked=asked(mode=Mode.ONLINE, expert_id=expert))
    yield rooms.open("visitor", f"/klinik/pesanan/{online.token}", "online, no link yet")
    atomically(
        lambda s: s.execute(
            update(Expert).where(Expert.id == expert).values(meeting_link="https://zoom.us/j/1")
        )
    )
    yield rooms.open("visitor", f"/klinik/pesanan/{online.token}", "online")
    clock.start_at(wib(DAY, "08.55"))
    yield rooms.open("visitor", f"/klinik/pesanan/{online.token}", "online, on its day")
    clock.start_at(MONDAY_MORNING)
    nobody = booked(wib(DAY, "09.30"), asked=asked(mode=Mode.PHONE, expert_id=expert))
    yield rooms.open("visitor", f"/klinik/pesanan/{nobody.token}", "by telephone, no number")
    called = rooms.do(
        "visitor", BOOK, **_at("10.00", mode="phone", phone="0812-5555-0009", narasumber=expert)
    )
    yield rooms.open("visitor", called.location, "by telephone")
