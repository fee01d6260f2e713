"""Wishes that came without signal: the office finds the time, books it once, tells the sender, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from app.clinic.desk import contact
from app.clinic.rules.booking import BookingStatus
from app.clinic.services.wishes import booking_submission
from app.core.clock import now
from app.registry.queries.submissions import token_of
from app.registry.rules import SubmissionStatus
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, booked, open_clinic, wib
from tests.factories.clinic_day import CLINIC, PHONE, SITI, bookings, wish_of, wished
from tests.factories.cooperatives import new_id
from tests.factories.desk import history, looks, submission

Enter = Callable[[str], CheckedClient]
WISHES = f"{CLINIC}/permintaan"
WEDNESDAY = TUESDAY + timedelta(days=1)
AT_NINE = "koperasi-20261124-0900"


def test_who_has_waited_longest_is_on_top(sign_in: Enter) -> None:
    wished("Baru Saja")
    wished("Sudah Lama", received_at=now() - timedelta(days=4))
    text = sign_in("officer").get(WISHES).text
    assert text.index("Sudah Lama") < text.index("Baru Saja")
    assert "4 hari menunggu" in text
    assert PHONE not in text


def test_times_of_the_wished_days_come_first(sign_in: Enter) -> None:
    open_clinic(days=(TUESDAY, WEDNESDAY))
    number = wished(days="2")
    page = sign_in("officer").page(f"{WISHES}/{number}")
    fitting = [
        str(i.get("value"))
        for i in page.all("input")
        if i.get("name") == "slot" and i.get("required") is not None
    ]
    others = [
        str(i.get("value")) for d in page.all("details") for i in d.iter("input") if i.get("name") == "slot"
    ]
    assert fitting[0] == "koperasi-20261125-0900"
    assert others[0] == "koperasi-20261124-0900"


def test_when_no_time_fits_it_says_so(sign_in: Enter) -> None:
    open_clinic()
    officer = sign_in("officer")
    text = officer.get(f"{WISHES}/{wished(days='4')}").text
    assert "Tidak ada yang sesuai" in text
    assert AT_NINE in text
    afternoon = officer.get(f"{WISHES}/{wished(days='1', part='siang')}").text
    assert "Tidak ada yang sesuai" in afternoon
    morning = officer.get(f"{WISHES}/{wished(days='1', part='pagi')}").text
    assert "Tidak ada yang sesuai" not in morning


def test_it_is_booked_for_them_and_the_sender_is_to_be_told(sign_in: Enter) -> None:
    open_clinic()
    number = wished()
    officer = sign_in("officer")
    answer = officer.post(f"{WISHES}/{number}/jadwalkan", data={"slot": AT_NINE})
    assert answer.status_code == 303, answer.text
    (one,) = bookings()
    wish = wish_of(number)
    assert (one.status, one.starts_at) == (BookingStatus.BOOKED, wib(TUESDAY, "09.00"))
    assert (wish.booking_id, wish.closed_at is not None) == (one.id, True)
    sent = submission(wish.submission_id)
    assert (sent.status, sent.contact_pending) == (SubmissionStatus.ACCEPTED, True)
    assert "clinic.wish_scheduled" in [line.deed for line in history(f"klinik:{one.id}")]
    assert "submission.accepted" in [line.deed for line in history(number)]
    assert SITI in officer.get(f"{WISHES}?kotak=kabari").text
    assert SITI not in officer.get(WISHES).text
    assert SITI in officer.get(f"{CLINIC}/janji/{one.id}").text


def test_scheduled_twice_it_is_one(sign_in: Enter) -> None:
    open_clinic()
    number = wished()
    first, second = (
        sign_in("officer").post(f"{WISHES}/{number}/jadwalkan", data={"slot": slot})
        for slot in (AT_NINE, "koperasi-20261124-0930")
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert "petugas lain" in second.text
    assert len(bookings()) == 1


def test_a_time_that_somebody_got_meanwhile_is_said_at_the_list(sign_in: Enter) -> None:
    open_clinic()
    number = wished()
    booked(wib(TUESDAY, "09.00"))
    answer = sign_in("officer").post(f"{WISHES}/{number}/jadwalkan", data={"slot": AT_NINE})
    assert answer.status_code == 409
    assert "slot-error" in answer.text
    assert wish_of(number).closed_at is None
    assert submission(wish_of(number).submission_id).status is SubmissionStatus.RECEIVED


def test_without_a_time_nothing_happens(sign_in: Enter) -> None:
    open_clinic()
    number = wished()
    for wrong in ("", "besok"):
        answer = sign_in("officer").post(f"{WISHES}/{number}/jadwalkan", data={"slot": wrong})
        assert answer.status_code == 422
    assert bookings() == []


def test_telling_by_whatsapp_and_ticking_it_off(sign_in: Enter, cast: Any) -> None:
    open_clinic()
    number = wished()
    officer = sign_in("officer")
    officer.post(f"{WISHES}/{number}/jadwalkan", data={"slot": AT_NINE})
    assert looks() == []
    answer = officer.post(f"{WISHES}/{number}/nomor")
    assert PHONE in answer.text
    link = next(
        str(a.get("href")) for a in officer.parsed(answer).all("a") if "wa.me" in (a.get("href") or "")
    )
    text = unquote(link.split("text=")[1])
    assert "Selasa, 24 November 2026, 09.00" in text
    assert token_of(booking_submission(wish_of(number).submission_id)) in text
    (look,) = looks()
    assert (look.actor_id, look.subject, look.fields) == (cast["officer"].account_id, number, "phone")
    for _ in range(2):
        assert officer.post(f"{WISHES}/{number}/kabari", data={"how": "whatsapp"}).status_code == 303
    assert not submission(wish_of(number).submission_id).contact_pending
    assert [line.deed for line in history(number)].count("submission.sender_told") == 1
    assert SITI not in officer.get(f"{WISHES}?kotak=kabari").text
    assert SITI in officer.get(f"{WISHES}?kotak=selesai").text


def test_nobody_is_told_before_there_is_a_time(sign_in: Enter) -> None:
    number = wished()
    assert sign_in("officer").post(f"{WISHES}/{number}/kabari", data={"how": "desa"}).status_code == 409
    open_clinic()
    sign_in("officer").post(f"{WISHES}/{number}/jadwalkan", data={"slot": AT_NINE})
    assert sign_in("officer").post(f"{WISHES}/{number}/kabari").status_code == 422


def test_when_the_log_fails_no_number_is_shown(sign_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    number = wished()
    monkeypatch.setattr(contact, "record_personal_access", full)
    answer = sign_in("officer").post(f"{WISHES}/{number}/nomor")
    assert answer.status_code == 500
    assert PHONE not in answer.text


def test_a_wish_is_closed_with_a_reason_that_the_sender_reads(sign_in: Enter) -> None:
    number = wished()
    officer = sign_in("officer")
    assert officer.post(f"{WISHES}/{number}/tutup").status_code == 422
    answer = officer.post(f"{WISHES}/{number}/tutup", data={"reason": "Sudah ditelepon, tidak jadi."})
    assert answer.status_code == 303
    sent = submission(wish_of(number).submission_id)
    assert (sent.status, sent.note) == (SubmissionStatus.REJECTED, "Sudah ditelepon, tidak jadi.")
    assert not sent.contact_pending
    assert officer.post(f"{WISHES}/{number}/tutup", data={"reason": "Lagi."}).status_code == 409
    assert "Sudah ditelepon" in officer.get(f"{WISHES}/{number}").text


def test_without_a_telephone_nothing_is_shown(sign_in: Enter) -> None:
    assert "Tidak punya nomor HP" in sign_in("officer").get(f"{WISHES}/{wished(phone=None)}").text


@pytest.mark.parametrize("name", ["expert", "companion", "co_administrator", "leader", "media"])
def test_others_see_no_wishes(sign_in: Enter, name: str) -> None:
    number = wished()
    browser = sign_in(name)
    assert browser.get(f"{WISHES}/{number}").status_code == 403
    for deed in ("jadwalkan", "tutup", "nomor", "kabari"):
        assert browser.post(f"{WISHES}/{number}/{deed}").status_code == 403
    assert looks() == []


def test_a_number_of_nothing_is_not_found(sign_in: Enter) -> None:
    assert sign_in("officer").get(f"{WISHES}/KB-ZZZZZZZZ").status_code == 404


def test_from_the_outbox_to_the_appointment_of_the_sender(client: CheckedClient, sign_in: Enter) -> None:
    open_clinic()
    sent = {
        "submission_id": new_id(),
        "name": SITI,
        "phone": PHONE,
        "client_type": "koperasi",
        "topic": "keuangan",
        "days": ["1", "3"],
    }
    answer = client.post("/klinik/minta-jadwal", data=sent)
    assert answer.status_code == 303, answer.text
    number = submission(str(sent["submission_id"])).receipt_number
    sign_in("officer").post(f"{WISHES}/{number}/jadwalkan", data={"slot": AT_NINE})
    link = f"/klinik/pesanan/{token_of(booking_submission(str(sent['submission_id'])))}"
    assert link in client.get(answer.location).text
    assert "09.00" in client.get(link).text
