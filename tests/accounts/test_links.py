"""One-time links: the first administrator, first and new passwords."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from app.accounts.commands import first_administrator_link
from app.accounts.link_tokens import link_digest
from app.accounts.models import Account, OneTimeLink
from app.accounts.queries.people import list_history
from app.accounts.services.links import issue_link
from app.accounts.services.managing import disable_account
from app.core.access import Role
from app.core.db import db
from app.core.transaction import atomically
from tests.factories.accounts import MAKER, Made, browser, make_account, sign_in_by_page, signed_in_browser

At = Callable[[str], None]
NEW = "gajah terbang di sumur"
FIRST = {"name": "Ibu Kepala", "phone": "0812-0000-7777", "password": NEW}


def link_for(made: Made, token: str = "t" * 43) -> str:
    atomically(lambda s: issue_link(s, account_id=made.account_id, digest=link_digest(token), actor=MAKER))
    return f"/tautan/{token}"


def first_link() -> str:
    address = first_administrator_link()
    assert address is not None
    return "/" + address.split("/", 3)[3]


def test_an_empty_installation_has_nobody_and_no_way_in_without_the_link(app: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0
    assert browser(app).get("/tautan/" + "x" * 43).status_code == 404


def test_the_first_link_makes_an_administrator(app: Flask) -> None:
    client, path = browser(app), first_link()
    client.page(path)
    assert client.post(path, data=FIRST).headers["Location"] == "/masuk?kabar=sandi-baru"
    made = db.session.scalars(select(Account)).one()
    assert (made.name, made.role) == ("Ibu Kepala", Role.ADMINISTRATOR)
    assert client.post("/masuk", data={"phone": FIRST["phone"], "password": NEW}).status_code == 303


def test_the_first_link_works_once_and_only_the_newest(app: Flask) -> None:
    old, new = first_link(), first_link()
    assert browser(app).get(old).status_code == 404
    assert browser(app).post(new, data=FIRST).status_code == 303
    assert browser(app).get(new).status_code == 404
    assert browser(app).post(new, data={**FIRST, "phone": "0812-0000-8888"}).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_with_accounts_there_is_no_first_link_and_an_old_one_is_dead(app: Flask) -> None:
    path = first_link()
    make_account(Role.MEMBER)
    assert first_administrator_link() is None
    assert browser(app).get(path).status_code == 404
    assert browser(app).post(path, data=FIRST).status_code == 404


def test_the_first_password_must_be_a_good_one(app: Flask) -> None:
    path = first_link()
    response = browser(app).post(path, data={**FIRST, "password": "koperasi2026"})
    assert response.status_code == 422
    assert "mudah ditebak" in response.get_data(as_text=True)
    assert browser(app).post(path, data=FIRST).status_code == 303


def test_a_preview_of_a_messenger_does_not_use_the_link_up(app: Flask) -> None:
    made = make_account(with_password=False)
    path = link_for(made)
    for _ in range(10):
        assert browser(app).get(path, headers={"User-Agent": "WhatsApp/2.23"}).status_code == 200
        assert browser(app).head(path).status_code == 200
    assert browser(app).post(path, data={"password": NEW}).status_code == 303


def test_a_new_password_ends_what_was_open(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    client, path = signed_in_browser(app, made), link_for(made)
    assert browser(app).post(path, data={"password": NEW}).status_code == 303
    assert client.get("/akun").status_code == 303
    assert sign_in_by_page(browser(app), made).status_code == 422
    assert sign_in_by_page(browser(app), made, password=NEW).status_code == 303


def test_setting_a_password_does_not_go_around_the_second_factor(app: Flask) -> None:
    made = make_account(Role.ADMINISTRATOR, second_factor=True)
    response = browser(app).post(link_for(made), data={"password": NEW})
    assert "Set-Cookie" not in response.headers
    data = {"phone": made.phone, "password": NEW}
    assert "pending" in browser(app).post("/masuk", data=data).get_data(as_text=True)


def stable(body: str) -> str:
    """Without what differs on every error page."""
    return re.sub(r"\b[0-9a-f]{8}\b", "", body)


def test_wrong_used_lapsed_replaced_and_disabled_links_look_the_same(app: Flask, at: At) -> None:
    used, replaced, disabled, lapsed = (make_account(Role.MEMBER) for _ in range(4))
    paths = {
        "used": link_for(used, "u" * 43),
        "replaced": link_for(replaced, "r" * 43),
        "disabled": link_for(disabled, "d" * 43),
        "lapsed": link_for(lapsed, "l" * 43),
        "wrong": "/tautan/" + "w" * 43,
        "tampered": "/tautan/" + "l" * 42 + "m",
    }
    browser(app).post(paths["used"], data={"password": NEW})
    link_for(replaced, "n" * 43)
    atomically(lambda s: disable_account(s, account_id=disabled.account_id, actor=MAKER))
    at("2026-11-24T09:01+07:00")
    for method in ("GET", "POST"):
        data = {"password": NEW} if method == "POST" else None
        answers = {path: browser(app).open(path, method=method, data=data) for path in paths.values()}
        assert {a.status_code for a in answers.values()} == {404}
        assert len({stable(a.get_data(as_text=True).replace(path, "")) for path, a in answers.items()}) == 1


def test_a_link_holds_for_a_day(app: Flask, at: At) -> None:
    path = link_for(make_account(Role.MEMBER))
    at("2026-11-24T08:59+07:00")
    assert browser(app).get(path).status_code == 200


def test_the_database_knows_only_the_digest(app: Flask) -> None:
    link_for(make_account(Role.MEMBER), "s" * 43)
    assert db.session.scalars(select(OneTimeLink.token_hash)).one() == link_digest("s" * 43)


def test_a_poor_password_leaves_the_link_usable(app: Flask) -> None:
    path = link_for(make_account(Role.MEMBER))
    assert browser(app).post(path, data={"password": "pendek"}).status_code == 422
    assert browser(app).post(path, data={"password": NEW}).status_code == 303


def test_the_history_tells_of_the_link_and_of_its_use(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    browser(app).post(link_for(made), data={"password": NEW})
    deeds = [row.deed for row in list_history(made.account_id)]
    assert deeds == ["account.password_set_by_link", "account.link_made", "account.created"]


def test_no_link_of_the_page_leads_outside_with_the_token_as_referrer(app: Flask) -> None:
    client = browser(app)
    page = client.page(link_for(make_account(Role.MEMBER)))
    outside = [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith(("http", "//"))]
    assert outside == []
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
