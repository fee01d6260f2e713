"""Officers' assisted entry from the outbox of a shared phone: the officer's own, exactly once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete

from app.accounts.models import SignInSession
from app.core.access import Actor
from app.core.office_key import public_key
from app.core.owner import owner_uid
from app.core.transaction import atomically
from app.registry.rules import Source, SubmissionKind
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import new_id, records, registration, said, submissions
from tests.factories.sealing import JSON, SealedItem, seal_item

Enter = Callable[[str], CheckedClient]
FORM, TOKEN = "/petugas/koperasi/daftarkan", "/sesi/token"


def typed(**fields: Any) -> dict[str, Any]:
    return registration(**{"spoken_consent": "y", "present": "Siti Aminah, bendahara", **fields})


def uid_of(cast: Cast, name: str) -> str:
    return owner_uid(Actor(account_id=cast[name].account_id))


def sealed_for(uid: str, **fields: Any) -> SealedItem:
    return seal_item(public_key(), FORM, new_id(), typed(uid=uid, **fields))


def flush(browser: CheckedClient, fields: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    """As the outbox does: a fresh token first, then the form."""
    token = browser.get(TOKEN, headers=JSON)
    fresh = {"X-CSRFToken": said(token)["csrf"]} if token.status_code == 200 else {}
    return browser.post(FORM, data=fields, headers={**JSON, **fresh, **(headers or {})}, token=False)


# --- the token ------------------------------------------------------------------------------------------------------


def test_the_token_of_the_open_session(sign_in: Enter, cast: Cast) -> None:
    officer = sign_in("officer")
    answer = officer.get(TOKEN)
    told = said(answer)
    assert set(told) == {"csrf", "uid", "v"}
    assert told["uid"] == uid_of(cast, "officer")
    assert str(cast["officer"].account_id) != told["uid"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert said(sign_in("officer").get(TOKEN))["uid"] == told["uid"]
    assert said(sign_in("dinas_officer").get(TOKEN))["uid"] != told["uid"]
    page = officer.get(FORM)
    assert f'name="uid" value="{told["uid"]}"' in page.text


@pytest.mark.parametrize("headers", [{}, JSON, {"X-Outbox": "1"}])
def test_a_stranger_has_none(client: CheckedClient, headers: dict[str, str]) -> None:
    answer = client.get(TOKEN, headers=headers)
    assert (answer.status_code, said(answer)["error"]) == (401, "sign_in")


def test_a_public_form_names_nobody(sign_in: Enter) -> None:
    assert 'name="uid"' not in sign_in("officer").get("/koperasi/daftar").text


# --- taken ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [True, False])
def test_it_is_taken_exactly_once(sign_in: Enter, cast: Cast, closed: bool) -> None:
    uid = uid_of(cast, "officer")
    item = sealed_for(uid)
    fields: dict[str, Any] = (
        item.fields if closed else typed(uid=uid, submission_id=item.submission_id, csrf_token="of long ago")
    )
    officer = sign_in("officer")
    first, again = (flush(officer, fields, {"X-Reader": item.reader}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first)["no"] == said(again)["no"]
    assert said(first)["url"].startswith("/tanda-terima/")
    (sent,) = submissions()
    assert (sent.source, sent.entered_by, len(records())) == (
        Source.ASSISTED,
        cast["officer"].account_id,
        1,
    )


def test_ten_wait_while_the_session_is_gone(sign_in: Enter, cast: Cast) -> None:
    items = [sealed_for(uid_of(cast, "officer"), name=f"Koperasi {n}") for n in range(10)]
    officer = sign_in("officer")
    token = officer.token()
    atomically(lambda s: s.execute(delete(SignInSession)))
    for item in items:
        answer = officer.post(
            FORM, data=item.fields, headers={**item.proof, "X-CSRFToken": token}, token=False
        )
        assert (answer.status_code, said(answer)["error"]) == (401, "sign_in")
    assert submissions() == []


def test_signed_in_again_they_all_arrive(sign_in: Enter, cast: Cast) -> None:
    items = [sealed_for(uid_of(cast, "officer"), name=f"Koperasi {n}") for n in range(10)]
    officer = sign_in("officer")
    assert [flush(officer, item.fields).status_code for item in items] == [201] * 10
    assert {s.entered_by for s in submissions()} == {cast["officer"].account_id}


def test_a_wrong_answer_comes_back_with_what_was_typed(sign_in: Enter, cast: Cast) -> None:
    item = sealed_for(uid_of(cast, "officer"), name="")
    answer = flush(sign_in("officer"), item.fields, {"X-Reader": item.reader})
    assert (answer.status_code, list(said(answer)["errors"])) == (422, ["name"])
    assert said(answer)["values"]["present"] == ["Siti Aminah, bendahara"]


def test_a_second_version_of_it_is_a_correction(sign_in: Enter, cast: Cast) -> None:
    officer, uid = sign_in("officer"), uid_of(cast, "officer")
    first = sealed_for(uid)
    flush(officer, first.fields)
    second = sealed_for(uid, name="Koperasi Lain", replaces=first.submission_id)
    assert flush(officer, second.fields).status_code == 201
    assert {s.kind for s in submissions()} == {
        SubmissionKind.COOPERATIVE_REGISTRATION,
        SubmissionKind.COOPERATIVE_CORRECTION,
    }
    assert len(records()) == 1


# --- somebody else's ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["sealed", "open", "header"])
def test_another_officer_stores_nothing_of_it(sign_in: Enter, cast: Cast, how: str) -> None:
    uid = uid_of(cast, "officer")
    item = sealed_for(uid)
    fields: dict[str, Any] = {
        "sealed": item.fields,
        "open": typed(uid=uid, submission_id=item.submission_id),
        "header": typed(submission_id=item.submission_id),
    }[how]
    headers = {"X-Owner": uid} if how == "header" else {}
    answer = flush(sign_in("dinas_officer"), fields, headers)
    assert (answer.status_code, said(answer)["error"]) == (401, "sign_in")
    assert submissions() == []
    assert flush(sign_in("officer"), fields, headers).status_code == 201


def test_the_token_of_another_officer_is_refused_for_machines_too(sign_in: Enter, cast: Cast) -> None:
    item = seal_item(public_key(), FORM, new_id(), typed())
    foreign = {"X-CSRFToken": sign_in("officer").token()}
    answer = sign_in("dinas_officer").post(FORM, data=item.fields, headers={**JSON, **foreign}, token=False)
    assert (answer.status_code, said(answer)["error"]) == (403, "sign_in")
    assert submissions() == []


def test_a_person_without_the_power_is_refused_in_json(sign_in: Enter, cast: Cast) -> None:
    item = sealed_for(uid_of(cast, "member"))
    assert flush(sign_in("member"), item.fields).status_code == 403
    assert submissions() == []


def test_an_outbox_gets_json_whatever_it_says_it_accepts(client: CheckedClient) -> None:
    item = sealed_for("x")
    answer = client.post(FORM, data=item.fields, headers={"X-Outbox": "1", "Accept": "*/*"})
    assert (answer.status_code, answer.mimetype) == (401, "application/json")
