"""Every form takes a sealed submission as it takes an open one, and nothing that cannot be opened harms it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.clinic.models import Booking
from app.clinic.rules.booking import BookingStatus
from app.core.access import Access, access_of, takes_submissions
from app.core.crypt import keys
from app.core.db import db
from app.core.office_key import (
    LONGEST_SEALED,
    CannotOpenSealed,
    PublicKey,
    UnknownOfficeKey,
    open_sealed,
    public_key,
    to_base64url,
)
from app.core.sealed_form import MOST_PAIRS, read_pairs
from app.core.transaction import atomically
from app.registry.queries.submissions import content_of, token_of
from app.registry.rules import SubmissionStatus
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, booked, open_clinic, wib
from tests.factories.cooperatives import (
    decide,
    make_cooperative,
    new_id,
    records,
    registration,
    said,
    send_registration,
    submissions,
)
from tests.factories.sealing import JSON, SealedItem, seal_bytes, seal_item

FORM = "/koperasi/daftar"
SECRET = "Siti Canary"
ABOUT = {"phone": "0812-9999-7531", "contact_name": SECRET}


def sealed_registration(**fields: Any) -> SealedItem:
    return seal_item(public_key(), FORM, new_id(), registration(contact_name=SECRET, **fields))


def send(client: CheckedClient, item: SealedItem, headers: dict[str, str] | None = None) -> TestResponse:
    return client.post(item.address, data=item.fields, headers=headers or item.proof)


# --- the key --------------------------------------------------------------------------------------------------------


def test_everybody_may_have_the_public_key(client: CheckedClient) -> None:
    answer = client.get("/kunci")
    told = said(answer)
    raw = urlsafe_b64decode(told["key"] + "==")
    assert (told["key_id"], len(raw), raw[0]) == (1, 65, 4)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert keys().office[1].hex() not in answer.text


# --- taken as an open one -------------------------------------------------------------------------------------------


def test_a_sealed_registration_is_stored_and_answered(client: CheckedClient) -> None:
    item = sealed_registration(rat_years=["2024", "2025"])
    answer = send(client, item)
    assert answer.status_code == 201, answer.text
    told = said(answer)
    (sent,) = submissions()
    assert told == {
        "ok": True,
        "id": item.submission_id,
        "no": sent.receipt_number,
        "url": told["url"],
        "replay": False,
    }
    assert client.get(told["url"]).status_code == 200
    assert sent.came_sealed
    content = content_of(db.session(), sent.id)
    assert ("contact_name", SECRET) in content
    assert [value for name, value in content if name == "rat_years"] == ["2024", "2025"]
    assert not {"reader", "sealed", "submission_id"} & {name for name, _ in content}
    assert len(records()) == 1


def _public_forms(app: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and access_of(app, rule.endpoint) is Access.PUBLIC
        and takes_submissions(app, rule.endpoint)
    )


_ABOUT_THE_CLINIC: dict[str, Any] = {
    "topic": "keuangan",
    "client_type": "koperasi",
    "name": SECRET,
    "phone": "0812-9999-7531",
}
# a form of the address table -> what is typed into it
TYPED: dict[str, dict[str, Any]] = {
    "/koperasi/daftar": registration(contact_name=SECRET),
    "/koperasi/<code>/klaim": {**ABOUT, "position": "chair", "proof": "akta pendirian"},
    "/koperasi/<code>/lapor": {"problem": "closed", "description": "sudah tutup", "contact_name": SECRET},
    "/koperasi/<code>/pesan": {**ABOUT, "message": "Saya mau ikut."},
    "/klinik/minta-jadwal": {**_ABOUT_THE_CLINIC, "days": ["1"]},
    "/klinik/penilaian": {"score_1": "4", "score_2": "3", "score_3": "4"},
    "/klinik/penilaian/<token>": {"score_1": "4", "score_2": "3", "score_3": "4"},
    "/klinik/pesan": {**_ABOUT_THE_CLINIC, "slot": "koperasi-20261124-0930", "mode": "in_person"},
    "/status/hilang": {"name": "Koperasi Tani Maju", "phone": "0812-9999-7531"},
    "/tanda-terima/<token>/perbaiki": {"address": "Kp. Sawah RT 02"},
}


def _real_address(rule: str, client: CheckedClient) -> str:
    if "<code>" in rule:
        return rule.replace("<code>", make_cooperative())
    if rule.startswith("/klinik/"):
        return _address_at_the_clinic(rule)
    if "<token>" in rule:
        sent = send_registration(client)
        decide(sent.id, SubmissionStatus.RETURNED, returned_fields={"address": "Kampungnya?"})
        return rule.replace("<token>", token_of(sent.id))
    return rule


def _address_at_the_clinic(rule: str) -> str:
    open_clinic()
    if "<token>" not in rule:
        return rule
    appointment = booked(wib(TUESDAY, "09.00"))
    values = {"status": BookingStatus.DONE}
    atomically(lambda session: session.execute(update(Booking).values(**values)))
    return rule.replace("<token>", appointment.token)


def test_every_public_form_is_in_the_list_below(app: Flask) -> None:
    assert _public_forms(app) == sorted(TYPED)


@pytest.mark.parametrize("rule", sorted(TYPED))
def test_every_public_form_takes_it_sealed(client: CheckedClient, rule: str) -> None:
    address = _real_address(rule, client)
    item = seal_item(public_key(), address, new_id(), {**TYPED[rule], **_place(rule)})
    before = len(submissions())
    first = send(client, item)
    assert first.status_code == 201, first.text
    again = send(client, item)
    assert again.status_code == 200
    assert {**said(again), "replay": False} == said(first)
    plain = client.post(
        address, data={**TYPED[rule], **_place(rule), "submission_id": item.submission_id}, headers=JSON
    )
    assert (plain.status_code, said(plain)["no"]) == (200, said(first)["no"])
    assert len(submissions()) == before + ("perbaiki" not in rule)


def _place(rule: str) -> dict[str, str]:
    return {"kecamatan": "32.01.21", "desa": "32.01.21.2001"} if "hilang" in rule else {}


def test_a_plain_copy_first_and_the_sealed_one_is_the_replay(client: CheckedClient) -> None:
    item = sealed_registration()
    fields = registration(contact_name=SECRET, submission_id=item.submission_id)
    first = client.post(FORM, data=fields, headers=JSON)
    again = send(client, item)
    assert (again.status_code, said(again)["no"]) == (200, said(first)["no"])


def test_a_wrong_answer_comes_back_with_what_was_typed(client: CheckedClient) -> None:
    item = sealed_registration(name="", rat_years=["2024", "2025"])
    answer = send(client, item)
    assert answer.status_code == 422
    told = said(answer)
    assert list(told["errors"]) == ["name"]
    assert told["values"]["contact_name"] == [SECRET]
    assert told["values"]["rat_years"] == ["2024", "2025"]
    assert not {"reader", "submission_id", "sealed"} & set(told["values"])
    assert submissions() == []
    mended = seal_item(public_key(), FORM, item.submission_id, registration(contact_name=SECRET))
    assert send(client, mended).status_code == 201


@pytest.mark.parametrize(
    "where", ["name", "main_activity", "address", "phone", "kecamatan", "rat_years", "baru"]
)
def test_letters_that_no_database_takes_are_no_fault(client: CheckedClient, where: str) -> None:
    for letters in ("a\x00b", "\x00", "\ufffe\U0010ffff"):
        assert send(client, sealed_registration(**{where: letters})).status_code in {201, 422}


def test_other_content_under_the_same_id_comes_back_too(client: CheckedClient) -> None:
    item = sealed_registration()
    send(client, item)
    other = seal_item(public_key(), FORM, item.submission_id, registration(name="Koperasi Lain"))
    answer = send(client, other)
    assert (answer.status_code, said(answer)["error"]) == (409, "other_content")
    assert said(answer)["values"]["name"] == ["Koperasi Lain"]


def test_a_plain_one_is_told_nothing_new(client: CheckedClient) -> None:
    answer = client.post(FORM, data=registration(name=""), headers=JSON)
    assert set(said(answer)) == {"ok", "errors"}


@pytest.mark.parametrize("form_version", ["", "0", "1", "2", "9999", "x"])
@pytest.mark.parametrize("days", [-400, -91, -2, 0, 2])
def test_an_old_form_and_a_wrong_clock_are_taken(client: CheckedClient, form_version: str, days: int) -> None:
    """Phones keep forms for months, and their clocks say anything."""
    from app.core.clock import now

    item = sealed_registration()
    filled = str(int(now().timestamp() * 1000) + days * 86_400_000)
    answer = client.post(
        FORM, data={**item.fields, "form_version": form_version, "filled_at": filled}, headers=item.proof
    )
    assert answer.status_code == 201
    (sent,) = submissions()
    assert sent.form_version == (int(form_version) if form_version.isdigit() else 1)
    assert sent.filled_at is not None
    assert (sent.filled_at - now()).total_seconds() < 301
    assert abs((sent.received_at - now()).total_seconds()) < 60


def test_an_answer_to_a_question_that_is_no_longer_asked_is_kept(client: CheckedClient) -> None:
    item = sealed_registration(question_of_last_year="Ya, dua kali")
    assert client.post(FORM, data=item.fields, headers=item.proof).status_code == 201
    (sent,) = submissions()
    assert dict(content_of(db.session(), sent.id))["question_of_last_year"] == "Ya, dua kali"


# --- the proof ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [JSON, {}, {**JSON, "X-Reader": "AAAAAAAAAAAAAAAAAAAAAA"}, {"X-Reader": "é"}]
)
def test_without_the_proof_it_is_taken_but_nothing_is_told(
    client: CheckedClient, headers: dict[str, str]
) -> None:
    item = sealed_registration()
    first = send(client, item, headers or {"Accept": "text/html"})
    assert first.status_code == 201
    assert set(said(first)) == {"ok", "id", "no", "replay"}
    again = send(client, item, headers or {"Accept": "text/html"})
    assert (again.status_code, said(again)["no"]) == (200, said(first)["no"])
    owner = send(client, item)
    assert said(owner)["url"].startswith("/tanda-terima/")


@pytest.mark.parametrize("accept", ["application/json", "text/html", "*/*"])
def test_without_the_proof_a_wrong_one_tells_nothing(client: CheckedClient, accept: str) -> None:
    item = sealed_registration(name="", tahap="1")
    answer = send(client, item, {"Accept": accept})
    assert answer.status_code == 422
    assert (said(answer)["error"], said(answer)["errors"]) == ("needs_owner", {})
    assert SECRET not in answer.text
    assert SECRET in send(client, item).text


def test_the_id_alone_shows_nobody_what_came_sealed(client: CheckedClient) -> None:
    """Whoever carries a submission knows its id. Another form sent under it must not bring out the kept version."""
    item = sealed_registration(address="Kp. Canary")
    send(client, item)
    answer = client.post(FORM, data=registration(submission_id=item.submission_id, address="Lain"))
    assert answer.status_code == 409
    assert "Canary" not in answer.text
    plain = new_id()
    client.post(FORM, data=registration(submission_id=plain, address="Kp. Canary"))
    shown = client.post(FORM, data=registration(submission_id=plain, address="Lain"))
    assert (shown.status_code, "Canary" in shown.text) == (409, True)


def test_other_programs_need_no_proof(client: CheckedClient) -> None:
    item = seal_item(public_key(), FORM, new_id(), registration(name=""), reader=False)
    answer = client.post(FORM, data=item.fields, headers=JSON)
    assert (answer.status_code, "values" in said(answer)) == (422, True)


# --- what cannot be opened ------------------------------------------------------------------------------------------


def _harm(item: SealedItem, how: str) -> str:
    raw = bytearray(urlsafe_b64decode(item.sealed + "=" * (-len(item.sealed) % 4)))
    if how == "flip":
        raw[-1] ^= 1
    elif how == "version":
        raw[0] = 2
    elif how == "point":
        raw[2:67] = b"\x04" + b"\x01" * 64
    elif how == "no point":
        raw[2] = 2
    elif how == "short":
        raw = raw[:94]
    elif how == "trailing":
        raw += b"\x00"
    return to_base64url(bytes(raw))


@pytest.mark.parametrize("how", ["flip", "version", "point", "no point", "short", "trailing"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_damaged_one_is_refused_in_a_sentence(client: CheckedClient, how: str, accept: str) -> None:
    item = sealed_registration()
    fields = {**item.fields, "sealed": _harm(item, how)}
    answer = client.post(FORM, data=fields, headers={"Accept": accept})
    assert answer.status_code == 422
    assert "tidak bisa dibuka" in answer.text
    if accept == "application/json":
        assert said(answer)["error"] == "unreadable"
    assert submissions() == []
    assert send(client, item).status_code == 201


@pytest.mark.parametrize(
    "text", ["", "x", "é" * 200, "A" * 200, "++//" * 50, "A B" * 99, "A" * (LONGEST_SEALED + 1), "=" * 9]
)
def test_what_is_no_seal_is_refused(client: CheckedClient, text: str) -> None:
    answer = client.post(FORM, data={"sealed": text, "submission_id": new_id()}, headers=JSON)
    assert (answer.status_code, said(answer)["error"]) == (422, "unreadable")


@pytest.mark.parametrize("path", [FORM, "/kiriman/titipan"])
def test_what_is_far_too_long_is_refused_in_a_sentence(client: CheckedClient, path: str) -> None:
    fields = {"sealed": "A" * 1_200_000, "submission_id": new_id(), "address": FORM}
    answer = client.post(path, data=fields, headers=JSON)
    assert (answer.status_code, said(answer)["error"]) == (422, "unreadable")


def test_an_unknown_key_is_told_apart(client: CheckedClient) -> None:
    key = public_key()
    item = seal_item(PublicKey(77, key.key), FORM, new_id(), registration())
    answer = send(client, item)
    assert (answer.status_code, said(answer)["error"]) == (409, "unknown_key")


def test_it_opens_only_at_its_own_form_and_id(client: CheckedClient) -> None:
    item = sealed_registration()
    other = f"/koperasi/{make_cooperative()}/lapor"
    assert said(client.post(other, data=item.fields, headers=JSON))["error"] == "unreadable"
    renamed = {**item.fields, "submission_id": new_id()}
    assert said(client.post(FORM, data=renamed, headers=JSON))["error"] == "unreadable"
    assert send(client, item).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"name":"x"}',
        b"[]]",
        b'[["name","x"]] x',
        b'["ab"]',
        b'[["name"]]',
        b'[["name",1]]',
        b'[["name","a","b"]]',
        b'[["name","\\ud800"]]',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps([["a", "b"]] * (MOST_PAIRS + 1)).encode(),
        b"null",
    ],
)
def test_what_is_no_list_of_pairs_is_refused(client: CheckedClient, content: bytes) -> None:
    name = new_id()
    sealed, _ = seal_bytes(public_key(), content, FORM + name)
    answer = client.post(FORM, data={"submission_id": name, "sealed": sealed}, headers=JSON)
    assert (answer.status_code, said(answer)["error"]) == (422, "unreadable")


@pytest.mark.parametrize("path", ["/masuk", "/status", "/keluar"])
def test_what_is_no_form_of_ours_opens_nothing(client: CheckedClient, path: str) -> None:
    sealed, _ = seal_bytes(public_key(), b'[["number","KB-7H2K9M4P"]]', path)
    assert client.post(path, data={"sealed": sealed}).status_code in {303, 422}


def test_access_and_other_sites_are_asked_first(
    client: CheckedClient, sign_in: Callable[[str], CheckedClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger at a guarded door, or another site, does not even get something opened."""
    item = seal_item(public_key(), "/petugas/koperasi/daftarkan", new_id(), registration())
    monkeypatch.setattr("app.core.sealed_form.open_sealed", lambda *a, **k: pytest.fail("opened"))
    assert client.post(item.address, data=item.fields, headers=JSON).status_code == 401
    assert sign_in("member").post(item.address, data=item.fields, headers=JSON).status_code == 403
    officer = sign_in("officer")
    assert officer.post(item.address, data=item.fields, headers=JSON, token=False).status_code == 403
    assert client.post(FORM, data=item.fields, headers=JSON, site="cross-site").status_code == 403


def test_a_browser_that_says_nothing_needs_the_token_beside_the_seal(client: CheckedClient) -> None:
    item = sealed_registration()
    assert client.post(FORM, data=item.fields, headers=item.proof, site=None).status_code == 422
    assert submissions() == []
    fields = {**item.fields, "csrf_token": client.token()}
    assert client.post(FORM, data=fields, headers=item.proof, site=None).status_code in {201, 422}


# --- for all contents -----------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=20), st.uuids(), TEXTS)
def test_whatever_is_sealed_comes_out_the_same(
    app: Flask, pairs: list[tuple[str, str]], name: Any, path: str
) -> None:
    content = json.dumps(pairs).encode()
    sealed, reader = seal_bytes(public_key(), content, path + str(name))
    opened = open_sealed(sealed, bound_to=path + str(name), office=keys().office)
    assert read_pairs(opened.content) == pairs
    assert to_base64url(opened.reader) == reader
    with pytest.raises(CannotOpenSealed):
        open_sealed(sealed, bound_to=path + str(name) + "x", office=keys().office)
    with pytest.raises(UnknownOfficeKey):
        open_sealed(sealed, bound_to=path + str(name), office={})


@given(st.binary(max_size=400), st.booleans())
def test_nothing_at_all_makes_a_fault(app: Flask, raw: bytes, dressed: bool) -> None:
    text = to_base64url((b"\x01\x01\x04" if dressed else b"") + raw)
    with pytest.raises(CannotOpenSealed):
        open_sealed(text, bound_to="", office=keys().office)
