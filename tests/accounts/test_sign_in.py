"""The sign-in page: who comes in, who does not, and what the answer gives away."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from app.accounts import passwords
from app.accounts.models import SignInSession
from app.config import Settings
from app.core.access import Role
from app.core.cross_site import session_digest
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.conftest import make_app
from tests.databases import Database
from tests.factories.accounts import PASSWORD, browser, make_account, sign_in_by_page, signed_in_browser

UNKNOWN = "0899-9999-0000"


def attempt(client: CheckedClient, phone: str, password: str = "salah sekali ini", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/masuk", data={"phone": phone, "password": password, **more})


@pytest.mark.parametrize("write", ["08{}", "628{}", "+62 8{}", "0062-8{}"])
def test_the_number_may_be_written_as_people_do(app: Flask, write: str) -> None:
    made = make_account(Role.MEMBER)
    typed = write.format(made.phone.removeprefix("628"))
    assert browser(app).post("/masuk", data={"phone": typed, "password": PASSWORD}).status_code == 303


def test_the_cookie_is_locked_and_the_database_knows_only_its_digest(app: Flask) -> None:
    client = browser(app)
    response = sign_in_by_page(client, make_account(Role.OFFICER))
    cookie = response.headers["Set-Cookie"]
    assert re.match(r"sid=[\w-]{43};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age" not in cookie  # an office PC forgets it when the browser closes
    hashes = db.session.scalars(select(SignInSession.token_hash)).all()
    assert hashes == [session_digest(client.sid or "")]
    assert client.sid not in hashes


def test_members_stay_signed_in_on_their_phone(app: Flask) -> None:
    response = sign_in_by_page(browser(app), make_account(Role.MEMBER))
    assert "Max-Age=7776000" in response.headers["Set-Cookie"]


def test_behind_https_the_cookie_has_the_host_prefix(instance: Path, database: Database) -> None:
    secure = make_app(
        instance, database.url, PUBLIC_URL="https://kopukm.example", TRUSTED_HOSTS="kopukm.example"
    )
    with secure.app_context():
        made = make_account(Role.MEMBER)
        client = browser(secure)
        data = {"phone": made.phone, "password": PASSWORD}
        response = client.post("/masuk", data=data, base_url="https://kopukm.example")
        database.put_back(db.engine)
        db.engine.dispose()
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_every_sign_in_has_a_new_id_and_ends_the_old_one_of_this_browser(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    client = signed_in_browser(app, made)
    first = client.sid
    sign_in_by_page(client, made)
    assert client.sid != first
    copied = browser(app)
    copied.enter(first or "")
    assert copied.get("/akun").status_code == 303
    assert client.get("/akun").status_code == 200


def test_a_planted_session_id_is_never_taken_over(app: Flask) -> None:
    client = browser(app)
    client.set_cookie("sid", "x" * 43)
    sign_in_by_page(client, make_account(Role.MEMBER))
    assert client.sid != "x" * 43


def without(answer: str, *words: str) -> str:
    for word in words:
        answer = answer.replace(word, "")
    return answer


def test_unknown_number_wrong_password_and_disabled_account_get_the_same_answer(app: Flask) -> None:
    known, disabled = make_account(Role.MEMBER), make_account(Role.MEMBER, active=False)
    no_password = make_account(Role.MEMBER, with_password=False)
    answers = {
        (response.status_code, without(response.get_data(as_text=True), phone))
        for phone, response in [
            (phone, attempt(browser(app), phone, password))
            for phone, password in [
                (known.typed_phone, "salah sekali ini"),
                (UNKNOWN, "salah sekali ini"),
                (disabled.typed_phone, PASSWORD),
                (no_password.typed_phone, PASSWORD),
                ("bukan nomor", "salah sekali ini"),
            ]
        ]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_the_comparison_of_answers_can_fail(app: Flask) -> None:
    known = make_account(Role.MEMBER)
    wrong = attempt(browser(app), known.typed_phone)
    empty = attempt(browser(app), known.typed_phone, "")
    assert without(wrong.get_data(as_text=True), known.typed_phone) != without(
        empty.get_data(as_text=True), known.typed_phone
    )


def test_known_and_unknown_numbers_cost_the_same_hashing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            looked_at.append(stored)
            return PasswordHasher().verify(stored, password)

    known = make_account(Role.MEMBER)
    monkeypatch.setattr(passwords, "_HASHER", Watched())
    attempt(browser(app), known.typed_phone)
    attempt(browser(app), UNKNOWN)
    attempt(browser(app), "bukan nomor")
    assert len(looked_at) == 3
    assert len({stored.split("$")[3] for stored in looked_at}) == 1  # the same memory, passes and lanes
    assert looked_at[0] != looked_at[1] == looked_at[2]


def test_nobodys_hash_opens_for_no_account(app: Flask) -> None:
    assert not passwords.password_fits(None, "")
    assert not passwords.password_fits(None, PASSWORD)
    assert passwords.password_fits(passwords.hash_password(PASSWORD), PASSWORD)


def test_passwords_are_hashed_as_agreed() -> None:
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_hashing_happens_outside_the_write_block(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    original = passwords.password_fits

    def watched(stored: str | None, password: str) -> bool:
        inside.append(bool(db.session().info.get("inside_write_block")))
        return original(stored, password)

    monkeypatch.setattr("app.accounts.routes.password_fits", watched)
    sign_in_by_page(browser(app), make_account(Role.MEMBER))
    assert inside == [False]


def test_the_sixth_wrong_try_has_to_wait_and_says_how_long(app: Flask) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    assert [attempt(client, made.typed_phone).status_code for _ in range(5)] == [422] * 5
    response = attempt(client, made.typed_phone, PASSWORD)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 15 * 60


def test_with_the_limits_off_the_sixth_try_passes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = app.config["SETTINGS"]
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, rate_limits=0.0))
    made, client = make_account(Role.MEMBER), browser(app)
    for _ in range(5):
        attempt(client, made.typed_phone)
    assert attempt(client, made.typed_phone, PASSWORD).status_code == 303


def test_after_a_quarter_of_an_hour_all_is_open_again(app: Flask, at: Callable[[str], None]) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    for _ in range(6):
        attempt(client, made.typed_phone)
    at("2026-11-23T09:16+07:00")
    assert attempt(client, made.typed_phone, PASSWORD).status_code == 303


def test_the_right_password_opens_the_window_again(app: Flask) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    for _ in range(4):
        attempt(client, made.typed_phone)
    assert attempt(client, made.typed_phone, PASSWORD).status_code == 303
    assert [attempt(client, made.typed_phone).status_code for _ in range(5)] == [422] * 5


def test_a_guesser_elsewhere_does_not_lock_the_owner_out(app: Flask) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    guesser = {"REMOTE_ADDR": "203.0.113.9"}
    for _ in range(7):
        client.post(
            "/masuk", data={"phone": made.typed_phone, "password": "x" * 12}, environ_overrides=guesser
        )
    assert attempt(client, made.typed_phone, PASSWORD).status_code == 303


def test_a_forged_forwarding_header_changes_nothing(app: Flask) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    answers = [
        client.post(
            "/masuk",
            data={"phone": made.typed_phone, "password": "x" * 12},
            headers={"X-Forwarded-For": f"198.51.100.{turn}"},
        ).status_code
        for turn in range(6)
    ]
    assert answers[-1] == 429


def test_many_people_behind_one_address_come_in(app: Flask) -> None:
    codes = [sign_in_by_page(browser(app), make_account(Role.MEMBER)).status_code for _ in range(12)]
    assert codes == [303] * 12


def test_another_site_cannot_sign_anybody_in(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    data = {"phone": made.typed_phone, "password": PASSWORD}
    assert browser(app).post("/masuk", data=data, site="cross-site").status_code == 403
    foreign = browser(app).post("/masuk", data=data, site=None, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    own = browser(app).post("/masuk", data=data, site=None, headers={"Origin": "http://localhost"})
    assert own.status_code == 303


def test_an_old_browser_without_headers_signs_in_at_the_second_press(app: Flask) -> None:
    made, client = make_account(Role.MEMBER), browser(app)
    data = {"phone": made.typed_phone, "password": PASSWORD}
    first = client.post("/masuk", data=data, site=None)
    assert first.status_code == 422
    token = next(i.get("value") for i in client.parsed(first).all("input") if i.get("name") == "csrf_token")
    assert client.post("/masuk", data={**data, "csrf_token": token}, site=None).status_code == 303


def test_a_strangers_public_page_never_asks_the_database_who_it_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.accounts import signed_in

    def never(*_args: object, **_more: object) -> None:
        raise AssertionError("looked up")

    monkeypatch.setattr(signed_in, "find_signed_in", never)
    assert browser(app).get("/masuk").status_code == 200
    with_cookie = browser(app)
    with_cookie.set_cookie("sid", "x" * 43)
    assert with_cookie.get("/masuk", check=False).status_code == 500  # the guard is seen to bite


def test_a_stranger_gets_no_cookie(app: Flask) -> None:
    response = browser(app).get("/masuk")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_neither_password_nor_number_reaches_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made, client = make_account(Role.MEMBER), browser(app)
    attempt(client, made.typed_phone, "rahasia sekali 77")
    sign_in_by_page(client, made)
    assert "signed in: account" in caplog.text
    for secret in ("rahasia sekali 77", PASSWORD, made.phone[2:], made.typed_phone, client.sid or "sid"):
        assert secret not in caplog.text


def test_a_failed_try_opens_no_session(app: Flask) -> None:
    attempt(browser(app), make_account(Role.MEMBER).typed_phone)
    assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_the_page_helps_password_managers(app: Flask) -> None:
    page = browser(app).page("/masuk")
    found = {i.get("name"): i.get("autocomplete") for i in page.all("input")}
    assert found["phone"] == "username"
    assert found["password"] == "current-password"
