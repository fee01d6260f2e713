"""The receipt of a registration through its life, and mending what was returned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.crypt import keys
from app.core.db import db
from app.registry.models import SubmissionRevision
from app.registry.queries.submissions import content_of
from app.registry.rules import SubmissionStatus, receipt_token
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import (
    decide,
    new_id,
    receipt_address,
    records,
    registration,
    said,
    send_registration,
    submissions,
)

JSON = {"Accept": "application/json"}


def test_it_works(client: CheckedClient) -> None:
    sent = send_registration(client, annual_turnover="1,5 juta")
    page = client.page(receipt_address(sent))
    marked = [e for e in page.elements if e.get("data-receipt")]
    html = client.get(receipt_address(sent)).get_data(as_text=True)
    assert [e.get("data-receipt") for e in marked] == [sent.receipt_number]
    assert "Kamis, 26 November 2026" in html
    assert "satu juta lima ratus ribu rupiah" in html
    assert page.all("figure"), "the picture for any camera"


def test_a_body_without_a_number_is_shown_its_next_step(client: CheckedClient) -> None:
    without = client.get(receipt_address(send_registration(client))).get_data(as_text=True)
    with_number = client.get(
        receipt_address(send_registration(client, legal_entity_number="AHU-0036770.AH.01.29.TAHUN 2025"))
    ).get_data(as_text=True)
    assert "calon koperasi" in without
    assert "/koperasi/mendirikan" in without
    assert "calon koperasi" not in with_number


def test_the_receipt_tells_nothing_personal_in_full(client: CheckedClient) -> None:
    html = client.get(receipt_address(send_registration(client, chair_name="Ahmad Hidayat"))).get_data(
        as_text=True
    )
    assert "0812-****-531" in html
    assert "9999" not in html
    assert "Siti Aminah" not in html
    assert "Ahmad Hidayat" not in html


@pytest.mark.parametrize("path", ["", "/perbaiki"])
def test_a_changed_token_is_not_found(client: CheckedClient, path: str) -> None:
    sent = send_registration(client)
    good = receipt_address(sent).rsplit("/", 1)[1]
    wrong = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        "B" + good[1:],
        good[:-4],
        good + "AA",
        receipt_token(b"another key", sent.id, key_id=1),
        receipt_token(keys().receipt, new_id(), key_id=1),
        receipt_token(keys().receipt, sent.id, key_id=2),
        "x",
        "é" * 44,
    ]
    assert client.get(f"/tanda-terima/{good}").status_code == 200
    for token in wrong:
        assert client.get(f"/tanda-terima/{token}{path}").status_code == 404, token


def test_a_rejected_one_says_why_and_whom_to_ask(client: CheckedClient) -> None:
    sent = send_registration(client)
    decide(
        sent.id, SubmissionStatus.REJECTED, reason="not_a_cooperative", note="Ini arisan.", decided_at=now()
    )
    html = client.get(receipt_address(sent)).get_data(as_text=True)
    assert "Belum bisa kami terima" in html
    assert "Bukan koperasi" in html
    assert "Ini arisan." in html
    assert "(021) 87929919" in html


def test_every_state_has_its_page(client: CheckedClient) -> None:
    sent = send_registration(client)
    for status in SubmissionStatus:
        decide(sent.id, status, decided_at=now())
        assert client.get(receipt_address(sent)).status_code == 200, status


# --- mending ----------------------------------------------------------------------------------------------------


def return_it(client: CheckedClient, fields: dict[str, str], **sent: object) -> str:
    submission = send_registration(client, **sent)
    decide(
        submission.id,
        SubmissionStatus.RETURNED,
        returned_fields=fields,
        reason="unclear",
        note="Mohon dicek.",
    )
    return receipt_address(submission)


def test_a_returned_one_opens_only_the_marked_fields_with_the_officers_words(client: CheckedClient) -> None:
    address = return_it(client, {"name": "Nama belum lengkap"})
    assert "Nama belum lengkap" in client.get(address).get_data(as_text=True)
    page = client.page(f"{address}/perbaiki")
    html = client.get(f"{address}/perbaiki").get_data(as_text=True)
    sent = {i.get("name") for i in page.all("input", "select", "textarea") if i.get("name")}
    assert sent - {"website"} == {"submission_id", "form_version", "filled_at", "name"}
    assert "Nama belum lengkap" in html
    assert "Koperasi Harapan Warga" in html


def test_mending_brings_record_and_submission_along(client: CheckedClient) -> None:
    address = return_it(client, {"name": "Nama belum lengkap"})
    answer = client.post(
        f"{address}/perbaiki",
        data={"submission_id": new_id(), "name": "Koperasi Harapan Warga Bogor", "address": "diam-diam"},
    )
    assert (answer.status_code, answer.location) == (303, address)
    [record], [submission] = records(), submissions()
    assert record.name == submission.title == "Koperasi Harapan Warga Bogor"
    assert record.address == "", "what was not returned is not open"
    assert submission.status is SubmissionStatus.RECEIVED
    assert submission.returned_fields is None
    content = dict(content_of(db.session(), submission.id))
    assert content["name"] == "Koperasi Harapan Warga Bogor"
    assert content["contact_name"] == "Siti Aminah"
    assert "address" not in content


def test_place_and_phone_are_mended_together_with_what_belongs_to_them(client: CheckedClient) -> None:
    address = return_it(client, {"desa": "Desa mana?", "phone": "Nomor tidak aktif"})
    page = client.page(f"{address}/perbaiki")
    asked = {i.get("name") for i in page.all("input", "select", "textarea")}
    assert {"kecamatan", "desa", "phone", "phone_owner"} <= asked
    sent = {
        "kecamatan": "32.01.01",
        "desa": "32.01.01.1001",
        "phone": "081300001111",
        "phone_owner": "family",
    }
    assert client.post(f"{address}/perbaiki", data=sent).status_code == 303
    [record], [submission] = records(), submissions()
    assert (record.kecamatan_code, record.desa_code) == ("32.01.01", "32.01.01.1001")
    assert submission.handled_kecamatan_code == "32.01.01"
    assert submission.phone_index == record.phone_index
    assert record.phone_owner == "family"


def test_a_mending_that_is_sent_twice_is_one(client: CheckedClient) -> None:
    address = return_it(client, {"name": "Nama belum lengkap"})
    sent = {"submission_id": new_id(), "name": "Koperasi Harapan Warga Bogor"}
    first = client.post(f"{address}/perbaiki", data=sent, headers=JSON)
    again = client.post(f"{address}/perbaiki", data=sent, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(again)["no"] == said(first)["no"] == submissions()[0].receipt_number
    assert len(list(db.session.scalars(select(SubmissionRevision)))) == 1
    other = client.post(f"{address}/perbaiki", data=sent | {"name": "Lain"}, headers=JSON)
    assert (other.status_code, said(other)["error"]) == (409, "other_content")


def test_a_second_mending_is_too_late(client: CheckedClient) -> None:
    address = return_it(client, {"name": "Nama belum lengkap"})
    client.post(f"{address}/perbaiki", data={"submission_id": new_id(), "name": "Satu"})
    late = client.post(f"{address}/perbaiki", data={"submission_id": new_id(), "name": "Dua"})
    assert late.status_code == 409
    assert records()[0].name == "Satu"
    assert client.get(f"{address}/perbaiki").location == address


def test_a_wrong_mending_comes_back(client: CheckedClient) -> None:
    address = return_it(client, {"phone": "Nomor tidak aktif"})
    answer = client.post(f"{address}/perbaiki", data={"phone": "12"})
    assert answer.status_code == 422
    assert submissions()[0].status is SubmissionStatus.RETURNED


def test_the_original_sent_again_after_mending_gives_the_first_receipt(client: CheckedClient) -> None:
    sent = registration(submission_id=new_id())
    first = client.post("/koperasi/daftar", data=sent)
    decide(sent["submission_id"], SubmissionStatus.RETURNED, returned_fields={"name": "?"})
    client.post(f"{first.location}/perbaiki", data={"submission_id": new_id(), "name": "Koperasi Baru"})
    assert client.post("/koperasi/daftar", data=sent).location == first.location
    assert client.post("/koperasi/daftar", data=sent | {"name": "Koperasi Baru"}).location == first.location
    assert client.post("/koperasi/daftar", data=sent | {"name": "Yang Lain"}).status_code == 409
    assert len(records()) == 1


def test_the_mending_page_does_not_show_the_number_that_was_sent(client: CheckedClient) -> None:
    address = return_it(client, {"phone": "Nomor tidak aktif"})
    assert "9999" not in client.get(f"{address}/perbaiki").get_data(as_text=True)
