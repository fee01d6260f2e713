"""The code again before other people's accounts and personal data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import Account
from app.core.access import Role
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.accounts import Made, make_account, signed_in_browser

At = Callable[[str], None]
NEW = {"name": "Petugas Baru", "phone": "0813-9999-0001", "role": "leader"}
LATER = "2026-11-23T09:11+07:00"


@pytest.fixture
def boss(app: Flask) -> Made:
    return make_account(Role.ADMINISTRATOR, second_factor=True)


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Account)) or 0


def fields(client: CheckedClient, response: TestResponse) -> dict[str, str]:
    found = client.parsed(response).all("input")
    return {i.get("name") or "": i.get("value") or "" for i in found if i.get("type") == "hidden"}


def test_it_works_within_ten_minutes(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at("2026-11-23T09:09+07:00")
    assert client.post("/petugas/akun/baru", data=NEW).status_code == 200
    assert people() == 2


def test_without_a_second_factor_nothing_happens_and_the_way_is_shown(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.ADMINISTRATOR))
    response = client.post("/petugas/akun/baru", data=NEW)
    assert response.status_code == 403
    assert 'href="/akun/kode-masuk"' in response.get_data(as_text=True)
    assert people() == 1


def test_the_list_is_readable_without(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.ADMINISTRATOR))
    client.page("/petugas/akun")
    client.page("/petugas/akun/baru")


def test_after_ten_minutes_the_form_waits_for_the_code_and_goes_on(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at(LATER)
    response = client.post("/petugas/akun/baru", data=NEW)
    assert response.status_code == 403
    assert people() == 1
    assert "Petugas Baru" not in response.get_data(as_text=True)
    offer = client.post("/akun/kode", data={**fields(client, response), "totp": boss.code()})
    assert "Petugas Baru" in offer.get_data(as_text=True)
    assert client.post("/petugas/akun/baru", data=fields(client, offer)).status_code == 200
    assert people() == 2


def test_a_wrong_code_keeps_the_form_and_the_door_shut(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at(LATER)
    waiting = client.post("/petugas/akun/baru", data=NEW)
    wrong = client.post("/akun/kode", data={**fields(client, waiting), "totp": "000000"})
    assert wrong.status_code == 422
    assert fields(client, wrong)["kept"]
    assert client.post("/petugas/akun/baru", data=NEW).status_code == 403


def test_a_button_alone_waits_too(app: Flask, boss: Made, at: At) -> None:
    other = make_account()
    client = signed_in_browser(app, boss)
    at(LATER)
    waiting = client.post(f"/petugas/akun/{other.account_id}/tautan")
    offer = client.post("/akun/kode", data={**fields(client, waiting), "totp": boss.code()})
    assert f'action="/petugas/akun/{other.account_id}/tautan"' in offer.get_data(as_text=True)


@pytest.mark.parametrize(
    "deed",
    ["ubah", "nonaktifkan", "aktifkan", "keluarkan", "lepas-kode", "tautan", "nomor", "plh", "plh/1/akhiri"],
)
def test_every_deed_on_an_account_asks_for_it(app: Flask, boss: Made, at: At, deed: str) -> None:
    other = make_account()
    client = signed_in_browser(app, boss)
    at(LATER)
    assert client.post(f"/petugas/akun/{other.account_id}/{deed}").status_code == 403


def test_the_list_of_deeds_above_is_complete(app: Flask) -> None:
    posts = {
        rule.rule.removeprefix("/petugas/akun/<int:account_id>/").replace("<int:stand_in_id>", "1")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/petugas/akun/<") and "POST" in (rule.methods or ())
    }
    marks = [m for m in test_every_deed_on_an_account_asks_for_it.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    assert posts == set(marks[0].args[1])


def test_a_page_that_needs_the_code_comes_back_after_it(app: Flask, boss: Made, at: At) -> None:
    client = signed_in_browser(app, boss)
    at(LATER)
    data = {"totp": boss.code(), "next": "/petugas/akun?cari=x"}
    assert client.post("/akun/kode", data=data).headers["Location"] == "/petugas/akun?cari=x"


def test_a_code_for_the_door_counts_once_as_well(app: Flask, boss: Made) -> None:
    code = boss.code()
    client = signed_in_browser(app, boss)  # used this very code
    assert client.post("/akun/kode", data={"totp": code}).status_code == 422


def test_machines_are_told_without_a_page(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.ADMINISTRATOR))
    response = client.post("/petugas/akun/baru", data=NEW, headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert response.is_json
