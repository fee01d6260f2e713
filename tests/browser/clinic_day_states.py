"""The clinic's day in every state that its templates know, each made in the way a person gets there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from app.clinic.models import Slot
from app.clinic.queries.today import list_free_slots
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.rules.timetable import Service
from app.clinic.slot_codes import slot_code
from app.cooperatives.services.merging import merge_records
from app.core import clock
from app.core.access import Actor
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from tests.factories.clinic import TUESDAY, asked, make_desk, make_expert, put_on_duty, slots, wib
from tests.factories.clinic_day import (
    CLINIC,
    appointment,
    bookings,
    change,
    give_account,
    put,
    wished,
)
from tests.factories.cooperatives import make_cooperative, new_id
from tests.factories.sealing import JSON
from tests.imports.bringing import still_signed_in

if TYPE_CHECKING:
    from tests.browser.states import Rooms, State

# far from the days that other parts of the clinic live through
DAY: Final = TUESDAY + timedelta(weeks=12)
NEXT: Final = DAY + timedelta(days=1)
_LINK: Final = "https://zoom.us/j/8123456789"
_WALK_IN: Final = {
    "name": "Ibu Neneng Kurniasih",
    "phone": "0812-9999-2222",
    "client_type": "koperasi",
    "topic": "pendirian",
    "spoken_consent": "y",
}


def at(clock_time: str) -> None:
    """Move to this time of the Tuesday; everybody stays signed in."""
    clock.start_at(wib(DAY, clock_time))
    still_signed_in()


def day_states(rooms: Rooms) -> Iterator[State]:
    """A morning of three experts, one of whom is ill; then its notes, its wishes, its big screen."""
    yield rooms.open("expert", f"{CLINIC}/saya", "the page of an account without an expert")
    yield rooms.open("officer", f"{CLINIC}/layar", "nobody is called")
    rina, dedi, ill = (
        make_expert(name, meeting_link=_LINK) for name in ("Rina Marlina", "Dedi Supriadi", "Asep Hidayat")
    )
    for expert, desk in (
        (rina, make_desk("Meja Satu")),
        (dedi, make_desk("Meja Dua")),
        (ill, make_desk("Meja Tiga")),
    ):
        put_on_duty(expert, DAY, desk_id=desk)
    afar = make_expert("Lilis Jauh")
    put_on_duty(afar, DAY)
    slots(DAY)
    give_account(rina, rooms.cast["expert"].account_id)
    clock.start_at(wib(DAY - timedelta(days=7), "08.00"))  # nobody books further ahead than the office says
    still_signed_in()
    with_rina, with_dedi = asked(expert_id=rina), asked(expert_id=dedi)
    first = appointment(wib(DAY, "09.00"), asked=with_rina, record_code="K-ABC2345")
    second = appointment(wib(DAY, "09.30"), "Pak Ujang Suherman", None, asked=with_rina)
    far = appointment(wib(DAY, "10.00"), "Bu Entin", "6281299993333", asked=_online(rina))
    gone = appointment(wib(DAY, "09.00"), "Pak Tatang", "6281299994444", asked=with_dedi)
    nowhere = appointment(wib(DAY, "10.00"), "Bu Lilis", None, asked=_online(afar))
    homeless = appointment(wib(DAY, "09.30"), "Bu Cucu", "6281299995555", asked=asked(expert_id=ill))
    change(homeless, must_move=True)
    clock.start_at(wib(DAY - timedelta(days=1), "09.00"))
    still_signed_in()
    yield rooms.open("officer", f"{CLINIC}?tanggal={DAY}", "the clinic's day before it has come")
    yield rooms.open("expert", f"{CLINIC}/saya", "an expert with nothing today and something coming")
    at("09.20")
    put(first, BookingStatus.ARRIVED, BookingStatus.IN_SESSION)
    put(second, BookingStatus.ARRIVED)
    put(gone, BookingStatus.NO_SHOW)
    yield from _the_day(rooms, first, second, homeless)
    yield from _earlier(rooms, dedi, second, homeless)
    yield from _one_appointment(rooms, first, second, far)
    yield from _zoom(rooms, nowhere)
    yield from _walk_ins(rooms)
    yield from _wishes(rooms)
    at("16.30")
    yield rooms.open("officer", f"{CLINIC}/tamu", "no half hour is left today")
    yield rooms.open("officer", f"{CLINIC}?tanggal={DAY - timedelta(days=365)}", "a day without a clinic")
    clock.start_at(wib(NEXT, "09.00"))
    still_signed_in()
    yield rooms.open("officer", f"{CLINIC}?tanggal={DAY}", "the clinic's day gone by")
    yield rooms.open("officer", CLINIC, "no clinic today")


def _online(expert: int) -> object:
    return asked(mode=Mode.ONLINE, expert_id=expert)


def _the_day(rooms: Rooms, first: int, second: int, homeless: int) -> Iterator[State]:
    yield rooms.open("officer", CLINIC, "the clinic's day, one called, one waiting, one served first")
    yield rooms.open("officer", f"{CLINIC}/layar", "the big screen, one freshly called")
    yield rooms.open("officer", f"{CLINIC}/daftar-hadir", "the attendance sheet, with one who did not come")
    yield rooms.open("expert", f"{CLINIC}/saya", "an expert's day")
    yield rooms.send(
        "officer", f"{CLINIC}/janji/{homeless}/dahulukan", "no half hour chosen for who is served first", 422
    )
    step = {"status": "done", "asal": "hari"}
    yield rooms.send("officer", f"{CLINIC}/janji/{second}/keadaan", "a step that cannot be", 409, **step)
    step["asal"] = "saya"
    yield rooms.send(
        "expert", f"{CLINIC}/janji/{second}/keadaan", "an expert's step that cannot be", 409, **step
    )
    yield rooms.open("officer", f"{CLINIC}/janji/{homeless}", "an appointment that is served first")


def _earlier(rooms: Rooms, dedi: int, second: int, homeless: int) -> Iterator[State]:
    """Somebody gives a time back that two others asked for."""
    given, with_dedi = appointment(wib(DAY, "11.00"), "Bu Batal", None, asked=asked()), asked(expert_id=dedi)
    one = appointment(wib(DAY, "11.30"), "Bu Ela", "6281299996666", asked=with_dedi, wants_earlier=True)
    _give_back(rooms, given)
    page = f"{CLINIC}/janji/{one}/jam-lain"
    yield rooms.open("officer", f"{CLINIC}/permintaan", "somebody asked for an earlier time, and one is free")
    yield rooms.open("officer", CLINIC, "the day while an earlier time can be given")
    yield rooms.open("officer", page, "an earlier time for somebody")
    yield rooms.send("officer", f"{page}/nomor", "the number and the message of an earlier time", 200)
    yield rooms.send("officer", page, "no earlier time chosen", 422)
    rooms.do("officer", f"{page}/tetap")
    yield rooms.open("officer", f"{CLINIC}/janji/{one}", "somebody who keeps the old time")
    _give_back(rooms, one)
    yield rooms.open("officer", f"{CLINIC}/janji/{second}/jam-lain", "no earlier time, no telephone")
    yield rooms.open("officer", f"{CLINIC}/janji/{homeless}/jam-lain", "another time where the expert is ill")


def _give_back(rooms: Rooms, booking_id: int) -> None:
    """Cancelled, and the random pause over."""
    rooms.do("officer", f"{CLINIC}/janji/{booking_id}/batal")
    atomically(lambda s: s.execute(update(Slot).where(Slot.offered_from > now()).values(offered_from=now())))


def _one_appointment(rooms: Rooms, first: int, second: int, far: int) -> Iterator[State]:
    page = f"{CLINIC}/janji/{first}"
    yield rooms.open("officer", page, "an appointment, inside")
    yield rooms.open("expert", page, "the expert's own appointment, inside")
    yield rooms.send("expert", f"{page}/catatan", "a note without words", 422)
    yield rooms.send("expert", f"{page}/nomor", "a number for no purpose", 422, purpose="")
    yield rooms.send("expert", f"{page}/nomor", "a number shown", 200, purpose="late")
    rooms.do(
        "expert", f"{page}/catatan", text="Buku kas.", outcome="another_session", follow_up_on="1-6-2027"
    )
    yield rooms.open("expert", page, "a note kept, still inside")
    rooms.do("expert", f"{page}/keadaan", status="done")
    yield rooms.open("expert", page, "an appointment that is over")
    rooms.do("officer", f"{CLINIC}/janji/{second}/keadaan", status="in_session")
    rooms.do("officer", f"{CLINIC}/janji/{second}/keadaan", status="done")
    yield rooms.open("expert", f"{CLINIC}/saya", "one whose result was not written down")
    yield rooms.open("officer", f"{CLINIC}/janji/{second}", "somebody without a telephone")
    yield rooms.open("officer", f"{CLINIC}/janji/{far}", "a session by Zoom")
    again = appointment(wib(DAY, "11.00"), record_code="K-ABC2345", asked=asked(), question="")
    yield rooms.open("officer", f"{CLINIC}/janji/{again}", "an appointment with an earlier one")
    change(second, record_code="K-ABC2345")
    yield rooms.open("officer", f"{CLINIC}/janji/{again}", "an earlier one without a note")
    kept, merged = (
        make_cooperative("Koperasi Tetap Ada", rat_years=(2025,)),
        make_cooperative("Koperasi Lama"),
    )
    change(again, record_code=kept)
    yield rooms.open("expert", f"{CLINIC}/janji/{first}", "a record that nobody knows")
    yield rooms.open("officer", f"{CLINIC}/janji/{again}", "a record in short")
    officer = Actor(account_id=rooms.cast["officer"].account_id, name="x")
    atomically(
        lambda s: merge_records(s, kept_code=kept, merged_code=merged, chosen={}, seen="", actor=officer)
    )
    change(again, record_code=merged)
    yield rooms.open("officer", f"{CLINIC}/janji/{again}", "a record that became one with another")
    landline = appointment(wib(DAY, "10.30"), "Kantor Desa", "622187654321", asked=asked())
    yield rooms.send("officer", f"{CLINIC}/janji/{landline}/nomor", "a landline", 200, purpose="tell")
    unreadable = appointment(wib(DAY, "10.30"), "Salah Nomor", "62", asked=asked())
    yield rooms.send(
        "officer", f"{CLINIC}/janji/{unreadable}/nomor", "no number to be read", 200, purpose="tell"
    )


def _zoom(rooms: Rooms, nowhere: int) -> Iterator[State]:
    page = f"{CLINIC}/janji/{nowhere}"
    yield rooms.open("officer", page, "a session by Zoom without an address")
    yield rooms.send("officer", f"{page}/tautan", "an address that is none", 422, meeting_link="zoom")
    rooms.do("officer", f"{page}/tautan", meeting_link=_LINK)
    yield rooms.open("officer", page, "a session by Zoom with an address of its own")


def _walk_ins(rooms: Rooms) -> Iterator[State]:
    page = f"{CLINIC}/tamu"
    yield rooms.open("officer", page, "a walk-in")
    yield rooms.send("officer", page, "a walk-in, nothing filled", 422)
    free = list_free_slots(db.session(), DAY, now=now(), mode=Mode.IN_PERSON)
    rooms.do("officer", page, submission_id=new_id(), slot=str(free[0].id), **_WALK_IN)
    yield rooms.open("officer", CLINIC, "the day with a walk-in")
    for number, slot in enumerate(list_free_slots(db.session(), DAY, now=now(), mode=Mode.IN_PERSON)):
        person = {**_WALK_IN, "name": f"Tamu {number}", "phone": "", "phone_owner": "none"}
        rooms.do("officer", page, submission_id=new_id(), slot=str(slot.id), **person)
    yield rooms.send("officer", page, "a walk-in when nothing is left", 422, name="Terlambat")
    yield rooms.open("officer", CLINIC, "a full day: nobody free for who is served first")
    waiting = [one.id for one in bookings() if one.status is BookingStatus.ARRIVED]
    assert len(waiting) > 8
    for one in waiting[:6]:
        put(one, BookingStatus.IN_SESSION)
    yield rooms.open("officer", f"{CLINIC}/layar", "the big screen, full")


def _late_walk_in(rooms: Rooms) -> str:
    """Sent by the outbox, for a half hour that somebody else has; the number of the wish that it became."""
    taken = next(one.slot_id for one in bookings() if one.status is BookingStatus.IN_SESSION)
    late = {**_WALK_IN, "phone": "", "phone_owner": "none", "slot": str(taken), "submission_id": new_id()}
    answer = rooms.client("officer").post(f"{CLINIC}/tamu", data=late, headers=JSON)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["no"])


def _wishes(rooms: Rooms) -> Iterator[State]:
    page = f"{CLINIC}/permintaan"
    yield rooms.open("officer", f"{page}?kotak=kabari", "nobody to tell of a wish")
    expert = make_expert("Yayah Rokayah")
    put_on_duty(expert, NEXT, desk_id=make_desk("Meja Empat"))
    number = wished("Bu Iis", days="12")
    yield rooms.open("officer", f"{page}/{number}", "a wish while no time is free")
    slots(NEXT)
    yield rooms.open("officer", f"{page}/{_late_walk_in(rooms)}", "a walk-in whose half hour was gone")
    for one in range(11):
        wished(f"Pak Dadang {one}", days="24", received_at=now() - timedelta(days=one))
    yield rooms.open("officer", page, "wishes, some for long")
    yield rooms.open("officer", f"{page}?halaman=2", "the newest wishes, a walk-in among them")
    yield rooms.open("officer", f"{page}/{number}", "a wish with times that fit")
    unfitting = wished("Bu Mimin", days="4", part="siang", phone=None)
    yield rooms.open("officer", f"{page}/{unfitting}", "a wish that no time fits, without a telephone")
    yield rooms.send("officer", f"{page}/{number}/jadwalkan", "no time chosen", 422)
    yield rooms.send("officer", f"{page}/{number}/tutup", "closed without a reason", 422)
    yield rooms.send("officer", f"{page}/{number}/nomor", "a number shown before there is a time", 200)
    rooms.do("officer", f"{page}/{number}/jadwalkan", slot=slot_code(Service.COOPERATIVE, wib(NEXT, "09.00")))
    yield rooms.open("officer", f"{page}/{number}", "a wish that has its time, to be told")
    yield rooms.send("officer", f"{page}/{number}/nomor", "a number shown to tell", 200)
    yield rooms.open("officer", f"{page}?kotak=kabari", "somebody to tell of a time")
    rooms.do("officer", f"{page}/{number}/kabari", how="telephone")
    yield rooms.open("officer", f"{page}/{number}", "a wish whose sender was told")
    rooms.do("officer", f"{page}/{unfitting}/tutup", reason="Sudah ditelepon, tidak jadi.")
    yield rooms.open("officer", f"{page}/{unfitting}", "a wish closed")
    yield rooms.open("officer", f"{page}?kotak=selesai", "wishes that are done")
    landline = wished("Kantor Desa", phone="021-8765-4321")
    yield rooms.send("officer", f"{page}/{landline}/nomor", "a landline of a wish", 200)
    unreadable = wished("Salah Nomor", phone="12")
    yield rooms.send("officer", f"{page}/{unreadable}/nomor", "no number of a wish to be read", 200)
