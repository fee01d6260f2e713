"""The appointment's own page: every state, calendar, moving, cancelling, "I am here", wrong links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.clinic.models import Booking, Expert, Slot
from app.clinic.routes import afterwards
from app.clinic.rules.booking import BookingStatus
from app.clinic.services.cancelling import cancel
from app.clinic.services.status import change_status
from app.core.language import LANGUAGES
from app.core.limits import Limit
from app.core.transaction import atomically
from app.registry.queries.submissions import token_of
from tests.checked_client import CheckedClient
from tests.clinic.public import HALF_PAST, JSON, NINE, booked_page, bookings, code, text_of
from tests.factories.clinic import OFFICE, TUESDAY, booked, open_clinic, wib

WEDNESDAY = TUESDAY + timedelta(days=1)


def set_booking(**values: Any) -> None:
    """Change what stands in the only booking."""
    atomically(lambda s: s.execute(update(Booking).values(**values)))


@pytest.fixture
def link(app: Flask, client: CheckedClient) -> str:
    """An appointment on Tuesday at nine."""
    open_clinic(days=(TUESDAY, WEDNESDAY))
    return booked_page(client)


def status() -> BookingStatus:
    """Of the first booking."""
    return bookings()[0].status


# --- the page -----------------------------------------------------------------------------------------------------


def test_it_says_when_where_with_whom_and_what_to_bring(client: CheckedClient, link: str) -> None:
    page = text_of(client.get(link))
    for words in (
        "Selasa, 24 November 2026, 09.00",
        "Meja",
        "Narasumber",
        "KTP",
        "Uang dan pembukuan",
        "wa.me",
    ):
        assert words in page
    assert re.search(r'data-receipt="KB-\w{8}"', page)


def test_it_names_neither_the_person_nor_the_number(client: CheckedClient, link: str) -> None:
    page = text_of(client.get(link))
    assert "Wati" not in page
    assert "9999" not in page


def test_it_is_nobody_elses_business(client: CheckedClient, link: str) -> None:
    assert client.get(link).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["", "/ubah", "/janji.ics"])
def test_a_wrong_link_is_like_any_page_that_is_not_there(client: CheckedClient, link: str, part: str) -> None:
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")
    nothing = client.get("/klinik/tidak-ada")
    answer = client.get(f"{wrong}{part}")
    assert answer.status_code == 404
    assert _without_id(text_of(answer)) == _without_id(text_of(nothing))


def _without_id(page: str) -> str:
    return re.sub(r"[0-9a-f]{6,}", "", page)


@pytest.mark.parametrize("deed", ["ubah", "batal", "datang"])
def test_a_wrong_link_does_nothing(client: CheckedClient, link: str, deed: str) -> None:
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert client.post(f"{wrong}/{deed}", data={"slot": code(HALF_PAST)}).status_code == 404
    assert status() is BookingStatus.BOOKED


def test_the_receipt_of_another_kind_opens_no_appointment(client: CheckedClient, link: str) -> None:
    assert (
        client.get(f"/klinik/pesanan/{token_of('11111111-1111-4111-8111-111111111111')}").status_code == 404
    )


def test_the_receipts_address_leads_here(client: CheckedClient, link: str) -> None:
    token = link.rsplit("/", 1)[1]
    answer = client.get(f"/tanda-terima/{token}")
    assert (answer.status_code, answer.location) == (303, link)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", BookingStatus)
def test_every_state_has_its_words(
    client: CheckedClient, link: str, state: BookingStatus, language: str
) -> None:
    set_booking(status=state, alive=state in {"booked", "arrived", "in_session", "done"})
    page = text_of(client.get(f"{link}?bahasa={language}"))
    words = {
        "booked": ("Janji tercatat", "Jangji kacatet", "Your appointment is noted"),
        "arrived": ("Silakan tunggu dipanggil", "", ""),
        "in_session": ("Sedang konsultasi", "", ""),
        "done": ("Beri penilaian", "", ""),
        "no_show": ("Kami menunggu sepuluh menit", "", ""),
        "cancelled_by_client": ("Dibatalkan sendiri", "", ""),
        "cancelled_by_office": ("Dibatalkan kantor", "", ""),
    }[state]
    assert words[list(LANGUAGES).index(language)] in page


def test_online_the_link_is_there_and_by_telephone_the_masked_number(
    app: Flask, client: CheckedClient
) -> None:
    open_clinic()
    atomically(lambda s: s.execute(update(Expert).values(meeting_link="https://zoom.example/j/1")))
    page = text_of(client.get(booked_page(client, mode="online")))
    assert "https://zoom.example/j/1" in page
    assert "300 MB" in page
    assert "KTP" not in page
    page = text_of(client.get(booked_page(client, mode="phone", slot=code(HALF_PAST), another="y")))
    assert "kami menelepon ke" in page
    assert "99997531" not in page.replace("-", "")


def test_the_meeting_is_one_touch_on_its_day_and_gone_afterwards(
    client: CheckedClient, at: Callable[[str], None]
) -> None:
    open_clinic()
    atomically(lambda s: s.execute(update(Expert).values(meeting_link="https://zoom.example/j/1")))
    link = booked_page(client, mode="online")

    def touches() -> int:
        return sum(
            a.get("href") == "https://zoom.example/j/1" and "button" in (a.get("class") or "")
            for a in client.page(link).all("a")
        )

    assert touches() == 0
    for moment, wanted in (("08:00", 1), ("09:29", 1), ("09:30", 0)):
        at(f"2026-11-24T{moment}+07:00")
        assert touches() == wanted, moment


def test_who_could_not_be_reached_is_told_to_come(client: CheckedClient, link: str) -> None:
    set_booking(must_move=True, serve_first=True)
    assert "dilayani lebih dulu" in text_of(client.get(link))


def test_what_is_over_is_over(client: CheckedClient, link: str, at: Callable[[str], None]) -> None:
    at("2026-11-25T08:00+07:00")
    page = text_of(client.get(link))
    assert "sudah lewat" in page
    assert "Batalkan" not in page


# --- calendar -----------------------------------------------------------------------------------------------------


def calendar(client: CheckedClient, link: str) -> dict[str, str]:
    """The file, its folded lines put together again."""
    answer = client.get(f"{link}/janji.ics")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/calendar"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    return dict(line.split(":", 1) for line in lines if ":" in line)


def test_the_calendar_file_says_wib(client: CheckedClient, link: str) -> None:
    found = calendar(client, link)
    assert found["DTSTART;TZID=Asia/Jakarta"] == "20261124T090000"
    assert found["DTEND;TZID=Asia/Jakarta"] == "20261124T093000"
    assert (found["TZID"], found["TZOFFSETTO"]) == ("Asia/Jakarta", "+0700")
    assert (found["METHOD"], found["STATUS"], found["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", "0")


def test_a_changed_appointment_keeps_its_uid_and_counts_on(client: CheckedClient, link: str) -> None:
    first = calendar(client, link)
    client.post(f"{link}/ubah", data={"slot": code(HALF_PAST)})
    second = calendar(client, link)
    client.post(f"{link}/batal")
    third = calendar(client, link)
    assert first["UID"] == second["UID"] == third["UID"]
    assert [one["SEQUENCE"] for one in (first, second, third)] == ["0", "1", "2"]
    assert (third["METHOD"], third["STATUS"]) == ("CANCEL", "CANCELLED")


# --- moving -------------------------------------------------------------------------------------------------------


def test_it_moves_and_the_old_time_is_free_again(
    client: CheckedClient, link: str, at: Callable[[str], None]
) -> None:
    page = text_of(client.get(f"{link}/ubah"))
    assert code(HALF_PAST) in page
    assert client.post(f"{link}/ubah", data={"slot": code(HALF_PAST)}).location == link
    assert "09.30" in text_of(client.get(link))
    at("2026-11-23T09:30+07:00")
    assert code(NINE) in text_of(client.get(f"{link}/ubah"))


def test_one_appointment_cannot_keep_all_times_from_others_by_wandering(
    client: CheckedClient, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "MOVES_PER_APPOINTMENT", Limit("clinic-moves", 2, 3600))
    for clock in ("09.30", "10.00"):
        assert client.post(f"{link}/ubah", data={"slot": code(wib(TUESDAY, clock))}).status_code == 303
    answer = client.post(f"{link}/ubah", data={"slot": code(wib(TUESDAY, "10.30"))})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "terlalu sering dipindah" in text_of(answer)
    assert bookings()[0].starts_at == wib(TUESDAY, "10.00")
    assert client.post(f"{link}/batal").status_code == 303, "giving it back is always allowed"


def test_another_day_comes_as_a_block(client: CheckedClient, link: str) -> None:
    block = text_of(client.htmx(f"{link}/ubah?tanggal={WEDNESDAY}", target="day"))
    assert code(wib(WEDNESDAY, "09.00")) in block
    assert "<h1" not in block


def test_the_old_time_stays_when_the_new_one_is_taken(client: CheckedClient, link: str) -> None:
    booked(HALF_PAST)
    answer = client.post(f"{link}/ubah", data={"slot": code(HALF_PAST)})
    assert answer.status_code == 409
    assert "Jam terdekat yang masih kosong" in text_of(answer)
    assert bookings()[0].starts_at == NINE


def test_nothing_moves_beyond_the_weeks_that_the_office_opens(client: CheckedClient, link: str) -> None:
    far = TUESDAY + timedelta(days=35)
    open_clinic(days=(far,))
    answer = client.post(f"{link}/ubah", data={"slot": code(wib(far, "09.00"))})
    assert answer.status_code == 422
    assert "paling jauh 4 minggu dari sekarang" in text_of(answer)
    assert 'id="slot-error"' in text_of(answer)
    assert bookings()[0].starts_at == NINE


def test_the_same_time_again_changes_nothing(client: CheckedClient, link: str) -> None:
    assert client.post(f"{link}/ubah", data={"slot": code(NINE)}).status_code == 303
    assert bookings()[0].sequence == 0


def test_moving_names_a_time(client: CheckedClient, link: str) -> None:
    assert client.post(f"{link}/ubah", data={}).status_code == 422


def test_an_appointment_that_must_move_says_so_and_offers_times(client: CheckedClient, link: str) -> None:
    set_booking(must_move=True)
    atomically(lambda s: s.execute(update(Slot).where(Slot.starts_at == NINE).values(open=False)))
    page = text_of(client.get(link))
    assert "harus dipindah" in page
    assert code(HALF_PAST) in page
    client.post(f"{link}/ubah", data={"slot": code(HALF_PAST)})
    assert "harus dipindah" not in text_of(client.get(link))


def test_an_earlier_time_is_offered_to_who_wants_one(app: Flask, client: CheckedClient) -> None:
    open_clinic()
    first = booked(NINE)
    for at in ("09.30", "10.00", "10.30", "11.00"):
        booked(wib(TUESDAY, at))
    link = booked_page(client, slot=code(wib(TUESDAY, "11.30")), wants_earlier="y")
    assert "Ada jam yang lebih awal" not in text_of(client.get(link))
    one = next(b for b in bookings() if b.submission_id == first.submission_id)
    atomically(lambda s: cancel(s, one.id, actor=OFFICE, by_office=True))
    atomically(lambda s: s.execute(update(Slot).values(offered_from=None)))
    page = text_of(client.get(link))
    assert "Ada jam yang lebih awal" in page
    assert code(NINE) in page
    client.post(f"{link}/ubah", data={"slot": code(NINE)})
    assert "Selasa, 24 November 2026, 09.00" in text_of(client.get(link))


# --- cancelling, being here ---------------------------------------------------------------------------------------


def test_it_is_cancelled_once_however_often_it_is_pressed(client: CheckedClient, link: str) -> None:
    assert client.post(f"{link}/batal").location == link
    assert status() is BookingStatus.CANCELLED_BY_CLIENT
    assert "Tidak perlu datang" in text_of(client.get(link))
    assert client.post(f"{link}/batal").location == link


def test_within_two_hours_the_telephone_is_named(
    client: CheckedClient, link: str, at: Callable[[str], None]
) -> None:
    at("2026-11-24T07:30+07:00")
    page = text_of(client.get(link))
    assert "Batalkan janji" not in page
    assert "tel:+622187929919" in page
    assert client.get(f"{link}/ubah").status_code == 303
    answer = client.post(f"{link}/batal")
    assert answer.status_code == 409
    assert "dua jam" in text_of(answer)
    assert client.post(f"{link}/ubah", data={"slot": code(HALF_PAST)}).status_code == 409
    assert status() is BookingStatus.BOOKED


def test_here_on_the_day_and_only_then(client: CheckedClient, link: str, at: Callable[[str], None]) -> None:
    assert "Saya sudah datang" not in text_of(client.get(link))
    assert client.post(f"{link}/datang", headers=JSON).status_code == 409
    at("2026-11-24T08:50+07:00")
    assert "Saya sudah datang" in text_of(client.get(link))
    client.post(f"{link}/datang")
    assert status() is BookingStatus.ARRIVED
    assert "Saya sudah datang" not in text_of(client.get(link))


@pytest.mark.parametrize("deed", ["ubah", "batal", "datang"])
def test_a_browser_that_says_nothing_is_asked_to_press_again(
    client: CheckedClient, link: str, deed: str, at: Callable[[str], None]
) -> None:
    if deed == "datang":
        at("2026-11-24T08:50+07:00")
    data = {"slot": code(HALF_PAST)}
    answer = client.post(f"{link}/{deed}", data=data, site=None)
    assert answer.status_code == 422
    token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(answer))
    assert token
    assert status() is BookingStatus.BOOKED
    sent = client.post(f"{link}/{deed}", data={**data, "csrf_token": token[1]}, site=None)
    assert sent.status_code == 303


def test_after_the_session_the_survey_is_offered(
    client: CheckedClient, link: str, at: Callable[[str], None]
) -> None:
    at("2026-11-24T09:00+07:00")
    one = bookings()[0].id
    for new in (BookingStatus.IN_SESSION, BookingStatus.DONE):
        atomically(lambda s, new=new: change_status(s, one, new, actor=OFFICE))  # type: ignore[misc]
    assert f"/klinik/penilaian/{link.rsplit('/', 1)[1]}" in text_of(client.get(link))
