"""Choosing a time and booking it: by browser, by HTMX, by machine; once; and what the loser of a race sees."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from app.clinic.models import Booking, ClosedTime, Setting, Slot
from app.clinic.queries.free import edges_of, next_free_times
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.rules.timetable import Service
from app.core import submitting
from app.core.clock import now
from app.core.db import db
from app.core.office_key import public_key
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.queries.submissions import content_of, queue_is_full
from tests.checked_client import CheckedClient
from tests.clinic.public import (
    BOOK,
    HALF_PAST,
    JSON,
    NINE,
    answers,
    book,
    booked_page,
    bookings,
    code,
    text_of,
)
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
from tests.factories.sealing import seal_item

DAY = f"/klinik/jadwal?layanan=koperasi&tanggal={TUESDAY}"
WEDNESDAY = TUESDAY + timedelta(days=1)


def times_on(client: CheckedClient, url: str = DAY) -> dict[str, int]:
    """Radio buttons of the page: value -> how many are free."""
    page = client.page(url)
    return {
        i.attrib["value"]: int(i.attrib["data-free"]) for i in page.all("input") if i.get("name") == "slot"
    }


# --- choosing -----------------------------------------------------------------------------------------------------


def test_another_expert_or_way_to_meet_keeps_the_day_that_was_looked_at(client: CheckedClient) -> None:
    thursday = WEDNESDAY + timedelta(days=1)
    every_day, wednesdays = open_clinic(2, days=(TUESDAY,))
    for day in (WEDNESDAY, thursday):
        put_on_duty(every_day, day)
    put_on_duty(wednesdays, WEDNESDAY)
    slots(TUESDAY, thursday)
    asks = "/klinik/jadwal?layanan=koperasi&cara=online&narasumber={}&dekat={}"

    def shown(expert: int, near: object) -> str:
        return next(
            box.attrib["value"]
            for box in client.page(asks.format(expert, near)).all("input")
            if (box.get("name"), box.get("form")) == ("dekat", "saring")
        )

    assert shown(every_day, thursday) == str(thursday)
    assert shown(wednesdays, thursday) == str(TUESDAY), "nothing from there on: the first of all"
    assert shown(every_day, "") == shown(every_day, "2020-01-01") == str(TUESDAY)


def test_the_front_page_says_what_it_is_and_the_next_free_times(client: CheckedClient) -> None:
    open_clinic()
    page = text_of(client.get("/klinik"))
    for words in (
        "Konsultasi gratis",
        "30 menit",
        "09.00",
        "Uang: modal",
        "300 MB",
        "Sel, 24 Nov",
    ):
        assert words in page
    assert page.index("Sel, 24 Nov") < page.index("Uang: modal")


def test_the_day_is_a_plain_list_of_radio_buttons(client: CheckedClient) -> None:
    open_clinic(experts=2)
    booked(NINE)
    found = times_on(client)
    assert found[code(NINE)] == 1
    assert found[code(HALF_PAST)] == 2
    assert len(found) == 6


def test_without_a_day_the_first_free_one_is_shown(client: CheckedClient) -> None:
    open_clinic(days=(WEDNESDAY,))
    assert min(times_on(client, "/klinik/jadwal?layanan=koperasi")) == code(wib(WEDNESDAY, "09.00"))


def test_htmx_gets_the_day_alone(client: CheckedClient) -> None:
    open_clinic()
    block = text_of(client.htmx(DAY, target="day"))
    assert code() in block
    assert "<h1" not in block
    assert 'name="phone"' not in block


def test_a_day_without_anything_free_cannot_be_clicked(client: CheckedClient) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY + timedelta(days=1)))
    links = [a.get("href") or "" for a in client.page(DAY).all("a")]
    assert any("2026-11-26" in link for link in links)
    assert not any("2026-11-25" in link for link in links)


def test_a_closed_day_says_why_and_offers_the_next_one(client: CheckedClient) -> None:
    christmas, closed = date(2026, 12, 25), date(2026, 12, 2)
    open_clinic(days=(TUESDAY, date(2026, 12, 3), date(2026, 12, 29)))
    atomically(
        lambda s: s.execute(
            insert(ClosedTime), {"first_day": closed, "last_day": closed, "reason": "rapat dinas"}
        )
    )
    holidays = "/klinik/jadwal?layanan=koperasi&tanggal="
    page = client.page(f"{holidays}{closed}")
    assert "Rabu, 2 Desember 2026 klinik tutup: rapat dinas." in text_of(client.get(f"{holidays}{closed}"))
    assert "klinik tutup: rapat dinas" in str(page.all("i")[-1].get("data-news"))
    assert any("tanggal=2026-12-03" in str(a.get("href")) for a in page.all("a") if "berikutnya" in words(a))
    atomically(lambda s: s.execute(insert(Setting), {"name": "weeks_ahead", "value": 8}))
    holiday = text_of(client.get(f"{holidays}{christmas}"))
    assert "Jumat, 25 Desember 2026: libur, " in holiday
    assert "Natal" in holiday
    assert "tanggal=2026-12-29" in holiday
    ordinary = text_of(client.get(f"{holidays}{date(2026, 12, 4)}"))
    assert "Tidak ada jam kosong Jumat, 4 Desember 2026" in ordinary, "nobody is on duty, nothing is closed"
    assert "klinik tutup" not in text_of(client.get(f"{holidays}{date(2026, 12, 3)}"))


def words(element: Any) -> str:
    """What it says."""
    return "".join(element.itertext())


def test_a_holiday_in_the_address_offers_nothing_but_the_other_days(client: CheckedClient) -> None:
    open_clinic()
    assert times_on(client, f"/klinik/jadwal?layanan=koperasi&tanggal={WEDNESDAY}") == {}
    assert "Pilih hari lain" in text_of(client.get(f"/klinik/jadwal?layanan=koperasi&tanggal={WEDNESDAY}"))


@pytest.mark.parametrize("day", ["", "besok", "2026-02-31", "1999-01-01", "9999-12-31", "2026-11-2"])
def test_any_day_in_the_address_is_answered(client: CheckedClient, day: str) -> None:
    open_clinic()
    assert (
        client.get("/klinik/jadwal", query_string={"layanan": "koperasi", "tanggal": day}).status_code == 200
    )


def test_with_nothing_free_there_is_the_telephone_and_the_wish(client: CheckedClient) -> None:
    page = text_of(client.get("/klinik/jadwal?layanan=umkm"))
    assert "tel:+622187929919" in page
    assert "/klinik/minta-jadwal" in page


def test_the_next_week_with_anything_free_is_one_step_away(client: CheckedClient) -> None:
    later = TUESDAY + timedelta(days=21)
    open_clinic(days=(TUESDAY, later))
    assert f"tanggal={later}" in text_of(client.get(DAY))
    assert f"tanggal={TUESDAY}" in text_of(client.get(f"/klinik/jadwal?layanan=koperasi&tanggal={later}"))


def test_nothing_is_offered_beyond_the_weeks_that_the_office_opens(client: CheckedClient) -> None:
    far = TUESDAY + timedelta(days=35)
    open_clinic(days=(TUESDAY, far))
    assert f"tanggal={far}" not in text_of(client.get(DAY))
    assert times_on(client, f"/klinik/jadwal?layanan=koperasi&tanggal={far}") == {}


def test_what_lies_beyond_the_weeks_is_neither_booked_nor_held(client: CheckedClient) -> None:
    """Half hours are there for longer than the office opens them: a form that names one is refused at its field."""
    far = TUESDAY + timedelta(days=35)
    open_clinic(days=(TUESDAY, far))
    sent = answers(slot=code(wib(far, "09.00")))
    told = client.post(BOOK, data=sent, headers=JSON)
    assert (told.status_code, set(told.get_json()["errors"])) == (422, {"slot"})
    for address in (BOOK, "/klinik/tahan"):
        answer = client.post(address, data=sent)
        assert answer.status_code == 422
        assert "paling jauh 4 minggu dari sekarang" in text_of(answer)
        assert 'id="slot-error"' in text_of(answer)
    assert bookings() == []
    assert set(db.session().scalars(select(Slot.held_by))) == {None}
    atomically(lambda s: s.execute(insert(Setting), {"name": "weeks_ahead", "value": 7}))
    assert book(client, slot=code(wib(far, "09.00"))).status_code == 303


def test_online_times_need_no_desk(client: CheckedClient) -> None:
    put_on_duty(make_expert(), TUESDAY)
    slots()
    assert times_on(client) == {}
    assert len(times_on(client, f"{DAY}&cara=online")) == 6


def test_an_expert_may_be_asked_for(client: CheckedClient) -> None:
    first, second = make_expert("Bapak Anwar"), make_expert("Ibu Nani")
    put_on_duty(first, TUESDAY, desk_id=make_desk())
    put_on_duty(second, TUESDAY, desk_id=make_desk())
    slots()
    assert "Ibu Nani" in text_of(client.get(DAY))
    booked(NINE, asked=asked(expert_id=second))
    assert code(NINE) not in times_on(client, f"{DAY}&narasumber={second}")
    booked_page(client, narasumber=second, slot=code(HALF_PAST))
    assert bookings()[-1].expert_id == second


# --- booking ------------------------------------------------------------------------------------------------------


def test_the_required_fields_are_enough(client: CheckedClient) -> None:
    open_clinic()
    page = text_of(client.get(booked_page(client)))
    assert "Selasa, 24 November 2026, 09.00" in page
    [one] = bookings()
    assert (one.topic, one.client_type, one.mode) == ("keuangan", "koperasi", "in_person")


def test_name_telephone_and_question_lie_sealed(app: Flask, client: CheckedClient) -> None:
    open_clinic()
    booked_page(client, description="Modal usaha saya habis.")
    [one] = bookings()
    row = db.session().get(Submission, one.submission_id)
    assert row is not None
    kept = repr(vars(row)) + repr(vars(one))
    assert "Wati" not in kept
    assert "habis" not in kept
    assert "9999" not in kept
    assert dict(content_of(db.session(), one.submission_id))["name"] == "Ibu Wati"


def test_a_booking_waits_for_nobodys_decision(app: Flask, client: CheckedClient) -> None:
    """Years of appointments must not fill the queue that the public may add to."""
    open_clinic()
    booked_page(client)
    assert not queue_is_full(db.session(), 1)
    client.post("/klinik/minta-jadwal", data={**answers(), "days": ["1"]})  # somebody has to look at a wish
    assert queue_is_full(db.session(), 1)


def test_a_machine_gets_the_contracts_answer_and_the_replay(client: CheckedClient) -> None:
    open_clinic()
    sent = answers(submission_id=str(uuid.uuid4()))
    first = client.post(BOOK, data=sent, headers=JSON)
    again = client.post(BOOK, data=sent, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json is not None
    assert again.json is not None
    assert first.json["ok"]
    assert not first.json["replay"]
    assert again.json["replay"]
    assert first.json["no"] == again.json["no"]
    assert first.json["url"].startswith("/klinik/pesanan/")
    assert len(bookings()) == 1


def test_the_same_booking_sent_twice_at_once_is_not_taken_by_itself(
    client: CheckedClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first comes in after the second was looked for, and before the second looks for a free half hour."""
    open_clinic()
    form = answers(submission_id=str(uuid.uuid4()))
    first: list[TestResponse] = []

    def meanwhile(_phone: str | None) -> int:
        monkeypatch.setattr(submitting, "seconds_to_wait", lambda _phone: 0)
        other = threading.Thread(
            target=lambda: first.append(app.test_client().post(BOOK, data=form, headers=JSON))
        )
        other.start()
        other.join()
        return 0

    monkeypatch.setattr(submitting, "seconds_to_wait", meanwhile)
    second = client.post(BOOK, data=form, headers=JSON)
    assert [first[0].status_code, second.status_code] == [201, 200], second.text
    assert {**first[0].get_json(), "replay": True} == second.get_json()
    assert len(bookings()) == 1


def test_the_same_id_with_another_time_is_other_content(client: CheckedClient) -> None:
    open_clinic()
    sent = answers(submission_id=str(uuid.uuid4()))
    client.post(BOOK, data=sent)
    answer = client.post(BOOK, data={**sent, "slot": code(HALF_PAST)}, headers=JSON)
    assert (answer.status_code, (answer.json or {})["error"]) == (409, "other_content")


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(client: CheckedClient) -> None:
    open_clinic()
    answer = book(client, topic="", slot="", name="Pak Dadang")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Pilih jamnya." in page
    assert "Pilih mau tanya tentang apa." in page
    assert 'value="Pak Dadang"' in page
    errors = client.post(BOOK, data={}, headers=JSON).json
    assert errors is not None
    assert set(errors["errors"]) == {"slot", "name", "phone", "client_type", "topic", "mode"}


def test_the_loser_keeps_everything_typed_and_gets_the_three_nearest(client: CheckedClient) -> None:
    open_clinic()
    booked(HALF_PAST)
    answer = book(client, slot=code(HALF_PAST), name="Pak Dadang", description="Pembukuan koperasi.")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Jam ini baru diambil orang lain" in page
    assert 'value="Pak Dadang"' in page
    assert "Pembukuan koperasi." in page
    offered = re.findall(r'name="slot" value="([^"]+)"', page)
    assert offered[:3] == [code(wib(TUESDAY, at)) for at in ("09.00", "10.00", "10.30")]
    assert len(offered) == len(set(offered)) == 5
    again = dict(re.findall(r'name="(submission_id|filled_at)" value="([^"]+)"', page))
    assert client.post(BOOK, data=answers(slot=offered[0], **again)).status_code == 303


def test_a_machine_that_loses_is_told_the_three_nearest(client: CheckedClient) -> None:
    open_clinic()
    booked(HALF_PAST)
    answer = client.post(BOOK, data=answers(slot=code(HALF_PAST)), headers=JSON)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"] == "taken"
    assert [one["slot"] for one in answer.json["alternatives"]] == [
        code(wib(TUESDAY, at)) for at in ("09.00", "10.00", "10.30")
    ]


@pytest.mark.parametrize("reader", [True, False])
def test_who_carries_a_booking_does_not_learn_which_time_was_wanted(
    client: CheckedClient, reader: bool
) -> None:
    open_clinic()
    booked(HALF_PAST)
    item = seal_item(public_key(), BOOK, str(uuid.uuid4()), answers(slot=code(HALF_PAST)), reader=reader)
    answer = client.post(BOOK, data=item.fields, headers=JSON)
    assert answer.status_code == 409
    assert bool((answer.json or {})["alternatives"]) is not reader


@pytest.mark.parametrize("slot", ["koperasi-20261124-0915", "umkm-20261124-0900", "koperasi-20251124-0900"])
def test_a_time_that_there_is_not_is_taken(client: CheckedClient, slot: str) -> None:
    open_clinic()
    assert client.post(BOOK, data=answers(slot=slot), headers=JSON).status_code == 409
    assert bookings() == []


@pytest.mark.parametrize(
    "slot", ["x", "koperasi-20261324-0900", "usaha-20261124-0900", "koperasi-99991231-2300"]
)
def test_what_is_no_time_is_wrong_input(client: CheckedClient, slot: str) -> None:
    assert book(client, slot=slot).status_code == 422


def test_a_time_that_begins_now_is_not_for_somebody_far_away(
    client: CheckedClient, at: Callable[[str], None]
) -> None:
    open_clinic()
    at("2026-11-24T08:45+07:00")
    assert code(NINE) not in times_on(client)
    assert client.post(BOOK, data=answers(), headers=JSON).status_code == 409
    said = text_of(book(client))
    assert "Jam ini sudah lewat, atau tinggal sebentar lagi" in said
    assert "diambil orang lain" not in said


def test_a_second_booking_of_a_telephone_has_to_be_meant(client: CheckedClient) -> None:
    open_clinic()
    booked_page(client)
    answer = book(client, slot=code(HALF_PAST))
    assert answer.status_code == 422
    assert "beri tanda" in text_of(answer)
    assert 'name="another"' in text_of(answer)
    booked_page(client, slot=code(HALF_PAST), another="y")
    assert len(bookings()) == 2


def test_without_a_telephone_it_goes_too(client: CheckedClient) -> None:
    open_clinic()
    booked_page(client, phone="", phone_owner="none")
    assert bookings()[0].phone_index is None


def test_kecamatan_record_and_the_wish_for_an_earlier_time_are_kept(client: CheckedClient) -> None:
    open_clinic()
    booked_page(client, kecamatan="32.01.01", record="k 7h2k9m4", wants_earlier="y", channel="whatsapp")
    [one] = bookings()
    assert (one.kecamatan_code, one.record_code, one.wants_earlier) == ("32.01.01", "K-7H2K9M4", True)
    assert one.channel == "whatsapp"


def test_a_channel_that_is_none_of_ours_is_not_kept(client: CheckedClient) -> None:
    open_clinic()
    booked_page(client, channel="kop-ukm-palsu")
    assert bookings()[0].channel == ""


def test_a_time_of_the_front_page_is_chosen_already(client: CheckedClient) -> None:
    open_clinic()
    link = next(a.get("href") for a in client.page("/klinik").all("a") if "slot=" in (a.get("href") or ""))
    page = client.page(str(link))
    chosen = [i.get("value") for i in page.all("input") if i.get("name") == "slot" and "checked" in i.attrib]
    assert chosen == [code(NINE)]


def test_a_form_from_another_site_is_refused(client: CheckedClient) -> None:
    open_clinic()
    assert client.post(BOOK, data=answers(), site="cross-site").status_code == 403


def test_a_browser_that_says_nothing_gets_the_form_back_with_a_token(client: CheckedClient) -> None:
    open_clinic()
    answer = client.post(BOOK, data=answers(), site=None)
    assert answer.status_code == 422
    token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(answer))
    assert token
    assert client.post(BOOK, data=answers(csrf_token=token[1]), site=None).status_code == 303


# --- holding ------------------------------------------------------------------------------------------------------

HOLD = "/klinik/tahan"


def hold_key(page: str) -> str:
    """The key in the page."""
    found = re.search(r'name="hold" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_time_is_held_while_somebody_types(client: CheckedClient, at: Callable[[str], None]) -> None:
    open_clinic()
    answer = client.post(HOLD, data={"slot": code(), "name": "Ibu Wati"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "09.05" in page
    assert 'value="Ibu Wati"' in page
    assert code() not in times_on(client)
    assert client.post(BOOK, data=answers(), headers=JSON).status_code == 409
    booked_page(client, hold=hold_key(page))
    free = db.session().scalars(select(Slot.held_by)).all()
    assert set(free) == {None}


def test_a_hold_ends_by_itself(client: CheckedClient, at: Callable[[str], None]) -> None:
    open_clinic()
    client.post(HOLD, data={"slot": code()})
    at("2026-11-23T09:06+07:00")
    assert code() in times_on(client)


def test_holding_another_time_lets_the_first_go(client: CheckedClient) -> None:
    open_clinic()
    key = hold_key(text_of(client.post(HOLD, data={"slot": code()})))
    client.post(HOLD, data={"slot": code(HALF_PAST), "hold": key})
    assert code(NINE) in times_on(client)
    assert code(HALF_PAST) not in times_on(client)


def test_htmx_holds_in_the_block(client: CheckedClient) -> None:
    open_clinic()
    headers = {"HX-Request": "true", "HX-Target": "day"}
    block = text_of(client.post(HOLD, data=answers(), headers=headers))
    assert "kami simpan untuk Bapak/Ibu sampai" in block
    assert "<h1" not in block
    assert "Ibu Wati" not in block


def test_a_held_time_that_is_taken_offers_others(client: CheckedClient) -> None:
    open_clinic()
    booked(NINE)
    answer = client.post(HOLD, data={"slot": code()})
    assert answer.status_code == 409
    assert "Jam terdekat yang masih kosong" in text_of(answer)


def test_a_hold_names_a_time(client: CheckedClient) -> None:
    open_clinic()
    assert client.post(HOLD, data={}).status_code == 422


def test_what_nobody_vouches_for_holds_nothing(client: CheckedClient) -> None:
    open_clinic()
    assert client.post(HOLD, data={"slot": code()}, site=None).status_code == 422
    assert code() in times_on(client)


def test_holds_are_limited(app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.clinic.routes import booking
    from app.core.limits import Limit

    monkeypatch.setattr(booking, "HOLDS_PER_ADDRESS", Limit("clinic-holds", 1, 3600))
    open_clinic()
    client.post(HOLD, data={"slot": code()})
    answer = client.post(HOLD, data={"slot": code(HALF_PAST)})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


# --- reserved and given back --------------------------------------------------------------------------------------


def set_number(name: str, value: int) -> None:
    """A number of the office."""
    atomically(lambda s: s.execute(insert(Setting), {"name": name, "value": value}))


FRIDAY = TUESDAY + timedelta(days=3)
KEPT = code(wib(FRIDAY, "09.00"))
ON_FRIDAY = f"/klinik/jadwal?layanan=koperasi&tanggal={FRIDAY}"


@pytest.fixture
def kept_for_others(app: Flask) -> None:
    """All of Friday is kept for far kecamatan and first-timers; the numbers of the telephone have come before."""
    set_number("reserved_share", 50)
    open_clinic(experts=2, days=(TUESDAY, FRIDAY))
    atomically(lambda s: s.execute(update(Slot).values(reserved=Slot.starts_at >= edges_of(FRIDAY)[0])))
    came = booking_of(booked(NINE, phone="6281299997531")).id
    values = {
        "status": BookingStatus.DONE,
        "starts_at": NINE - timedelta(days=7),
        "ends_at": HALF_PAST - timedelta(days=7),
    }
    atomically(lambda s: s.execute(update(Booking).where(Booking.id == came).values(**values)))


@pytest.mark.usefixtures("kept_for_others")
def test_what_is_kept_for_others_is_offered_to_who_says_to_be_one(client: CheckedClient) -> None:
    assert KEPT not in times_on(client, ON_FRIDAY)
    assert times_on(client, f"{ON_FRIDAY}&jatah=1")[KEPT] == 2
    booked_page(client, slot=KEPT, jatah="1", phone="0812-1111-2222")


@pytest.mark.usefixtures("kept_for_others")
def test_who_has_come_before_gets_it_only_from_far_away(client: CheckedClient) -> None:
    sent = answers(slot=KEPT, jatah="1")
    answer = client.post(BOOK, data=sent)
    assert answer.status_code == 409
    assert "disimpan untuk yang baru pertama kali" in text_of(answer)
    assert client.post(BOOK, data={**sent, "kecamatan": "32.01.01"}, headers=JSON).status_code == 409
    assert client.post(BOOK, data={**sent, "kecamatan": "32.01.19"}, headers=JSON).status_code == 201


@pytest.mark.usefixtures("kept_for_others")
def test_two_days_before_it_is_everybodys(client: CheckedClient, at: Callable[[str], None]) -> None:
    at("2026-11-25T09:00+07:00")
    assert times_on(client, ON_FRIDAY)[KEPT] == 2


def test_every_weeks_share_is_what_the_office_set_and_stays_when_slots_are_made_again(app: Flask) -> None:
    set_number("reserved_share", 5)
    days = [TUESDAY + timedelta(days=n) for n in range(28) if n % 7 < 4]
    open_clinic(experts=2, days=days)
    kept = set(db.session().scalars(select(Slot.id).where(Slot.reserved)))
    weeks = Counter(
        at.isocalendar().week for at in db.session().scalars(select(Slot.starts_at).where(Slot.reserved))
    )
    assert list(weeks.values()) == [3] * 4, "5 % of 47 half hours, rounded upwards, in each of four weeks"
    for day in days:
        slots(day)
    db.session.rollback()
    assert set(db.session().scalars(select(Slot.id).where(Slot.reserved))) == kept, "day by day the same"
    slots(days[0], days[-1])
    db.session.rollback()
    assert set(db.session().scalars(select(Slot.id).where(Slot.reserved))) == kept
    atomically(lambda s: s.execute(update(Setting).values(value=0)))
    slots(days[0], days[-1])
    db.session.rollback()
    assert db.session().scalars(select(Slot.id).where(Slot.reserved)).all() == []


def mark(booking_id: int, **values: object) -> None:
    """Change one booking behind everybody's back."""
    atomically(lambda s: s.execute(update(Booking).where(Booking.id == booking_id).values(**values)))


def test_who_did_not_come_twice_has_to_say_that_this_time_is_meant(client: CheckedClient) -> None:
    open_clinic(experts=3)
    for at in ("09.00", "09.30"):
        one = booking_of(booked(wib(TUESDAY, at), phone="6281299997531", another=True))
        mark(one.id, status=BookingStatus.NO_SHOW, alive=False)
    answer = book(client, slot=code(wib(TUESDAY, "10.00")))
    assert answer.status_code == 422
    assert 'name="promise"' in text_of(answer)
    booked_page(client, slot=code(wib(TUESDAY, "10.00")), promise="y")


def test_what_was_half_a_year_ago_is_forgiven(client: CheckedClient) -> None:
    open_clinic(experts=3)
    long_ago, not_so_long = now() - timedelta(days=181), now() - timedelta(days=179)
    for at, was in (("09.00", not_so_long), ("09.30", long_ago)):
        one = booking_of(booked(wib(TUESDAY, at), phone="6281299997531", another=True))
        times = {"starts_at": was, "ends_at": was + timedelta(minutes=30)}
        mark(one.id, status=BookingStatus.NO_SHOW, alive=False, **times)
    booked_page(client, slot=code(wib(TUESDAY, "10.00")))


def test_the_block_for_the_front_page_names_the_next_times(client: CheckedClient) -> None:
    open_clinic()
    block = text_of(client.htmx("/klinik/terdekat", target="terdekat"))
    assert "Sel, 24 Nov" in block
    assert "<h1" not in block
    assert "Belum ada jam kosong" not in block


def test_the_next_times_are_those_of_the_service(app: Flask) -> None:
    open_clinic()
    found = next_free_times(
        db.session(),
        asked(service=Service.BUSINESS, mode=Mode.IN_PERSON),
        now=now(),
        until=date(2026, 12, 31),
    )
    assert found == []
