"""The timetable's desk in every state that its templates know. It lives in January, away from the other states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from app.clinic.keeping import keep_ahead
from app.clinic.models import Expert
from app.clinic.rules.booking import ClientType
from app.clinic.rules.timetable import Service
from app.clinic.services.timetable import close
from app.core import clock
from app.core.transaction import atomically
from tests.factories.clinic import (
    OFFICE,
    asked,
    booked,
    booking_of,
    incoming,
    make_desk,
    make_expert,
    put_on_duty,
    wib,
)
from tests.imports.bringing import still_signed_in

if TYPE_CHECKING:
    from tests.browser.states import Rooms, State

_PAGE: Final = "/petugas/klinik"
_WHO: Final = "administrator"
MONDAY: Final = date(2027, 1, 11)
TUESDAY: Final = MONDAY + timedelta(days=1)


def at(day: date, hour: int = 9) -> None:
    """Move the clock; everybody stays signed in."""
    clock.start_at(datetime.combine(day, time(hour), wib(day, "09.00").tzinfo))
    still_signed_in()


def empty_office(rooms: Rooms) -> Iterator[State]:
    """Nobody gives advice, nothing is closed, nobody is to be moved."""
    for path in ("jadwal", "narasumber", "piket", "piket/2026-11-24", "tutup", "pindah"):
        yield rooms.open(_WHO, f"{_PAGE}/{path}", f"the timetable's desk, empty: {path}")


def office_states(rooms: Rooms) -> Iterator[State]:
    """A week with a holiday before it, special hours, two absences, a closure, and bookings that lost their time."""
    at(MONDAY)
    anis = make_expert("Dra. Anis Rahmawati", meeting_link="https://zoom.us/j/123")
    dedi, left = make_expert("Dedi Kurniawan"), make_expert("Ujang Sudah Pindah")
    for day in (date(2027, 1, 4), MONDAY, TUESDAY, date(2027, 1, 13), date(2027, 1, 14)):
        for service in Service:
            put_on_duty(anis, day, desk_id=make_desk(), service=service)
    put_on_duty(dedi, MONDAY, TUESDAY, service=Service.BUSINESS)
    put_on_duty(left, TUESDAY)
    atomically(lambda s: s.execute(update(Expert).where(Expert.id == left).values(active=False)))
    keep_ahead()
    yield from _timetable(rooms)
    yield from _people(rooms, anis)
    ids = [_booking(number) for number in range(3)]
    yield from _roster(rooms, anis, dedi)
    yield from _closures(rooms)
    yield from _moving(rooms, ids)


def _booking(number: int) -> int:
    phone = ("0812-9999-7531", "", "0812-9999-7532")[number]
    pairs = [("name", f"Ibu Wati {number}"), *([("phone", phone)] if phone else [])]
    sent = replace(incoming(), pairs=pairs)
    found = asked(service=(Service.COOPERATIVE, Service.COOPERATIVE, Service.BUSINESS)[number])
    client = ClientType.BUSINESS if found.service is Service.BUSINESS else ClientType.COOPERATIVE
    clocks = ("09.00", "09.30", "13.00")
    made = booked(wib(TUESDAY, clocks[number]), submission=sent, asked=found, client_type=client)
    return booking_of(made).id


def _timetable(rooms: Rooms) -> Iterator[State]:
    yield rooms.open(_WHO, f"{_PAGE}/jadwal", "timetable, half hours for some days only")
    yield rooms.open(_WHO, "/petugas", "front desk: half hours run out")
    line = {"services": ["cooperative"], "weekdays": ["5"], "starts": "9", "ends": "10", "kind": "beside"}
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **line, valid_from="23-1-2027")
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **{**line, "starts": "13", "ends": "15"}, valid_from="23-1-2027")
    again = {**line, "weekdays": ["0"], "starts": "14", "ends": "15"}
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **again, valid_from="11-1-2027")
    special = {**line, "kind": "special", "weekdays": ["3"], "services": ["cooperative", "business"]}
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **special, valid_from="21-1-2027", valid_until="11-2-2027")
    twice = {**special, "starts": "11", "ends": "12"}
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **twice, valid_from="21-1-2027", valid_until="11-2-2027")
    replaced = {**line, "kind": "instead", "weekdays": ["4"], "services": ["business"]}
    rooms.do(_WHO, f"{_PAGE}/jadwal/jam", **replaced, valid_from="22-1-2027")
    yield rooms.open(_WHO, f"{_PAGE}/jadwal?kabar=jam", "timetable with special hours and a Saturday")
    yield rooms.open(
        _WHO, f"{_PAGE}/jadwal?mulai=2027-02-08", "timetable of later weeks, a holiday among them"
    )
    yield rooms.send(_WHO, f"{_PAGE}/jadwal/jam", "hours, nothing filled", 422)
    yield rooms.send(_WHO, f"{_PAGE}/jadwal/angka", "numbers, nothing filled", 422)


def _people(rooms: Rooms, anis: int) -> Iterator[State]:
    account = str(rooms.cast["media"].account_id)
    sent = {"name": "Dra. Anis Rahmawati", "topics": ["keuangan", "legalitas"], "account_id": account}
    rooms.do(_WHO, f"{_PAGE}/narasumber/{anis}", **sent, active="1", meeting_link="https://zoom.us/j/123")
    off = make_desk("Meja yang patah")
    rooms.do(_WHO, f"{_PAGE}/narasumber/meja/{off}", name="Meja yang patah")
    yield rooms.open(_WHO, f"{_PAGE}/narasumber?kabar=meja", "experts and desks of every kind")
    yield rooms.open(_WHO, f"{_PAGE}/narasumber/{anis}", "an expert")
    yield rooms.open(_WHO, f"{_PAGE}/narasumber/meja/{off}", "a desk no longer used")
    yield rooms.send(_WHO, f"{_PAGE}/narasumber/baru", "an expert without a name", 422)
    yield rooms.send(_WHO, f"{_PAGE}/narasumber/meja/baru", "a desk without a name", 422)


def _roster(rooms: Rooms, anis: int, dedi: int) -> Iterator[State]:
    day = f"{_PAGE}/piket/{TUESDAY.isoformat()}"
    yield rooms.open(_WHO, f"{_PAGE}/piket?bulan=2027-01", "the roster of this month")
    yield rooms.open(_WHO, f"{_PAGE}/piket?bulan=2027-02", "the roster of a month without anybody")
    yield rooms.open(_WHO, f"{_PAGE}/piket?bulan=2020-02", "the roster of a month long gone")
    yield rooms.send(_WHO, f"{_PAGE}/piket/salin", "nothing to copy", 422, bulan="2027-05")
    yield rooms.open(_WHO, f"{_PAGE}/piket/isi?hari=2027-01-13", "the form of a duty")
    yield rooms.send(_WHO, f"{_PAGE}/piket/isi", "a duty, nothing filled", 422)
    yield rooms.open(_WHO, f"{_PAGE}/piket/{MONDAY.isoformat()}", "the roster of today")
    yield rooms.open(_WHO, f"{_PAGE}/piket/2027-01-04", "the roster of a day gone by")
    yield rooms.open(_WHO, f"{_PAGE}/piket/2027-02-05", "a day off without anybody")
    yield rooms.open(_WHO, day, "the roster of tomorrow with bookings")
    for part in ("morning", "afternoon"):
        sent = {"expert_id": str(dedi), "part": part}
        rooms.do(_WHO, f"{_PAGE}/piket/{MONDAY.isoformat()}/absen", **sent)
        yield rooms.open(_WHO, f"{_PAGE}/piket/{MONDAY.isoformat()}?kabar=absen", f"absent in the {part}")
    rooms.do(_WHO, f"{day}/absen", expert_id=str(anis), part="day", reason="sakit")
    yield rooms.open(_WHO, day, "an expert absent, bookings to be moved")
    yield rooms.send(_WHO, f"{day}/tukar", "a swap with nobody", 422)
    yield rooms.send(_WHO, f"{day}/absen", "an absence of nobody", 422, part="entah")
    gone = f"{_PAGE}/piket/2027-01-04/absen"
    yield rooms.send(_WHO, gone, "an absence of the past", 422, expert_id=str(anis), part="day")
    yield rooms.open(_WHO, f"{_PAGE}/piket?bulan=2027-01", "the roster with an absence")
    yield rooms.open(_WHO, f"{_PAGE}/jadwal", "timetable with an absence and bookings to be moved")
    yield rooms.open(_WHO, "/petugas", "front desk: bookings to be moved")


def _closures(rooms: Rooms) -> Iterator[State]:
    page = f"{_PAGE}/tutup"
    for first, last, starts, ends in (
        ("18-1-2027", "19-1-2027", "", ""),
        ("20-1-2027", "", "9", ""),
        ("20-1-2027", "", "", "15.30"),
    ):
        sent = {"first_day": first, "last_day": last, "starts": starts, "ends": ends}
        rooms.do(_WHO, page, whom="all", reason="rapat dinas", **sent)
    yield rooms.open(_WHO, page, "closures")
    yield rooms.send(_WHO, page, "a closure, nothing filled", 422)
    yield rooms.open(_WHO, f"{_PAGE}/piket?bulan=2027-01", "the roster with closures")


def _moving(rooms: Rooms, ids: list[int]) -> Iterator[State]:
    called, silent, crowded = (f"{_PAGE}/pindah/{one}" for one in ids)
    yield rooms.open(_WHO, f"{_PAGE}/pindah", "bookings to be moved")
    yield rooms.open(_WHO, called, "a booking to be moved")
    yield rooms.open(
        _WHO, f"{called}?tanggal=2026-12-12", "a booking to be moved, to a day without a free time"
    )
    yield rooms.send(_WHO, f"{called}/nomor", "its number is shown", 200)
    yield rooms.send(_WHO, called, "moved to no time", 422)
    yield rooms.open(_WHO, silent, "a booking to be moved, without a telephone")
    yield rooms.send(_WHO, f"{silent}/tidak-terhubungi", "not reached, but how was it tried?", 422)
    rooms.do(_WHO, f"{silent}/tidak-terhubungi", tried="telephone")
    yield rooms.open(_WHO, silent, "a booking of somebody who could not be reached")
    yield rooms.open(_WHO, f"{_PAGE}/pindah", "bookings to be moved, one not reached")
    atomically(
        lambda s: close(s, first_day=TUESDAY, last_day=date(2027, 2, 28), reason="renovasi", actor=OFFICE)
    )
    yield rooms.open(_WHO, crowded, "a booking to be moved while nothing is free")
    yield rooms.open(_WHO, f"{_PAGE}/janji/{ids[2]}/jam-lain", "another time asked for while nothing is free")
