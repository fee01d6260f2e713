"""The expert's own page and one appointment: only the own sessions, notes that stay sealed, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from app.clinic.desk import contact
from app.clinic.models import Expert
from app.clinic.rules.booking import BookingStatus, Mode, Outcome
from app.clinic.services.moving import move
from app.core.access import Actor
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, asked, open_clinic, wib
from tests.factories.clinic_day import (
    CLINIC,
    PHONE,
    SITI,
    STORED,
    appointment,
    booking,
    change,
    give_account,
    note,
    online,
    put,
)
from tests.factories.desk import history, looks

Enter = Callable[[str], CheckedClient]
At = Callable[[str], None]
OWN = f"{CLINIC}/saya"
WRITTEN = {"text": "Dibahas buku kas harian.", "outcome": "answered"}


@pytest.fixture
def mine(cast: Any, at: At) -> int:
    """An appointment with the expert of the cast, Tuesday at nine; it is nine."""
    (expert,) = open_clinic(name="Bu Rina", days=(TUESDAY, date(2026, 11, 25)))
    one = appointment(wib(TUESDAY, "09.00"))
    at("2026-11-24T09:00+07:00")
    give_account(expert, cast["expert"].account_id)
    return one


@pytest.fixture
def theirs(mine: int) -> int:
    """One with somebody else, at the same time."""
    (other,) = open_clinic(name="Pak Dedi")
    return appointment(wib(TUESDAY, "10.00"), "Pak Ujang", None, asked=asked(expert_id=other))


def at(booking_id: int, deed: str = "") -> str:
    """An appointment's address, or that of a deed on it."""
    return f"{CLINIC}/janji/{booking_id}" + (f"/{deed}" if deed else "")


def test_the_own_page_shows_today_and_what_is_coming(sign_in: Enter, mine: int) -> None:
    other = appointment(wib(date(2026, 11, 25), "09.00"), "Pak Besok", None)
    assert booking(other).expert_id == booking(mine).expert_id
    text = sign_in("expert").get(OWN).text
    assert text.index(SITI) < text.index("Hari-hari berikutnya") < text.index("Pak Besok")
    assert "Bu Rina" in text
    assert "99997531" not in text.replace("-", "")


def test_an_expert_sees_only_the_own_sessions(sign_in: Enter, mine: int, theirs: int) -> None:
    expert = sign_in("expert")
    assert "Pak Ujang" not in expert.get(OWN).text
    assert expert.get(at(mine)).status_code == 200
    nowhere = expert.get(at(999_999))
    assert expert.get(at(theirs)).status_code == nowhere.status_code == 404
    for deed, data in (
        ("keadaan", {"status": "arrived"}),
        ("urungkan", {}),
        ("catatan", WRITTEN),
        ("nomor", {"purpose": "tell"}),
    ):
        assert expert.post(at(theirs, deed), data=data).status_code == 404, deed
        assert expert.post(at(999_999, deed), data=data).status_code == 404, deed
    assert booking(theirs).status is BookingStatus.BOOKED
    assert (looks(), note(theirs)) == ([], None)


def test_somebody_elses_looks_exactly_like_none(sign_in: Enter, mine: int, theirs: int) -> None:
    expert = sign_in("expert")

    def without_address(number: int) -> str:
        return expert.get(at(number)).text.replace(f"janji/{number}", "janji/N")

    assert without_address(theirs) == without_address(987_654)


def test_an_officer_sees_all(sign_in: Enter, mine: int, theirs: int) -> None:
    officer = sign_in("officer")
    assert SITI in officer.get(at(mine)).text
    assert "Pak Ujang" in officer.get(at(theirs)).text


def test_an_account_that_lost_its_expert_sees_nothing(sign_in: Enter, mine: int, cast: Any) -> None:
    atomically(lambda s: s.execute(update(Expert).values(account_id=None)))
    assert sign_in("expert").get(at(mine)).status_code == 404
    assert "belum dihubungkan" in sign_in("expert").get(OWN).text


@pytest.mark.parametrize("name", ["companion", "co_administrator", "leader", "media", "evaluator", "member"])
def test_others_see_no_session(sign_in: Enter, mine: int, name: str) -> None:
    browser = sign_in(name)
    assert browser.get(OWN).status_code == 403
    assert browser.get(at(mine)).status_code == 403
    assert browser.post(at(mine, "nomor"), data={"purpose": "tell"}).status_code == 403
    assert looks() == []


def test_start_note_and_end_on_a_phone(sign_in: Enter, mine: int) -> None:
    expert = sign_in("expert")
    started = expert.post(at(mine, "keadaan"), data={"status": "in_session", "asal": "saya"})
    assert started.location == f"{OWN}?janji={mine}#janji-{mine}"
    answer = expert.post(at(mine, "catatan"), data={**WRITTEN, "follow_up_on": "1-12-2026", "akhiri": "1"})
    assert answer.status_code == 303, answer.text
    kept = note(mine)
    assert kept is not None
    assert (kept.outcome, kept.follow_up_on) == (Outcome.ANSWERED, date(2026, 12, 1))
    assert booking(mine).status is BookingStatus.DONE
    text = expert.get(at(mine)).text
    assert "Dibahas buku kas harian." in text
    assert "Terjawab" in text
    assert [line.deed for line in history(f"klinik:{mine}")] == [
        "clinic.status",
        "clinic.noted",
        "clinic.status",
    ]


def test_the_words_of_a_note_lie_sealed(sign_in: Enter, mine: int) -> None:
    put(mine, BookingStatus.IN_SESSION)
    sign_in("expert").post(at(mine, "catatan"), data=WRITTEN)
    kept = note(mine)
    assert kept is not None
    assert b"buku kas" not in kept.text_sealed
    assert "buku kas" not in str([line.after for line in history(f"klinik:{mine}")])


def test_a_note_can_be_written_on(sign_in: Enter, mine: int) -> None:
    put(mine, BookingStatus.IN_SESSION, BookingStatus.DONE)
    expert = sign_in("expert")
    expert.post(at(mine, "catatan"), data=WRITTEN)
    expert.post(at(mine, "catatan"), data={**WRITTEN, "text": "Ditambah: pajak.", "outcome": "referred"})
    kept = note(mine)
    assert kept is not None
    assert kept.outcome is Outcome.REFERRED
    assert "Ditambah: pajak." in expert.get(at(mine)).text
    assert booking(mine).status is BookingStatus.DONE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_written_down(sign_in: Enter, mine: int, outcome: Outcome) -> None:
    put(mine, BookingStatus.IN_SESSION)
    sign_in("expert").post(at(mine, "catatan"), data={**WRITTEN, "outcome": outcome.value})
    kept = note(mine)
    assert kept is not None
    assert kept.outcome is outcome


@pytest.mark.parametrize(
    ("field", "value"), [("text", ""), ("outcome", ""), ("outcome", "x"), ("follow_up_on", "1-1-2020")]
)
def test_what_is_wrong_is_said_at_its_field(sign_in: Enter, mine: int, field: str, value: str) -> None:
    put(mine, BookingStatus.IN_SESSION)
    answer = sign_in("expert").post(at(mine, "catatan"), data={**WRITTEN, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert note(mine) is None


def test_nothing_comes_of_a_session_before_it_began(sign_in: Enter, mine: int) -> None:
    answer = sign_in("expert").post(at(mine, "catatan"), data=WRITTEN)
    assert answer.status_code == 409
    assert "Mulai dulu" in answer.text
    assert note(mine) is None


def test_earlier_sessions_of_the_same_telephone_are_there(sign_in: Enter, mine: int, at: At) -> None:
    put(mine, BookingStatus.IN_SESSION)
    sign_in("expert").post(f"{CLINIC}/janji/{mine}/catatan", data={**WRITTEN, "akhiri": "1"})
    again = appointment(wib(date(2026, 11, 25), "10.00"), phone=STORED)
    stranger = appointment(wib(date(2026, 11, 25), "10.30"), "Orang Lain", "6281299990000")
    expert = sign_in("expert")
    assert "Dibahas buku kas harian." in expert.get(f"{CLINIC}/janji/{again}").text
    assert "Dibahas buku kas harian." not in expert.get(f"{CLINIC}/janji/{stranger}").text


def test_earlier_sessions_of_the_same_record_are_there(sign_in: Enter, mine: int) -> None:
    change(mine, record_code="K-ABC2345")
    put(mine, BookingStatus.IN_SESSION, BookingStatus.DONE)
    again = appointment(wib(date(2026, 11, 25), "10.00"), "Pengurus Lain", None, record_code="K-ABC2345")
    text = sign_in("officer").get(at(again)).text
    assert "Hasilnya tidak dicatat" in text
    assert "/petugas/koperasi/K-ABC2345" in text
    assert "/koperasi/K-ABC2345" in sign_in("expert").get(at(again)).text


def test_a_number_is_read_only_after_the_log_says_so(sign_in: Enter, mine: int, cast: Any) -> None:
    expert = sign_in("expert")
    assert "99997531" not in expert.get(at(mine)).text.replace("-", "")
    answer = expert.post(at(mine, "nomor"), data={"purpose": "late"})
    assert PHONE in answer.text
    (look,) = looks()
    assert (look.actor_id, look.subject, look.fields, look.purpose) == (
        cast["expert"].account_id,
        f"klinik:{mine}",
        "phone",
        "late",
    )


def test_without_a_purpose_no_number(sign_in: Enter, mine: int) -> None:
    answer = sign_in("expert").post(at(mine, "nomor"), data={"purpose": ""})
    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert looks() == []


def test_when_the_log_fails_no_number_is_shown(
    sign_in: Enter, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(contact, "record_personal_access", full)
    answer = sign_in("expert").post(at(mine, "nomor"), data={"purpose": "late"})
    assert answer.status_code == 500
    assert PHONE not in answer.text


def test_numbers_inside_the_question_are_covered(sign_in: Enter, mine: int) -> None:
    one = appointment(wib(TUESDAY, "11.00"), "Bu Nomor", None, question="Telepon saya di 0812-3456-7890 ya")
    text = sign_in("officer").get(at(one)).text
    assert "Telepon saya di" in text
    assert "0812-3456-7890" not in text


def test_no_feedback_is_shown_to_the_expert(sign_in: Enter, mine: int) -> None:
    assert "enilaian" not in sign_in("expert").get(at(mine)).text


def test_the_zoom_link_is_on_the_own_page(sign_in: Enter, cast: Any, at: At) -> None:
    (expert,) = open_clinic(meeting_link="https://zoom.example/j/9")
    appointment(wib(TUESDAY, "09.00"), asked=online())
    at("2026-11-24T09:00+07:00")
    give_account(expert, cast["expert"].account_id)
    assert "https://zoom.example/j/9" in sign_in("expert").get(OWN).text


# --- where an online session meets ----------------------------------------------------------------------------------

ROOM_OF_ITS_OWN = "https://zoom.us/j/123456789?pwd=rahasia"


def far_one(**values: Any) -> int:
    """An online appointment on Tuesday at half past ten."""
    return appointment(wib(TUESDAY, "10.30"), "Bu Jauh", None, asked=asked(mode=Mode.ONLINE), **values)


def test_one_appointment_gets_a_zoom_room_of_its_own(sign_in: Enter, mine: int) -> None:
    far, officer = far_one(), sign_in("officer")
    assert "tautan Zoom belum ada" in officer.get(f"{CLINIC}?tanggal=2026-11-24").text
    assert "Orangnya belum bisa masuk" in officer.get(at(far)).text
    before = booking(far).sequence
    assert officer.post(at(far, "tautan"), data={"meeting_link": ROOM_OF_ITS_OWN}).status_code == 303
    assert (booking(far).meeting_link, booking(far).sequence) == (ROOM_OF_ITS_OWN, before + 1)
    officer.post(at(far, "tautan"), data={"meeting_link": ROOM_OF_ITS_OWN})
    assert booking(far).sequence == before + 1, "nothing changed, so no calendar is told"
    page = officer.page(at(far))
    assert [a for a in page.all("a") if a.get("href") == ROOM_OF_ITS_OWN]
    assert "tautan Zoom belum ada" not in officer.get(f"{CLINIC}?tanggal=2026-11-24").text
    lines = [line for line in history(f"klinik:{far}") if line.deed == "clinic.link_set"]
    assert [line.after for line in lines] == [{"own": True}], "the key to the room stays out of the history"
    officer.post(at(far, "tautan"), data={"meeting_link": ""})
    assert booking(far).meeting_link == ""


def test_a_zoom_address_is_a_whole_one_of_an_online_appointment(sign_in: Enter, mine: int) -> None:
    far, officer = far_one(), sign_in("officer")
    wrong = officer.post(at(far, "tautan"), data={"meeting_link": "javascript:alert(1)"})
    assert wrong.status_code == 422
    assert "harus mulai dengan https://" in wrong.text
    assert officer.post(at(mine, "tautan"), data={"meeting_link": ROOM_OF_ITS_OWN}).status_code == 409
    assert (booking(far).meeting_link, booking(mine).meeting_link) == ("", "")
    assert "Tautan Zoom" not in officer.get(at(mine)).text


def test_an_expert_sets_the_address_of_the_own_sessions_only(sign_in: Enter, mine: int, theirs: int) -> None:
    own, other = booking(mine).expert_id, booking(theirs).expert_id
    for_me = appointment(wib(TUESDAY, "11.00"), "Bu Satu", None, asked=asked(mode=Mode.ONLINE, expert_id=own))
    for_him = appointment(
        wib(TUESDAY, "11.00"), "Bu Dua", None, asked=asked(mode=Mode.ONLINE, expert_id=other)
    )
    expert, sent = sign_in("expert"), {"meeting_link": ROOM_OF_ITS_OWN}
    assert expert.post(at(for_me, "tautan"), data=sent).status_code == 303
    assert expert.post(at(for_him, "tautan"), data=sent).status_code == 404


def test_with_another_expert_the_room_of_the_first_one_is_left(mine: int, theirs: int) -> None:
    far, other = far_one(), booking(theirs).expert_id
    change(far, meeting_link=ROOM_OF_ITS_OWN)
    expert = booking(far).expert_id
    actor = Actor(name="uji")
    there = asked(mode=Mode.ONLINE, expert_id=expert, moving=far)
    atomically(lambda s: move(s, far, there, wib(TUESDAY, "11.30"), actor=actor, by_office=True))
    assert booking(far).meeting_link == ROOM_OF_ITS_OWN, "the same expert, the same room"
    elsewhere = other if expert != other else booking(mine).expert_id
    there = asked(mode=Mode.ONLINE, expert_id=elsewhere, moving=far)
    atomically(lambda s: move(s, far, there, wib(TUESDAY, "11.30"), actor=actor, by_office=True))
    assert (booking(far).expert_id, booking(far).meeting_link) == (elsewhere, "")
