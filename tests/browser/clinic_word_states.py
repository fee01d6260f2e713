"""The clinic's survey, numbers and broadcasts in every state, for states.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.clinic.rules.booking import BookingStatus
from app.clinic.services.status import change_status
from app.core import clock
from app.core.transaction import atomically
from tests.conftest import MONDAY_MORNING
from tests.factories.clinic import OFFICE, booked, booking_of, open_clinic, posted, wib
from tests.imports.bringing import still_signed_in

if TYPE_CHECKING:
    from tests.browser.states import Rooms, State

SURVEY: Final = "/klinik/penilaian"
NUMBERS: Final = "/petugas/klinik/angka"
WORD: Final = "/petugas/klinik/siaran"
# weeks of their own, so that no other part of the house has taken these times
DAYS: Final = [date(2027, 1, 13) + timedelta(weeks=n) for n in range(4)]
THE_DAY_BEFORE: Final = datetime.fromisoformat("2027-01-12T09:00+07:00")
AFTERWARDS: Final = datetime.fromisoformat("2027-02-08T09:00+07:00")


def silent_clinic(rooms: Rooms) -> Iterator[State]:
    """Nothing was offered, told or asked yet."""
    yield rooms.open("officer", NUMBERS, "numbers of nothing")
    yield rooms.open("media", WORD, "no slot, no poster, no post")
    yield rooms.open("media", "/petugas", "front desk of the media team")
    yield rooms.open("leader", "/petugas", "front desk of the leader")


def heard_clinic(rooms: Rooms) -> Iterator[State]:
    """A survey, its numbers, what is told outside."""
    open_clinic(days=DAYS)
    _move(THE_DAY_BEFORE)  # nobody books further ahead than the office says
    made = [booked(wib(day, "09.00")) for day in DAYS]
    yield rooms.open("visitor", f"{SURVEY}/{made[0].token}", "nothing to rate yet")
    _move(AFTERWARDS)
    for received in made[1:]:
        booking = booking_of(received).id
        for status in (BookingStatus.IN_SESSION, BookingStatus.DONE):
            _turn(booking, status)
    yield from _survey(rooms, made[1].token)
    _move(AFTERWARDS + timedelta(weeks=1))
    yield from _numbers(rooms)
    _move(AFTERWARDS + timedelta(days=90))
    yield rooms.open("officer", NUMBERS, "numbers, with sessions ninety days ago")
    _move(MONDAY_MORNING)
    yield from _word(rooms)


def _move(moment: datetime) -> None:
    clock.start_at(moment)
    still_signed_in()


def _turn(booking: int, status: BookingStatus) -> None:
    atomically(lambda s: change_status(s, booking, status, actor=OFFICE))


def _survey(rooms: Rooms, token: str) -> Iterator[State]:
    yield rooms.open("visitor", SURVEY, "survey at the door")
    yield rooms.open("visitor", f"{SURVEY}/{token}", "survey of an appointment")
    yield rooms.send("visitor", SURVEY, "survey, nothing answered", 422)
    yield rooms.send("visitor", SURVEY, "survey, one of the folded ones wrong", 422, score_1="9")
    for _ in range(10):
        rooms.do("visitor", SURVEY, score_2="3", score_5="4", score_7="4", comment="Ruangannya ramai.")
    sent = rooms.do("visitor", f"{SURVEY}/{token}", score_2="4", score_1="2")
    yield rooms.open("visitor", sent.location, "receipt of a sheet")
    yield rooms.open("visitor", f"{SURVEY}/{token}", "rated already")
    yield rooms.send("visitor", f"{SURVEY}/{token}", "rated twice", 409, score_2="1")


def _numbers(rooms: Rooms) -> Iterator[State]:
    yield rooms.open("officer", NUMBERS, "numbers by week")
    yield rooms.open("officer", f"{NUMBERS}?per=bulan", "numbers by month")
    yield rooms.open("officer", f"{NUMBERS}?dari=2-2-2027&sampai=1-2-2027", "days the wrong way round", 422)
    yield rooms.open("officer", "/petugas/klinik/penilaian", "the sign for the door")


def _word(rooms: Rooms) -> Iterator[State]:
    media = rooms.cast["media"].account_id
    post = posted(media, address="https://www.instagram.com/p/keadaan")
    posted(media, channel="poster")
    yield rooms.open("media", f"{WORD}?minggu={DAYS[0]}&kabar=pos", "posters, links and posts")
    yield rooms.send("media", WORD, "a post with nothing filled", 422)
    yield rooms.send("media", f"{WORD}/{post}", "a post with nothing filled, changed", 422)
