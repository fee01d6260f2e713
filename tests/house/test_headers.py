"""Security and cache headers by exact value, on every kind of answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.core.access import Access, Room
from app.core.assets import built, csp_hash
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.conftest import make_app
from tests.databases import Database
from tests.house.planting import Plant

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
SECURE = {"PUBLIC_URL": "https://kopukm.example", "TRUSTED_HOSTS": "kopukm.example"}
AT_HOME = {"base_url": "https://kopukm.example"}


def policy() -> str:
    """The whole policy, written out."""
    styles = " ".join(f"'{csp_hash(text)}'" for text in built().sheets.values())
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self' {styles}; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


def expect(answer: TestResponse, status: int, *, cache: str = "no-store", csp: str | None = None) -> None:
    """The answer's status and every header of ours."""
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED
    assert answer.headers["Content-Security-Policy"] == (csp or policy())
    assert answer.headers["Cache-Control"] == cache
    assert "Server" not in answer.headers


def test_an_answer_that_is_well(client: CheckedClient) -> None:
    expect(client.get("/masuk"), 200)


def test_an_answer_that_caches_may_keep(client: CheckedClient) -> None:
    expect(client.get("/kunci"), 200, cache="public, max-age=3600")


def test_a_page_that_the_phone_may_keep(client: CheckedClient) -> None:
    expect(client.get("/luring"), 200, cache="private, no-cache")


def test_the_service_worker(client: CheckedClient) -> None:
    expect(client.get("/sw.js"), 200, cache="no-cache")


def test_a_redirect(client: CheckedClient) -> None:
    expect(client.get("/akun"), 303)


def test_an_unknown_address(client: CheckedClient) -> None:
    expect(client.get("/tidak-ada"), 404)


def test_a_wrong_method(client: CheckedClient) -> None:
    expect(client.post("/luring"), 405)


def test_a_refusal(client: CheckedClient) -> None:
    expect(client.post("/masuk", site="cross-site"), 403)


def test_a_fault(plant: Plant) -> None:
    room = Room("planted", __name__)
    room.get("/rusak", access=Access.PUBLIC)(lambda: 1 / 0)
    expect(plant(room).test_client().get("/rusak"), 500)


def test_a_static_file_is_kept_for_ever_and_may_do_nothing(client: CheckedClient) -> None:
    answer = client.get(f"/static/{built().files['app.js']}", check=False)
    expect(
        answer,
        200,
        cache="max-age=315360000, public, immutable",
        csp="default-src 'none'; frame-ancestors 'none'",
    )


def test_an_unknown_host_is_refused(client: CheckedClient) -> None:
    for header in ({"Host": "evil.example"}, {"Host": "localhost.evil.example"}):
        assert client.get("/masuk", headers=header, check=False).status_code == 400


def test_nobody_s_forwarded_header_is_believed(client: CheckedClient) -> None:
    answer = client.get("/masuk", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert "evil.example" not in answer.get_data(as_text=True)
    assert "Strict-Transport-Security" not in answer.headers


def test_a_page_varies_with_what_htmx_asks_for(client: CheckedClient) -> None:
    assert {"HX-Request", "HX-Target"} <= set(re.split(r",\s*", client.get("/koperasi").headers["Vary"]))


@pytest.fixture
def secure(app: Flask, database: Database) -> Iterator[CheckedClient]:
    """A browser of the application behind https."""
    built_app = make_app(app.config["SETTINGS"].instance_path, database.url, **SECURE)
    browser = built_app.test_client()
    assert isinstance(browser, CheckedClient)
    yield browser
    with built_app.app_context():
        db.engine.dispose()


def test_behind_https_browsers_stay_there(secure: CheckedClient) -> None:
    answer = secure.get("/masuk", **AT_HOME)
    expect(answer, 200)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_behind_https_only_its_own_host_is_answered(secure: CheckedClient) -> None:
    assert secure.get("/masuk", base_url="https://evil.example", check=False).status_code == 400
    assert secure.get("/masuk", base_url="https://localhost", check=False).status_code == 400


def cookies(answer: TestResponse) -> dict[str, set[str]]:
    """Name -> attributes in lower case, of every cookie an answer sets."""
    found = {}
    for header in answer.headers.getlist("Set-Cookie"):
        first, *attributes = [part.strip() for part in header.split(";")]
        found[first.split("=")[0]] = {a.lower() for a in attributes}
    return found


@pytest.mark.parametrize(
    "address", ["/", "/masuk", "/luring", "/tidak-ada", "/status", "/koperasi", "/koperasi/daftar"]
)
def test_a_stranger_who_reads_gets_no_cookie(client: CheckedClient, address: str) -> None:
    assert cookies(client.get(address)) == {}


def test_a_cookie_of_the_fallback_is_strict(secure: CheckedClient) -> None:
    """A browser that vouches for nothing is shown its form again, with a token bound to a cookie."""
    answer = secure.post("/masuk", data={"phone": "081200000000", "password": "x"}, site=None, **AT_HOME)
    assert answer.status_code == 422
    found = cookies(answer)
    assert list(found) == ["__Host-form"]
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= found["__Host-form"]
    assert not any(a.startswith("domain") for a in found["__Host-form"])


def test_a_session_cookie_is_strict(
    secure: CheckedClient, sign_in: Callable[[str], CheckedClient], app: Flask
) -> None:
    """Seen at sign-out, which sets it anew; sign-in has tests of its own."""
    browser = sign_in("officer")
    assert browser.sid
    secure.enter(browser.sid)
    db.session.rollback()
    secure.set_cookie("__Host-sid", browser.sid, domain="kopukm.example", secure=True)
    found = cookies(secure.post("/keluar", **AT_HOME))
    assert "__Host-sid" in found
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= found["__Host-sid"]


def test_no_page_is_larger_than_the_store_of_a_cookie(tmp_path: Path, secure: CheckedClient) -> None:
    answer = secure.post("/masuk", data={"phone": "081200000000", "password": "x"}, site=None, **AT_HOME)
    assert all(len(header) <= 4096 for header in answer.headers.getlist("Set-Cookie"))
