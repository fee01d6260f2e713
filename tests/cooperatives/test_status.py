"""Finding a receipt by number and phone digits; a lost number."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.registry.rules import SubmissionKind
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import (
    DESA,
    NANGGUNG,
    PHONE,
    new_id,
    receipt_address,
    send_registration,
    submissions,
)

LAST4 = PHONE[-4:]


def test_it_works(client: CheckedClient) -> None:
    sent = send_registration(client)
    answer = client.post("/status", data={"number": sent.receipt_number, "phone_last4": LAST4})
    assert (answer.status_code, answer.location) == (303, receipt_address(sent))


def test_the_number_is_read_as_people_write_it(client: CheckedClient) -> None:
    sent = send_registration(client)
    typed = sent.receipt_number.lower().replace("-", " ")
    answer = client.post("/status", data={"number": typed, "phone_last4": PHONE})
    assert answer.location == receipt_address(sent)


def _told(client: CheckedClient, number: str, last4: str) -> str:
    answer = client.post("/status", data={"number": number, "phone_last4": last4})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    return re.sub(r'value="[^"]*"', "", html)


def test_a_wrong_number_and_wrong_digits_get_the_same_answer(client: CheckedClient) -> None:
    sent = send_registration(client)
    assert _told(client, "KB-22222222", LAST4) == _told(client, sent.receipt_number, "0000")


def test_without_a_phone_no_digits_fit(client: CheckedClient) -> None:
    sent = send_registration(client, phone=None, phone_owner="none")
    for digits in ("0000", "none", "-none-"):
        answer = client.post("/status", data={"number": sent.receipt_number, "phone_last4": digits})
        assert answer.status_code == 422


def test_guessing_is_stopped_after_ten_tries_even_with_the_right_digits(client: CheckedClient) -> None:
    sent = send_registration(client)
    for guess in range(10):
        answer = client.post("/status", data={"number": sent.receipt_number, "phone_last4": f"{guess:04}"})
        assert answer.status_code == 422
    answer = client.post("/status", data={"number": sent.receipt_number, "phone_last4": LAST4})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_after_an_hour_all_is_open_again(client: CheckedClient, at: Callable[[str], None]) -> None:
    sent = send_registration(client)
    for _ in range(11):
        client.post("/status", data={"number": sent.receipt_number, "phone_last4": "0000"})
    at("2026-11-23T10:05+07:00")
    answer = client.post("/status", data={"number": sent.receipt_number, "phone_last4": LAST4})
    assert answer.status_code == 303


def test_the_form_for_a_lost_number_says_what_it_needs(client: CheckedClient) -> None:
    assert (
        client.post("/status/hilang", data={"name": "Koperasi X", "kecamatan": NANGGUNG}).status_code == 422
    )
    assert "boleh dikosongkan" not in client.get("/status/hilang").text


def test_a_lost_number_is_taken_and_nothing_is_confirmed(client: CheckedClient) -> None:
    send_registration(client)
    known = {"name": "Koperasi Harapan Warga", "kecamatan": NANGGUNG, "desa": DESA, "phone": PHONE}
    unknown = {**known, "name": "Koperasi Tidak Ada", "phone": "081311112222"}
    pages = []
    for asked in (known, unknown):
        answer = client.post("/status/hilang", data={**asked, "submission_id": new_id()})
        assert answer.status_code == 303
        html = client.get(answer.location).get_data(as_text=True)
        pages.append(html)
        assert "menelepon" in html
    assert [s.kind for s in submissions()][1:] == [SubmissionKind.LOST_RECEIPT] * 2
    first = submissions()[0].receipt_number
    assert all(first not in html for html in pages)
