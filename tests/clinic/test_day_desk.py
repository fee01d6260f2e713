"""The day at the desk: who has come, who is called, who runs late, who is served first. The clock: Tuesday."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.clinic.queries.today import FreeSlot, list_free_slots
from app.clinic.rules.booking import BookingStatus, Mode
from app.core.clock import in_wib, now
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, booked, make_expert, open_clinic, put_on_duty, slots, wib
from tests.factories.clinic_day import (
    CLINIC,
    SITI,
    appointment,
    booking,
    change,
    online,
    page_of,
    put,
    seen_of,
    wished,
)
from tests.factories.desk import history
from tests.page_rules import words_of

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]


@pytest.fixture
def nine(at: At) -> Callable[[str], None]:
    """``nine("09.30")`` is that time on the Tuesday of the clinic."""

    def moment(clock: str) -> None:
        at(f"2026-11-24T{clock.replace('.', ':')}+07:00")

    return moment


def touch(
    officer: CheckedClient, booking_id: int, status: str, *, origin: str = "hari", code: int = 303
) -> str:
    """Press a button of the day; what is shown then."""
    answer = officer.post(f"{CLINIC}/janji/{booking_id}/keadaan", data={"status": status, "asal": origin})
    assert answer.status_code == code, answer.text[:2000]
    return answer.text if code != 303 else officer.get(answer.location).text


def test_a_day_without_a_clinic_says_why_where_it_is_known(sign_in: Enter) -> None:
    desk = sign_in("officer")
    christmas = words_of(desk.page(page_of(date(2026, 12, 25))).all("main")[0])
    assert "Libur: Hari Raya Natal" in christmas
    assert "jadwalnya belum dibuat" not in christmas
    saturday = words_of(desk.page(page_of(date(2026, 12, 26))).all("main")[0])
    assert "Klinik tutup, atau jadwalnya belum dibuat." in saturday


def test_the_day_shows_who_comes_to_whom(sign_in: Enter, nine: At) -> None:
    open_clinic(2)
    appointment(wib(TUESDAY, "09.00"))
    appointment(wib(TUESDAY, "09.30"), name="Pak Ujang", phone=None)
    nine("08.50")
    text = sign_in("officer").get(CLINIC).text
    assert SITI in text
    assert "Pak Ujang" in text
    assert "2 janji" in text


def test_no_telephone_number_is_on_the_day(sign_in: Enter, nine: At) -> None:
    open_clinic()
    appointment(wib(TUESDAY, "09.00"))
    nine("08.50")
    assert "99997531" not in sign_in("officer").get(CLINIC).text.replace("-", "")


def test_another_day_is_asked_for_by_its_date(sign_in: Enter) -> None:
    open_clinic()
    appointment(wib(TUESDAY, "09.00"))
    officer = sign_in("officer")
    assert SITI not in officer.get(CLINIC).text  # Monday
    assert SITI in officer.get(page_of(TUESDAY)).text
    assert officer.get(f"{CLINIC}?tanggal=kemarin").status_code == 200


def test_of_days_gone_by_only_the_letters_of_names_are_shown(sign_in: Enter, at: At) -> None:
    open_clinic()
    appointment(wib(TUESDAY, "09.00"))
    at("2026-11-25T09:00+07:00")
    text = sign_in("officer").get(page_of(TUESDAY)).text
    assert "S. A." in text
    assert "Siti" not in text


def test_from_arrival_to_the_end(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("08.00")
    officer = sign_in("officer")
    for clock, status, words in (
        ("08.55", "arrived", "Sudah datang"),
        ("09.01", "in_session", "Sedang konsultasi"),
        ("09.25", "done", "Selesai"),
    ):
        nine(clock)
        assert words in touch(officer, one, status)
    kept = booking(one)
    stamps = [f"{in_wib(at):%H.%M}" for at in (kept.arrived_at, kept.called_at, kept.ended_at) if at]
    assert stamps == ["08.55", "09.01", "09.25"]
    assert [line.deed for line in history(f"klinik:{one}")] == ["clinic.status"] * 3
    assert {line.actor_name for line in history(f"klinik:{one}")} == {"Officer"}


def test_a_button_touched_twice_is_touched_once(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("08.55")
    for _ in range(2):
        touch(sign_in("officer"), one, "arrived")
    assert len(history(f"klinik:{one}")) == 1


def test_by_htmx_only_the_day_comes_back(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("08.55")
    officer = sign_in("officer")
    officer.post(f"{CLINIC}/janji/{one}/keadaan", data={"status": "arrived", "asal": "hari"})
    answer = officer.htmx(page_of(TUESDAY), target="hari")
    assert "<html" not in answer.text
    assert "Sudah datang" in answer.text


def test_asked_again_nothing_travels_where_nothing_changed(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("08.55")
    officer, day = sign_in("officer"), page_of(TUESDAY)
    seen = seen_of(officer.page(day))
    answer = officer.htmx(day, target="hari", headers=seen)
    assert (answer.status_code, answer.data) == (204, b"")
    assert officer.get(day, headers=seen).status_code == 200, "a whole page is never empty"
    assert officer.htmx(f"{day}&bahasa=en", target="hari", headers=seen).status_code == 200
    put(one, BookingStatus.ARRIVED)
    assert "Sudah datang" in officer.htmx(day, target="hari", headers=seen).text
    seen = seen_of(officer.page(day))
    wished("Bu Iis")
    assert "Permintaan jadwal (1)" in officer.htmx(day, target="hari", headers=seen).text


def test_a_step_that_cannot_be_is_refused_in_words(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("09.05")
    text = touch(sign_in("officer"), one, "done", code=409)
    assert "sudah berubah" in text
    assert booking(one).status is BookingStatus.BOOKED
    touch(sign_in("officer"), one, "terbang", code=422)


def test_nobody_comes_before_the_day(sign_in: Enter) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))  # the clock stands on Monday
    assert "belum untuk hari ini" in touch(sign_in("officer"), one, "arrived", code=409)
    assert 'value="arrived"' not in sign_in("officer").get(page_of(TUESDAY)).text


def test_no_show_only_after_ten_minutes(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("09.09")
    officer = sign_in("officer")
    assert 'value="no_show"' not in officer.get(CLINIC).text
    touch(officer, one, "no_show", code=409)
    nine("09.10")
    assert 'value="no_show"' in officer.get(CLINIC).text
    assert "Tidak datang" in touch(officer, one, "no_show")
    assert not booking(one).alive


@pytest.mark.parametrize(
    ("states", "before"),
    [
        ((BookingStatus.ARRIVED,), BookingStatus.BOOKED),
        ((BookingStatus.ARRIVED, BookingStatus.IN_SESSION), BookingStatus.ARRIVED),
        ((BookingStatus.IN_SESSION,), BookingStatus.BOOKED),
        ((BookingStatus.IN_SESSION, BookingStatus.DONE), BookingStatus.IN_SESSION),
        ((BookingStatus.NO_SHOW,), BookingStatus.BOOKED),
    ],
)
def test_a_wrong_touch_is_taken_back_one_step(
    sign_in: Enter, nine: At, states: tuple[BookingStatus, ...], before: BookingStatus
) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("09.12")
    put(one, *states)
    sent = {"status": states[-1].value, "asal": "hari"}
    first, second = (sign_in("officer").post(f"{CLINIC}/janji/{one}/urungkan", data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 409)
    kept = booking(one)
    assert (kept.status, kept.alive) == (before, True)
    assert kept.called_at is None or before is BookingStatus.IN_SESSION
    assert history(f"klinik:{one}")[-1].deed == "clinic.undone"


def test_what_others_got_meanwhile_stays_theirs(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("09.12")
    put(one, BookingStatus.NO_SHOW)
    booked(wib(TUESDAY, "09.00"), at_desk=True)
    answer = sign_in("officer").post(
        f"{CLINIC}/janji/{one}/urungkan", data={"status": "no_show", "asal": "hari"}
    )
    assert answer.status_code == 409
    assert "dipakai orang lain" in answer.text
    assert booking(one).status is BookingStatus.NO_SHOW


def test_other_hours_that_lie_over_it_keep_it_too(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one, other = appointment(wib(TUESDAY, "09.00")), appointment(wib(TUESDAY, "09.30"), "Pak Ujang", None)
    nine("09.12")
    put(one, BookingStatus.NO_SHOW)
    change(other, starts_at=wib(TUESDAY, "09.15"), ends_at=wib(TUESDAY, "09.45"))  # as in Ramadan
    answer = sign_in("officer").post(f"{CLINIC}/janji/{one}/urungkan", data={"status": "no_show"})
    assert answer.status_code == 409
    assert not booking(one).alive


def test_yesterday_is_not_undone(sign_in: Enter, nine: At, at: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    nine("09.12")
    put(one, BookingStatus.NO_SHOW)
    at("2026-11-25T09:00+07:00")
    answer = sign_in("officer").post(f"{CLINIC}/janji/{one}/urungkan", data={"status": "no_show"})
    assert answer.status_code == 409
    assert "Urungkan" not in sign_in("officer").get(page_of(TUESDAY)).text


def test_who_runs_late_is_said_in_minutes(sign_in: Enter, nine: At) -> None:
    open_clinic()
    first, _second = appointment(wib(TUESDAY, "09.00")), appointment(wib(TUESDAY, "09.30"), "Pak Ujang", None)
    nine("09.20")
    put(first, BookingStatus.IN_SESSION)
    assert "terlambat 20 menit" in sign_in("officer").get(CLINIC).text
    nine("09.40")
    put(first, BookingStatus.DONE)
    assert "terlambat" not in sign_in("officer").get(CLINIC).text


def test_an_online_session_is_one_touch_away(sign_in: Enter, nine: At) -> None:
    open_clinic(meeting_link="https://zoom.example/j/123")
    appointment(wib(TUESDAY, "09.00"), asked=online())
    appointment(wib(TUESDAY, "09.30"), "Pak Ujang", None)
    nine("08.55")
    text = sign_in("officer").get(CLINIC).text
    assert text.count("https://zoom.example/j/123") == 1
    assert "Mulai" in text


def test_who_could_not_be_reached_is_on_top_and_goes_to_a_free_expert(sign_in: Enter, nine: At) -> None:
    ill, free = open_clinic(2)
    one = appointment(wib(TUESDAY, "09.00"))
    change(one, expert_id=ill, must_move=True)
    nine("08.55")
    officer = sign_in("officer")
    text = officer.get(CLINIC).text
    assert "Dilayani lebih dulu" in text
    assert text.index(SITI) < text.index("day-grid")
    slot = next(s for s in _free_slots() if s.expert_id == free and s.starts_at == wib(TUESDAY, "09.30"))
    answer = officer.post(f"{CLINIC}/janji/{one}/dahulukan", data={"slot": str(slot.id)})
    assert answer.status_code == 303, answer.text
    kept = booking(one)
    assert (kept.expert_id, kept.starts_at, kept.must_move) == (free, wib(TUESDAY, "09.30"), False)
    assert "Dilayani lebih dulu" not in officer.get(CLINIC).text
    assert history(f"klinik:{one}")[-1].deed == "clinic.moved"


def test_nobody_is_called_to_an_expert_who_is_not_there(sign_in: Enter, nine: At) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    change(one, must_move=True)
    nine("09.01")
    officer = sign_in("officer")
    for path in (CLINIC, f"{CLINIC}/janji/{one}"):
        assert 'value="in_session"' not in officer.get(path).text, path
    for state in (BookingStatus.BOOKED, BookingStatus.ARRIVED):
        assert "Pilih narasumber lain dulu" in touch(officer, one, "in_session", code=409)
        assert booking(one).status is state
        if state is BookingStatus.BOOKED:
            touch(officer, one, "arrived")
    change(one, must_move=False)
    assert 'value="in_session"' in officer.get(CLINIC).text
    assert "Sedang konsultasi" in touch(officer, one, "in_session")


def test_the_first_button_of_who_is_served_first_chooses_an_expert(sign_in: Enter, nine: At) -> None:
    open_clinic(2)
    one = appointment(wib(TUESDAY, "09.00"))
    change(one, must_move=True)
    nine("09.01")
    card = next(s for s in sign_in("officer").page(CLINIC).all("section") if s.get("id") == "dahulukan")
    plain = [words_of(b) for b in card.iter("button") if b.get("class") == "button"]
    assert [words.split()[0] for words in plain] == ["Pindahkan"]


def test_where_nobody_is_free_another_day_is_offered(sign_in: Enter, nine: At) -> None:
    (expert,) = open_clinic(days=(TUESDAY, TUESDAY + timedelta(days=1)))
    one = appointment(wib(TUESDAY, "11.30"))
    change(one, must_move=True)
    nine("11.58")
    officer = sign_in("officer")
    text = officer.get(CLINIC).text
    assert "Belum ada narasumber lain yang kosong hari ini." in text
    address = f"{CLINIC}/janji/{one}/jam-lain"
    assert address in text
    touch(officer, one, "arrived")
    sent = {"slot": "koperasi-20261125-0900", "how_asked": "present"}
    assert sent["slot"] in officer.get(address).text
    assert officer.post(address, data=sent).status_code == 303
    kept = booking(one)
    assert (kept.expert_id, kept.starts_at) == (expert, wib(TUESDAY + timedelta(days=1), "09.00"))
    assert (kept.status, kept.must_move) == (BookingStatus.BOOKED, False)


def test_before_the_day_only_those_are_on_top_who_cannot_be_reached(sign_in: Enter) -> None:
    open_clinic(2)
    one = appointment(wib(TUESDAY, "09.00"))
    officer = sign_in("officer")  # Monday
    change(one, must_move=True)
    assert "Dilayani lebih dulu" not in officer.get(page_of(TUESDAY)).text
    change(one, serve_first=True)
    assert "Dilayani lebih dulu" in officer.get(page_of(TUESDAY)).text


def test_who_came_to_the_office_is_offered_desks_only(sign_in: Enter, nine: At) -> None:
    open_clinic(2)
    here = appointment(wib(TUESDAY, "09.00"))
    afar = appointment(wib(TUESDAY, "09.00"), "Pak Jauh", None, asked=online())
    at_home = make_expert("Bu Rumah")
    put_on_duty(at_home, TUESDAY)
    slots()
    change(here, must_move=True)
    change(afar, must_move=True)
    nine("08.55")
    officer = sign_in("officer")
    lists = {s.get("id"): words_of(s) for s in officer.page(CLINIC).all("select")}
    assert "Bu Rumah" not in lists[f"slot-{here}"]
    assert "Bu Rumah" in lists[f"slot-{afar}"]
    free = list_free_slots(db.session(), TUESDAY, now=now())
    slot = next(s for s in free if s.expert_id == at_home)
    assert officer.post(f"{CLINIC}/janji/{here}/dahulukan", data={"slot": str(slot.id)}).status_code == 422
    assert officer.post(f"{CLINIC}/janji/{afar}/dahulukan", data={"slot": str(slot.id)}).status_code == 303
    assert booking(afar).expert_id == at_home


def test_serving_first_wants_a_free_half_hour(sign_in: Enter, nine: At) -> None:
    _ill, _free = open_clinic(2)
    one = appointment(wib(TUESDAY, "09.00"))
    change(one, must_move=True)
    nine("08.55")
    officer = sign_in("officer")
    for wrong in ("", "0", "999999", "x"):
        answer = officer.post(f"{CLINIC}/janji/{one}/dahulukan", data={"slot": wrong})
        assert answer.status_code == 422, wrong
        assert f"#slot-{one}" in answer.text
    officer.post(f"{CLINIC}/janji/{one}/dahulukan", data={"slot": str(_free_slots()[-1].id)})
    again = officer.post(f"{CLINIC}/janji/{one}/dahulukan", data={"slot": str(_free_slots()[-1].id)})
    assert again.status_code == 409


def test_the_office_cancels_and_the_time_is_free_again(sign_in: Enter) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    assert sign_in("officer").post(f"{CLINIC}/janji/{one}/batal").status_code == 303
    assert booking(one).status is BookingStatus.CANCELLED_BY_OFFICE
    assert sign_in("officer").post(f"{CLINIC}/janji/{one}/batal").status_code == 409
    assert SITI not in sign_in("officer").get(page_of(TUESDAY)).text


@pytest.mark.parametrize(
    "name", ["expert", "companion", "co_administrator", "leader", "media", "evaluator", "member"]
)
def test_the_desk_is_not_for_others(sign_in: Enter, name: str) -> None:
    open_clinic()
    one = appointment(wib(TUESDAY, "09.00"))
    browser = sign_in(name)
    for path in ("", "/tamu", "/permintaan", "/layar"):
        assert browser.get(CLINIC + path).status_code == 403, path
    for deed in ("batal", "dahulukan"):
        assert browser.post(f"{CLINIC}/janji/{one}/{deed}").status_code == 403, deed


def test_a_stranger_signs_in_first(client: CheckedClient) -> None:
    assert client.get(CLINIC).status_code in {302, 303, 401}


def test_officers_of_both_sections_serve_the_clinic(sign_in: Enter) -> None:
    for name in ("officer", "pum_officer", "administrator"):
        assert sign_in(name).get(CLINIC).status_code == 200, name


def test_a_day_without_anything_says_so(sign_in: Enter) -> None:
    make_expert()
    assert "Tidak ada janji hari ini" in sign_in("officer").get(CLINIC).text


def _free_slots() -> list[FreeSlot]:
    return list_free_slots(db.session(), TUESDAY, now=now(), mode=Mode.IN_PERSON)
