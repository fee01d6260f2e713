"""A neighbour's phone hands over what it cannot read: taken once, in nobody's name, and nothing comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.access import Access, access_of, takes_submissions
from app.core.office_key import PublicKey, public_key
from app.offline.delivering import carried_forms
from app.registry.queries.submissions import token_of
from app.registry.rules import Source, SubmissionStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import (
    NANGGUNG,
    decide,
    make_cooperative,
    new_id,
    records,
    registration,
    said,
    send_registration,
    submissions,
)
from tests.factories.sealing import JSON, SealedItem, seal_item

Enter = Callable[[str], CheckedClient]
FORM, CARRY = "/koperasi/daftar", "/kiriman/titipan"
SECRET = "Siti Canary"


def item_of(form: str = FORM, *, reader: bool = True, **fields: Any) -> SealedItem:
    return seal_item(public_key(), form, new_id(), registration(contact_name=SECRET, **fields), reader=reader)


def carry(client: CheckedClient, item: SealedItem, **options: Any) -> Any:
    headers = options.pop("headers", JSON)
    return client.post(CARRY, data={**item.carried, **options.pop("more", {})}, headers=headers, **options)


# --- it arrives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [True, False])
def test_it_arrives_once_and_only_that_is_told(client: CheckedClient, reader: bool) -> None:
    item = item_of(reader=reader)
    first = carry(client, item)
    (sent,) = submissions()
    assert first.status_code == 201
    assert said(first) == {
        "ok": True,
        "id": item.submission_id,
        "no": sent.receipt_number,
        "replay": False,
    }
    again = carry(client, item)
    assert (again.status_code, said(again)["replay"], said(again)["no"]) == (200, True, sent.receipt_number)
    giver = client.post(FORM, data=item.fields, headers=item.proof)
    assert (giver.status_code, said(giver)["no"]) == (200, sent.receipt_number)
    assert said(giver)["url"]
    assert len(submissions()) == len(records()) == 1


def test_its_giver_first_and_the_carrier_hears_it_was_here(client: CheckedClient) -> None:
    item = item_of()
    client.post(FORM, data=item.fields, headers=item.proof)
    answer = carry(client, item)
    assert (answer.status_code, said(answer)["replay"]) == (200, True)
    assert len(submissions()) == 1


@pytest.mark.parametrize("who", ["officer", "member", "administrator"])
def test_it_is_not_in_the_name_of_its_carrier(sign_in: Enter, who: str) -> None:
    """An officer's own form would go to the Dinas as assisted; what an officer carries is the sender's own."""
    answer = carry(sign_in(who), item_of())
    assert answer.status_code == 201
    (sent,) = submissions()
    assert (sent.source, sent.entered_by, sent.at_dinas) == (Source.SELF, None, sent.at_dinas)
    assert "Set-Cookie" not in answer.headers


def test_version_time_and_language_travel(client: CheckedClient) -> None:
    item = item_of(FORM + "?bahasa=su")
    carry(client, item, more={"form_version": "7", "filled_at": "1795000000000"})
    (sent,) = submissions()
    assert (sent.form_version, sent.language) == (7, "su")
    assert sent.filled_at is not None


def test_a_person_sees_a_page(client: CheckedClient) -> None:
    item = item_of()
    first = carry(client, item, headers={})
    assert first.status_code == 201
    page = client.parsed(first)
    assert submissions()[0].receipt_number in first.text
    assert "Titipan sudah sampai" in str(page.html if hasattr(page, "html") else first.text)
    assert "sebelumnya" in carry(client, item, headers={}).text
    assert SECRET not in first.text


def test_a_browser_that_says_nothing_sends_it_once_more_with_the_token(client: CheckedClient) -> None:
    item = item_of()
    asked = carry(client, item, headers={}, site=None)
    assert asked.status_code == 422
    assert item.sealed in asked.text
    assert submissions() == []
    assert (
        carry(client, item, headers={}, site=None, more={"csrf_token": _token_in(asked.text)}).status_code
        == 201
    )


def _token_in(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_another_site_carries_nothing(client: CheckedClient) -> None:
    assert carry(client, item_of(), site="cross-site").status_code == 403
    assert submissions() == []


# --- nothing comes back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [True, False])
@pytest.mark.parametrize("headers", [JSON, {}])
def test_a_wrong_one_tells_its_carrier_nothing(
    client: CheckedClient, reader: bool, headers: dict[str, str]
) -> None:
    answer = carry(client, item_of(name="", address="Kp. Canary", reader=reader), headers=headers)
    assert answer.status_code == 422
    assert "Canary" not in answer.text
    if headers:
        assert (said(answer)["error"], said(answer)["errors"]) == ("needs_owner", {})
        assert "values" not in said(answer)


def test_the_proof_of_the_giver_does_not_help_a_carrier(client: CheckedClient) -> None:
    """The proof never travels here; were it sent, nothing more would be told."""
    item = item_of()
    assert "url" not in said(carry(client, item, headers=item.proof))


def test_other_content_under_a_known_id_tells_nothing(client: CheckedClient) -> None:
    item = item_of()
    carry(client, item)
    other = seal_item(public_key(), FORM, item.submission_id, registration(name="Koperasi Canary"))
    answer = carry(client, other)
    assert (answer.status_code, said(answer)["error"]) == (409, "other_content")
    assert "Canary" not in answer.text


# --- where it may go ------------------------------------------------------------------------------------------------


def test_the_forms_are_read_from_the_address_table(app: Flask) -> None:
    forms = carried_forms(app)
    assert FORM in forms
    assert "/koperasi/<code>/lapor" in forms
    assert not [rule for rule in forms if "token" in rule or rule.startswith("/petugas")]
    assert "/tanda-terima/<token>/perbaiki" in carried_forms(app, at_desk=True)
    for rule in app.url_map.iter_rules():
        if rule.rule in forms and "POST" in (rule.methods or ()):
            assert access_of(app, rule.endpoint) is Access.PUBLIC
            assert takes_submissions(app, rule.endpoint)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "koperasi/daftar",
        "//koperasi/daftar",
        "/koperasi/daftar/",
        "https://lain.example/koperasi/daftar",
        "/koperasi//daftar",
        "/koperasi/../koperasi/daftar",
        "/masuk",
        "/keluar",
        "/status",
        "/kunci",
        "/tidak-ada",
        CARRY,
        "/petugas/koperasi/daftarkan",
        "/petugas/titipan",
        "/koperasi/daftar\r\nX: y",
        "/" + "a" * 5000,
    ],
)
def test_nothing_else_is_asked_for_anybody(client: CheckedClient, sign_in: Enter, address: str) -> None:
    item = seal_item(public_key(), address, new_id(), registration())
    for browser in (client, sign_in("administrator")):
        answer = carry(browser, item)
        assert (answer.status_code, said(answer)["error"]) == (404, "no_such_form")
    assert submissions() == []


def test_an_address_that_is_a_key_in_itself_is_not_carried(client: CheckedClient) -> None:
    sent = send_registration(client)
    decide(sent.id, SubmissionStatus.RETURNED, returned_fields={"address": "Kampungnya?"})
    address = f"/tanda-terima/{token_of(sent.id)}/perbaiki"
    item = seal_item(public_key(), address, new_id(), {"address": "Kp. Sawah"})
    assert carry(client, item).status_code == 404
    assert client.post(address, data=item.fields, headers=item.proof).status_code == 201


@pytest.mark.parametrize(
    "harm",
    [
        {"submission_id": ""},
        {"submission_id": "x"},
        {"sealed": ""},
        {"sealed": "AAAA"},
        {"submission_id": new_id()},
    ],
)
@pytest.mark.parametrize("headers", [JSON, {}])
def test_what_cannot_be_read_is_said(
    client: CheckedClient, harm: dict[str, str], headers: dict[str, str]
) -> None:
    answer = carry(client, item_of(), more=harm, headers=headers)
    assert answer.status_code == 422
    assert "tidak terbaca" in answer.text


def test_an_unknown_key_is_said(client: CheckedClient) -> None:
    item = seal_item(PublicKey(9, public_key().key), FORM, new_id(), registration())
    answer = carry(client, item)
    assert (answer.status_code, said(answer)["error"]) == (409, "unknown_key")


# --- limits ---------------------------------------------------------------------------------------------------------


def test_fifty_neighbours_with_one_telephone_are_all_taken(client: CheckedClient) -> None:
    """Alone, the telephone of one lane would be stopped at twenty: test_register.py."""
    for number in range(50):
        assert carry(client, item_of(name=f"Koperasi Tetangga {number}")).status_code == 201
    assert len(submissions()) == 50


def test_a_flood_is_slowed_and_what_arrived_before_never_counts(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core import submitting
    from app.core.limits import Limit

    monkeypatch.setattr(submitting, "CARRIED_PER_ADDRESS", Limit("carried-address", 3, 3600))
    items = [item_of(name=f"Koperasi {n}") for n in range(4)]
    assert [carry(client, item).status_code for item in items] == [201, 201, 201, 429]
    assert [carry(client, item).status_code for item in items[:3]] == [200, 200, 200]
    refused = carry(client, items[3])
    assert (refused.status_code, said(refused)["error"]) == (429, "busy")
    assert int(refused.headers["Retry-After"]) > 0
    shown = carry(client, items[3], headers={})
    assert shown.status_code == 429
    assert items[3].sealed in shown.text
    assert client.post(FORM, data=items[3].fields, headers=items[3].proof).status_code == 201


# --- has it arrived -------------------------------------------------------------------------------------------------


def test_the_giver_may_ask_whether_it_has_arrived(client: CheckedClient) -> None:
    item = item_of()
    ask = f"/kiriman/status?id={item.submission_id}"
    assert (client.get(ask).status_code, said(client.get(ask))) == (404, {"ok": False})
    carry(client, item)
    answer = client.get(ask)
    assert (answer.status_code, said(answer)) == (200, {"ok": True, "no": submissions()[0].receipt_number})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_mending_may_be_asked_for_too(client: CheckedClient) -> None:
    sent = send_registration(client)
    decide(sent.id, SubmissionStatus.RETURNED, returned_fields={"address": "Kampungnya?"})
    name = new_id()
    client.post(
        f"/tanda-terima/{token_of(sent.id)}/perbaiki", data={"submission_id": name, "address": "Kp. B"}
    )
    assert said(client.get(f"/kiriman/status?id={name}"))["no"] == sent.receipt_number


@pytest.mark.parametrize("query", ["", "?id=", "?id=x", "?id=" + "a" * 9000, "?id=%00", "?id=%ff"])
def test_a_strange_question_is_no_fault(client: CheckedClient, query: str) -> None:
    assert client.get("/kiriman/status" + query).status_code == 404


def test_a_record_that_left_the_list_meanwhile(client: CheckedClient) -> None:
    code = make_cooperative()
    item = seal_item(
        public_key(), f"/koperasi/{code}/lapor", new_id(), {"problem": "closed", "kecamatan": NANGGUNG}
    )
    assert carry(client, item).status_code == 201
    gone = seal_item(public_key(), "/koperasi/K-9999999/lapor", new_id(), {"problem": "closed"})
    assert carry(client, gone).status_code == 404
    assert client.post(gone.address, data=gone.fields, headers=gone.proof).status_code == 404
