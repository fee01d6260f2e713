"""Experts, desks and the duty roster: copied, swapped, absent; no booking is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.models import Booking, Desk, DutyDay, Expert, ExpertTopic, Slot
from app.clinic.rules.booking import BookingStatus, Mode, Topic
from app.clinic.rules.roster import copied, days_of_month, month_before, next_month, place_in_month, swapped
from app.clinic.rules.timetable import Duty, Service
from app.core.db import db
from app.registry.queries.submissions import Received
from tests.cast import Cast
from tests.checked_client import CheckedClient
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
from tests.factories.desk import history
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]
PAGE = "/petugas/klinik/piket"
DAY = f"{PAGE}/2026-11-24"
NINE = wib(TUESDAY, "09.00")


def roster() -> list[tuple[date, int, int | None]]:
    """Who serves when and where."""
    db.session.rollback()
    rows = db.session.scalars(select(DutyDay).order_by(DutyDay.day, DutyDay.service, DutyDay.expert_id))
    return [(row.day, row.expert_id, row.desk_id) for row in rows]


def open_slots(expert_id: int) -> int:
    """Open half hours of an expert."""
    db.session.rollback()
    return len(db.session.scalars(select(Slot.id).where(Slot.open, Slot.expert_id == expert_id)).all())


def fill(expert_id: int, /, **changed: object) -> dict[str, object]:
    """The form of the roster."""
    return {
        "expert_id": expert_id,
        "services": ["cooperative"],
        "desk_id": "0",
        "weekdays": ["1"],
        "first_day": "24-11-2026",
        "last_day": "30-11-2026",
        **changed,
    }


# --- experts and desks ----------------------------------------------------------------------------------------------


def test_an_expert_is_written_down_with_topics_account_and_link(sign_in: Enter, cast: Cast) -> None:
    administrator = sign_in("administrator")
    answer = administrator.post(
        "/petugas/klinik/narasumber/baru",
        data={
            "name": "Dra. Endang Sulastri",
            "topics": ["keuangan", "legalitas"],
            "account_id": str(cast["expert"].account_id),
            "meeting_link": "https://zoom.us/j/123?pwd=abc",
            "active": "1",
        },
    )
    assert answer.status_code == 303
    row = db.session.scalars(select(Expert)).one()
    assert (row.name, row.active, row.account_id) == ("Dra. Endang Sulastri", True, cast["expert"].account_id)
    topics = set(db.session.scalars(select(ExpertTopic.topic)))
    assert topics == {Topic.FINANCE, Topic.LEGAL}
    assert [line.deed for line in history(f"narasumber:{row.id}")] == ["clinic.expert_saved"]
    own = administrator.page(f"/petugas/klinik/narasumber/{row.id}")
    assert "Data narasumber disimpan" in words_of(own.all("main")[0])
    page = administrator.page("/petugas/klinik/narasumber")
    assert "Uang dan pembukuan" in words_of(page.all("main")[0])


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"name": "bu aniS"}, 409, "sudah ada di daftar"),
        ({"name": ""}, 422, "Tulis namanya"),
        ({"meeting_link": "javascript:alert(1)"}, 422, "https://"),
        ({"topics": ["sihir"]}, 422, "Pilih salah satu"),
        ({"account_id": "99999"}, 422, "Pilih salah satu"),
    ],
)
def test_a_wrong_expert_is_said_at_its_field(
    sign_in: Enter, changed: dict[str, object], status: int, sentence: str
) -> None:
    make_expert("Bu Anis")
    sent = {"name": "Pak Dodi", "active": "1", **changed}
    answer = sign_in("administrator").post("/petugas/klinik/narasumber/baru", data=sent)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)
    assert len(db.session.scalars(select(Expert)).all()) == 1


def test_an_account_belongs_to_one_expert(sign_in: Enter, cast: Cast) -> None:
    make_expert("Bu Anis", account_id=cast["expert"].account_id)
    sent = {"name": "Pak Dodi", "active": "1", "account_id": str(cast["expert"].account_id)}
    answer = sign_in("administrator").post("/petugas/klinik/narasumber/baru", data=sent)
    assert answer.status_code == 409
    assert "milik narasumber lain" in answer.get_data(as_text=True)


def test_who_no_longer_serves_leaves_no_booking_behind_unseen(sign_in: Enter) -> None:
    (expert,) = open_clinic()
    received = booked(NINE)
    name = db.session.scalars(select(Expert.name)).one()
    sign_in("administrator").post(f"/petugas/klinik/narasumber/{expert}", data={"name": name})
    assert open_slots(expert) == 0
    booking = booking_of(received)
    assert (booking.status, booking.must_move) == (BookingStatus.BOOKED, True)


def test_a_desk_out_of_use_leaves_its_expert_to_serve_from_afar(sign_in: Enter) -> None:
    (expert,) = open_clinic()
    desk = db.session.scalars(select(Desk)).one()
    sent = {"name": "Meja depan"}
    assert (
        sign_in("administrator").post(f"/petugas/klinik/narasumber/meja/{desk.id}", data=sent).status_code
        == 303
    )
    assert roster() == [(TUESDAY, expert, None)]
    assert set(db.session.scalars(select(Slot.desk_id))) == {None}
    assert open_slots(expert) == 6


def test_two_desks_have_two_names(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    new = "/petugas/klinik/narasumber/meja/baru"
    assert administrator.post(new, data={"name": "Meja 1", "active": "1"}).status_code == 303
    assert administrator.post(new, data={"name": "meja 1", "active": "1"}).status_code == 409
    assert administrator.post(new, data={"name": ""}).status_code == 422
    assert administrator.get("/petugas/klinik/narasumber/meja/999").status_code == 404
    assert administrator.get("/petugas/klinik/narasumber/999").status_code == 404


# --- the roster -----------------------------------------------------------------------------------------------------


def test_who_is_put_on_the_roster_is_offered_at_once(sign_in: Enter) -> None:
    expert, desk = make_expert(), make_desk()
    administrator = sign_in("administrator")
    sent = fill(expert, desk_id=str(desk), services=["cooperative", "business"], weekdays=["1", "2"])
    assert administrator.post(f"{PAGE}/isi", data=sent).status_code == 303
    assert roster() == [
        (day, expert, desk) for day in (TUESDAY, TUESDAY + timedelta(days=1)) for _service in range(2)
    ]
    assert open_slots(expert) == 24
    assert [line.deed for line in history("klinik:piket")] == ["clinic.duty_added"]


def test_days_off_are_left_out(sign_in: Enter, at: At) -> None:
    expert = make_expert()
    sent = fill(expert, weekdays=["3", "4"], first_day="21-12-2026", last_day="31-12-2026")
    sign_in("administrator").post(f"{PAGE}/isi", data=sent)
    assert [day for day, _expert, _desk in roster()] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_day": "20-11-2026"}, "sebelum tanggal mulai"),
        ({"first_day": "1-11-2026", "last_day": "2-11-2026"}, "sudah lewat"),
        ({"last_day": "30-11-2028"}, "satu tahun"),
        ({"weekdays": ["5"], "last_day": "25-11-2026"}, "Tidak ada hari kerja"),
        ({"weekdays": []}, "paling sedikit satu hari"),
        ({"expert_id": ""}, "Pilih narasumbernya"),
        ({"desk_id": "777"}, "Pilih salah satu"),
    ],
)
def test_a_wrong_duty_is_said_at_its_field(sign_in: Enter, changed: dict[str, object], sentence: str) -> None:
    administrator = sign_in("administrator")
    answer = administrator.post(f"{PAGE}/isi", data=fill(make_expert(), **changed))
    assert answer.status_code == 422
    found = [words_of(e) for e in administrator.parsed(answer).all("p") if e.get("class") == "error"]
    assert any(sentence in words for words in found)
    assert roster() == []


def test_a_desk_takes_one_expert_at_a_time(sign_in: Enter) -> None:
    open_clinic()
    desk = db.session.scalars(select(Desk.id)).one()
    answer = sign_in("administrator").post(f"{PAGE}/isi", data=fill(make_expert(), desk_id=str(desk)))
    assert answer.status_code == 422
    assert "Meja ini sudah dipakai" in answer.get_data(as_text=True)


def test_the_month_is_copied_by_weekday_of_the_month(sign_in: Enter) -> None:
    expert, desk = make_expert(), make_desk()
    put_on_duty(expert, TUESDAY, desk_id=desk)  # the fourth Tuesday of November
    administrator = sign_in("administrator")
    answer = administrator.post(f"{PAGE}/salin", data={"bulan": "2026-12"})
    assert answer.status_code == 303
    december = [(day, who, where) for day, who, where in roster() if day.month == 12]
    assert december == [(date(2026, 12, 22), expert, desk), (date(2026, 12, 29), expert, desk)]
    again = administrator.post(f"{PAGE}/salin", data={"bulan": "2026-12"})
    assert "sudah-sama" in again.location
    assert len(roster()) == 3


def test_nothing_to_copy_is_said(sign_in: Enter) -> None:
    administrator = sign_in("administrator")
    for month, sentence in (("2026-12", "tidak ada yang disalin"), ("2026-10", "sudah lewat")):
        answer = administrator.post(f"{PAGE}/salin", data={"bulan": month})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    assert administrator.post(f"{PAGE}/salin", data={"bulan": "kapan"}).status_code == 404


def test_two_experts_swap_and_the_booking_is_listed_not_lost(sign_in: Enter) -> None:
    (one,) = open_clinic()
    received, other = booked(NINE), make_expert("Pak Pengganti")
    sent = {"one": str(one), "other": str(other)}
    assert sign_in("administrator").post(f"{DAY}/tukar", data=sent).status_code == 303
    assert (open_slots(one), open_slots(other)) == (0, 6)
    booking = booking_of(received)
    assert (booking.must_move, booking.expert_id, booking.starts_at) == (True, one, NINE)
    assert [line.deed for line in history("klinik:piket")] == ["clinic.swapped"]


def test_swapping_back_gives_the_booking_its_half_hour_back(sign_in: Enter) -> None:
    (one,) = open_clinic()
    received, other = booked(NINE), make_expert("Pak Pengganti")
    desk = booking_of(received).desk_id
    administrator = sign_in("administrator")
    administrator.post(f"{DAY}/tukar", data={"one": str(one), "other": str(other)})
    assert booking_of(received).desk_id is None, "the desk is the other expert's now"
    administrator.post(f"{DAY}/tukar", data={"one": str(other), "other": str(one)})
    booking = booking_of(received)
    assert (booking.must_move, booking.desk_id) == (False, desk)


def test_two_who_both_serve_only_change_their_desks(sign_in: Enter) -> None:
    one, other = open_clinic(2)
    first, second = booked(NINE), booked(NINE)
    before = {booking_of(r).expert_id: booking_of(r).desk_id for r in (first, second)}
    sign_in("administrator").post(f"{DAY}/tukar", data={"one": str(one), "other": str(other)})
    after = {booking_of(r).expert_id: booking_of(r).desk_id for r in (first, second)}
    assert after == {one: before[other], other: before[one]}
    assert not any(booking_of(r).must_move for r in (first, second))


def test_who_takes_a_desk_over_does_not_clash_with_a_booking_left_behind(sign_in: Enter) -> None:
    one, other = open_clinic(2)
    receipts: list[Received] = [booked(NINE), booked(NINE)]
    administrator = sign_in("administrator")
    desk = db.session.scalar(select(DutyDay.desk_id).where(DutyDay.expert_id == one))
    duty = db.session.scalar(select(DutyDay.id).where(DutyDay.expert_id == one))
    assert administrator.post(f"{DAY}/hapus", data={"duty": str(duty)}).status_code == 303
    sent = fill(other, desk_id=str(desk), last_day="24-11-2026")
    assert administrator.post(f"{PAGE}/isi", data=sent).status_code == 303
    found = {booking_of(r).expert_id: booking_of(r) for r in receipts}
    assert (found[other].desk_id, found[other].must_move) == (desk, False)
    assert (found[one].desk_id, found[one].must_move) == (None, True)


def test_somebody_who_meets_from_afar_gets_no_desk_by_a_change_of_desks(sign_in: Enter) -> None:
    (expert,) = open_clinic()
    received = booked(NINE, asked=asked(mode=Mode.ONLINE))
    sent = fill(expert, desk_id=str(make_desk()), last_day="24-11-2026")
    sign_in("administrator").post(f"{PAGE}/isi", data=sent)
    assert booking_of(received).desk_id is None


def test_who_comes_to_a_desk_that_is_gone_is_listed(sign_in: Enter) -> None:
    (expert,) = open_clinic()
    comes, meets_online = booked(NINE), booked(wib(TUESDAY, "09.30"), asked=asked(mode=Mode.ONLINE))
    desk, administrator = booking_of(comes).desk_id, sign_in("administrator")
    from_afar = fill(expert, desk_id="0", last_day="24-11-2026")
    assert administrator.post(f"{PAGE}/isi", data=from_afar).status_code == 303
    assert booking_of(comes).must_move is True, "nobody sits at the office to receive them"
    assert booking_of(meets_online).must_move is False
    administrator.post(f"{PAGE}/isi", data=fill(expert, desk_id=str(desk), last_day="24-11-2026"))
    assert (booking_of(comes).must_move, booking_of(comes).desk_id) == (False, desk)


def test_reported_ill_after_the_first_session_began(sign_in: Enter, at: At) -> None:
    (expert,) = open_clinic()
    first, next_one = booked(NINE), booked(wib(TUESDAY, "09.30"))
    at("2026-11-24T09:05+07:00")
    sent = {"expert_id": str(expert), "part": "day", "reason": "sakit"}
    assert sign_in("administrator").post(f"{DAY}/absen", data=sent).status_code == 303
    assert [booking_of(received).must_move for received in (first, next_one)] == [True, True]


def test_one_and_the_same_cannot_swap(sign_in: Enter) -> None:
    (one,) = open_clinic()
    administrator = sign_in("administrator")
    answer = administrator.post(f"{DAY}/tukar", data={"one": str(one), "other": str(one)})
    assert answer.status_code == 422
    assert "yang berbeda" in answer.get_data(as_text=True)
    assert administrator.post(f"{DAY}/tukar", data={"one": "", "other": ""}).status_code == 422


def test_absent_in_two_touches_and_back_again(sign_in: Enter) -> None:
    (expert,) = open_clinic()
    received = booked(NINE)
    administrator = sign_in("administrator")
    page = administrator.page(f"{PAGE}?bulan=2026-11")
    assert [a for a in page.all("a") if a.get("href") == DAY], "first touch: the day"
    day = administrator.page(DAY)
    deeds = [f for f in day.all("form") if f.get("action") == f"{DAY}/absen"]
    hidden = {i.get("name"): i.get("value") for i in deeds[0].iter("input") if i.get("name") != "csrf_token"}
    assert hidden == {"expert_id": str(expert), "part": "day"}, "second touch: the button beside the name"
    assert administrator.post(f"{DAY}/absen", data=hidden).status_code == 303
    assert open_slots(expert) == 0
    assert booking_of(received).must_move is True
    back = [f.get("action") for f in administrator.page(DAY).all("form") if "buka" in (f.get("action") or "")]
    assert administrator.post(str(back[0])).status_code == 303
    assert open_slots(expert) == 6
    assert booking_of(received).must_move is False


def test_ill_in_the_morning_serves_in_the_afternoon(sign_in: Enter) -> None:
    expert = make_expert()
    for service in Service:
        put_on_duty(expert, TUESDAY, service=service)
    slots()
    sent = {"expert_id": str(expert), "part": "morning", "reason": "sakit"}
    administrator = sign_in("administrator")
    assert administrator.post(f"{DAY}/absen", data=sent).status_code == 303
    assert open_slots(expert) == 6
    assert "sampai jam 12.00" in administrator.get(DAY).get_data(as_text=True)


def test_who_is_not_on_duty_cannot_be_absent(sign_in: Enter) -> None:
    open_clinic()
    answer = sign_in("administrator").post(f"{DAY}/absen", data={"expert_id": "777", "part": "day"})
    assert answer.status_code == 422


def test_the_past_stays_as_it_was(sign_in: Enter, at: At) -> None:
    (expert,) = open_clinic()
    at("2026-11-25T09:00+07:00")
    administrator = sign_in("administrator")
    duty = db.session.scalars(select(DutyDay.id)).one()
    assert administrator.post(f"{DAY}/hapus", data={"duty": str(duty)}).status_code == 422
    swap = {"one": str(expert), "other": str(make_expert())}
    assert administrator.post(f"{DAY}/tukar", data=swap).status_code == 422
    assert (
        administrator.post(f"{DAY}/absen", data={"expert_id": str(expert), "part": "day"}).status_code == 422
    )
    assert administrator.post(f"{DAY}/hapus", data={"duty": "777"}).status_code == 404
    assert administrator.get(f"{PAGE}/tidak-ada").status_code == 404
    assert "Tidak masuk hari ini" not in administrator.get(DAY).get_data(as_text=True)
    assert roster() != []


def test_the_number_of_bookings_never_changes_whatever_the_roster_does(sign_in: Enter) -> None:
    one, other = open_clinic(2)
    for clock in ("09.00", "09.30", "10.00"):
        booked(wib(TUESDAY, clock))
    administrator = sign_in("administrator")
    third = make_expert()
    for data in ({"one": one, "other": other}, {"one": one, "other": third}, {"one": third, "other": other}):
        administrator.post(f"{DAY}/tukar", data=data)
        db.session.rollback()
        alive = db.session.scalars(select(Booking).where(Booking.alive)).all()
        assert len(alive) == 3
        housed = {slot.id for slot in db.session.scalars(select(Slot).where(Slot.open))}
        assert all(booking.must_move != (booking.slot_id in housed) for booking in alive)


# --- rules ----------------------------------------------------------------------------------------------------------


def test_months_follow_each_other() -> None:
    assert next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert month_before(date(2027, 1, 15)) == date(2026, 12, 1)
    assert len(days_of_month(date(2028, 2, 9))) == 29
    assert place_in_month(date(2026, 11, 24)) == (1, 4)


def test_a_fifth_week_takes_after_the_fourth() -> None:
    source = [Duty(date(2026, 11, 24), Service.COOPERATIVE, 7)]
    days = [duty.day for duty in copied(source, date(2026, 12, 1), (), date(2026, 12, 1))]
    assert days == [date(2026, 12, 22), date(2026, 12, 29)]


def test_days_off_and_the_past_get_nobody() -> None:
    source = [Duty(date(2026, 11, 24), Service.COOPERATIVE, 7)]
    off = {date(2026, 12, 22)}
    assert copied(source, date(2026, 12, 1), off, date(2026, 12, 30)) == []


def test_swapping_twice_changes_nothing() -> None:
    duties = [Duty(TUESDAY, Service.COOPERATIVE, 1, 5), Duty(TUESDAY, Service.BUSINESS, 2, None)]
    assert swapped(swapped(duties, 1, 2), 1, 2) == duties


def test_the_roster_lists_the_month_for_print(app: Flask, sign_in: Enter) -> None:
    open_clinic()
    page = sign_in("administrator").page(f"{PAGE}?bulan=2026-11")
    rows = [words_of(row) for row in page.all("tr")]
    assert any(row.startswith("Selasa, 24") and "Narasumber" in row and "Meja" in row for row in rows)
    assert [row.split()[1] for row in rows[1:]] == ["23", "24", "25", "26", "27", "30"], (
        "what has passed empty is left out"
    )
