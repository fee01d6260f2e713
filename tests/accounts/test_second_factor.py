"""The second factor: setting it up, using it, losing the telephone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Account, RecoveryCode
from app.accounts.second_factor import matching_step, new_recovery_codes
from app.core.access import Role
from app.core.clock import now
from app.core.crypt import CannotOpen, unseal
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.accounts import PASSWORD, Made, browser, make_account, sign_in_by_page, signed_in_browser

At = Callable[[str], None]


def hidden(client: CheckedClient, response: TestResponse, name: str) -> str:
    return next(i.get("value") or "" for i in client.parsed(response).all("input") if i.get("name") == name)


def set_up(
    client: CheckedClient, *, password: str = PASSWORD, spoil: bool = False
) -> tuple[TestResponse, str]:
    shown = client.get("/akun/kode-masuk")
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", shown.get_data(as_text=True))
    assert key
    secret = key[1].replace(" ", "")
    code = pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // 30 + (5 if spoil else 0))
    data = {"setup_key": hidden(client, shown, "setup_key"), "totp": code, "current_password": password}
    return client.post("/akun/kode-masuk", data=data), secret


def account(made: Made) -> Account:
    found = db.session.get(Account, made.account_id)
    assert found is not None
    return found


@pytest.fixture
def boss(app: Flask) -> Made:
    return make_account(Role.ADMINISTRATOR, second_factor=True)


def test_setting_up_shows_qr_and_key_and_then_ten_codes_once(app: Flask) -> None:
    made = make_account()
    client = signed_in_browser(app, made)
    assert "<svg" in client.get("/akun/kode-masuk").get_data(as_text=True)
    response, _secret = set_up(client)
    codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4})</code>", response.get_data(as_text=True))
    assert len(set(codes)) == 10
    again = client.get("/akun/kode-masuk").get_data(as_text=True)
    assert not any(code in again for code in codes)


def test_the_key_is_sealed_to_its_account_and_codes_are_indexes(app: Flask) -> None:
    made = make_account()
    response, secret = set_up(signed_in_browser(app, made))
    sealed = account(made).totp_sealed or b""
    assert unseal(sealed, place=f"account.totp:{made.account_id}") == secret
    with pytest.raises(CannotOpen):
        unseal(sealed, place=f"account.totp:{made.account_id + 1}")
    printed = set(re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4})</code>", response.get_data(as_text=True)))
    kept = set(db.session.scalars(select(RecoveryCode.code_index)))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in printed}


@pytest.mark.parametrize(("password", "spoil"), [("bukan kata sandinya", False), (PASSWORD, True)])
def test_setting_up_needs_the_password_and_a_right_code(app: Flask, password: str, spoil: bool) -> None:
    made = make_account()
    response, _secret = set_up(signed_in_browser(app, made), password=password, spoil=spoil)
    assert response.status_code == 422
    assert account(made).totp_sealed is None


def test_the_set_up_key_of_another_person_is_not_taken(app: Flask) -> None:
    mine, theirs = signed_in_browser(app, make_account()), signed_in_browser(app, made := make_account())
    stolen = hidden(mine, mine.get("/akun/kode-masuk"), "setup_key")
    data = {"setup_key": stolen, "totp": "123456", "current_password": PASSWORD}
    assert theirs.post("/akun/kode-masuk", data=data).status_code == 303
    assert account(made).totp_sealed is None


def test_password_alone_leads_to_the_code_and_opens_nothing(app: Flask, boss: Made) -> None:
    client = browser(app)
    response = client.post("/masuk", data={"phone": boss.phone, "password": boss.password})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    data = {"pending": hidden(client, response, "pending"), "totp": boss.code()}
    assert client.post("/masuk", data=data).status_code == 303


def test_a_wrong_code_is_said_at_its_field(app: Flask, boss: Made) -> None:
    client = browser(app)
    step = client.post("/masuk", data={"phone": boss.phone, "password": boss.password})
    wrong = client.post("/masuk", data={"pending": hidden(client, step, "pending"), "totp": "000000"})
    shown = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert 'id="totp-error"' in shown
    assert '<a href="#totp">' in shown


def test_all_three_at_once_are_accepted(app: Flask, boss: Made) -> None:
    assert sign_in_by_page(browser(app), boss).status_code == 303


def test_a_code_counts_once(app: Flask, boss: Made, at: At) -> None:
    code = boss.code()
    assert sign_in_by_page(browser(app), boss, totp=code).status_code == 303
    assert sign_in_by_page(browser(app), boss, totp=code).status_code == 422
    at("2026-11-23T09:01+07:00")
    assert sign_in_by_page(browser(app), boss, totp=boss.code()).status_code == 303


def test_an_older_code_than_the_last_one_is_refused(app: Flask, boss: Made) -> None:
    before = boss.code(-1)
    assert sign_in_by_page(browser(app), boss, totp=boss.code()).status_code == 303
    assert sign_in_by_page(browser(app), boss, totp=before).status_code == 422


@pytest.mark.parametrize(("aside", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_be_half_a_minute_apart(aside: int, fits: bool) -> None:
    secret = pyotp.random_base32()
    moment = now()
    code = pyotp.TOTP(secret).generate_otp(int(moment.timestamp()) // 30 + aside)
    assert (matching_step(secret, code, now=moment) is not None) is fits


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000000", "'; --", "١٢٣٤٥٦"])
def test_nonsense_is_no_code(app: Flask, boss: Made, code: str) -> None:
    client = browser(app)
    first = client.post("/masuk", data={"phone": boss.phone, "password": boss.password})
    data = {"pending": hidden(client, first, "pending"), "totp": code}
    assert client.post("/masuk", data=data).status_code == 422


def test_a_recovery_code_opens_once_in_any_writing(app: Flask, boss: Made) -> None:
    assert sign_in_by_page(browser(app), boss, totp=" abcd 2345 ").status_code == 303
    assert sign_in_by_page(browser(app), boss, totp="ABCD-2345").status_code == 422
    assert sign_in_by_page(browser(app), boss, totp="FGHJ6789").status_code == 303


def test_a_recovery_code_of_somebody_else_opens_nothing(app: Flask, boss: Made) -> None:
    stranger = make_account(Role.ADMINISTRATOR, second_factor=True)
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert sign_in_by_page(browser(app), stranger, totp=codes[0]).status_code == 422


def test_codes_cannot_be_guessed_in_a_row(app: Flask, boss: Made) -> None:
    codes = []
    for turn in range(12):
        client = browser(app)
        data = {"phone": boss.phone, "password": boss.password, "totp": f"{turn:06}"}
        codes.append(
            client.post(
                "/masuk", data=data, environ_overrides={"REMOTE_ADDR": f"203.0.113.{turn}"}
            ).status_code
        )
    assert codes == [422] * 10 + [429] * 2


def test_the_second_page_lapses_and_dies_with_the_password(app: Flask, boss: Made, at: At) -> None:
    client = browser(app)
    first = client.post("/masuk", data={"phone": boss.phone, "password": boss.password})
    pending = hidden(client, first, "pending")
    at("2026-11-23T09:11+07:00")
    late = client.post("/masuk", data={"pending": pending, "totp": boss.code()})
    assert late.status_code == 422
    assert "Waktunya habis" in late.get_data(as_text=True)
    assert client.post("/masuk", data={"pending": "rusak", "totp": boss.code()}).status_code == 422


def test_taking_it_off_needs_a_code(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at("2026-11-23T09:02+07:00")
    assert client.post("/akun/kode-masuk/lepas", data={"totp": "000000"}).status_code == 422
    assert account(boss).totp_sealed is not None
    assert client.post("/akun/kode-masuk/lepas", data={"totp": boss.code()}).status_code == 303
    assert account(boss).totp_sealed is None
    assert db.session.scalars(select(RecoveryCode)).all() == []


def test_new_recovery_codes_replace_the_old_ones(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at("2026-11-23T09:02+07:00")
    response = client.post("/akun/kode-masuk/cadangan", data={"totp": boss.code()})
    new = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4})</code>", response.get_data(as_text=True))
    assert sign_in_by_page(browser(app), boss, totp="ABCD-2345").status_code == 422
    assert sign_in_by_page(browser(app), boss, totp=new[0]).status_code == 303
