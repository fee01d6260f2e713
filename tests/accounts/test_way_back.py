"""After signing in people land on our own pages and nowhere else."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from app.accounts.way_back import home_of, safe_next
from app.core.access import Role
from tests.factories.accounts import browser, make_account, sign_in_by_page

BASE = "http://localhost/masuk"

HOSTILE = [
    "",
    "evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/akun",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    " //evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "//localhost@evil.example",
    "https://localhost@evil.example/akun",
    "javascript:alert(1)",
    "JaVaScRiPt://localhost/%0aalert(1)",
    "data:text/html,x",
    "/akun\r\nSet-Cookie: a=b",
    "/akun\r\nLocation: https://evil.example",
    "/akun/../..//evil.example",
    "/.//evil.example",
    "//localhost//evil.example",
    "http://localhost/akun",
    "/tidak-ada",
    "/keluar",
    "/petugas/akun/7/nonaktifkan",
    "/akun" + "x" * 3000,
    "/akun\u2028//evil.example",
    "/ak\u200bun",
]


def as_browsers_read(address: str) -> str:
    """WHATWG: blanks around are dropped, tab and newline inside too, backslash is a stroke."""
    plain = (
        address.strip("".join(map(chr, range(33))))
        .translate({9: None, 10: None, 13: None})
        .replace("\\", "/")
    )
    return urlsplit(urljoin(BASE, plain)).netloc


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_not_followed(app: Flask, address: str) -> None:
    with app.test_request_context("/masuk"):
        assert safe_next(address) is None


@pytest.mark.parametrize("address", HOSTILE)
def test_signing_in_with_a_hostile_address_stays_at_home(app: Flask, address: str) -> None:
    made = make_account(Role.MEMBER)
    response = sign_in_by_page(browser(app), made, next=address)
    assert response.status_code == 303
    assert as_browsers_read(response.headers["Location"]) == "localhost"
    assert urlsplit(response.headers["Location"]).path == "/akun"
    assert "HX-Redirect" not in response.headers


def test_the_reader_of_addresses_can_tell() -> None:
    assert as_browsers_read("/\t/evil.example") == "evil.example"
    assert as_browsers_read("/\\evil.example") == "evil.example"
    assert as_browsers_read("/akun") == "localhost"


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/akun", "/akun"),
        ("/akun?bahasa=en", "/akun?bahasa=en"),
        ("/petugas/akun?cari=budi&halaman=2", "/petugas/akun?cari=budi&halaman=2"),
        ("/petugas/akun/7", "/petugas/akun/7"),
        ("/petugas/akun?cari=%2F%2Fevil.example", "/petugas/akun?cari=%2F%2Fevil.example"),
    ],
)
def test_our_own_pages_are_found_again(app: Flask, address: str, where: str) -> None:
    with app.test_request_context("/masuk"):
        assert safe_next(address) == where


def test_a_stranger_at_a_guarded_page_comes_back_to_it(app: Flask) -> None:
    client = browser(app)
    response = client.get("/petugas/akun?cari=budi")
    assert response.status_code == 303
    page = client.page(response.headers["Location"])
    assert [i.get("value") for i in page.all("input") if i.get("name") == "next"] == [
        "/petugas/akun?cari=budi"
    ]


def test_htmx_at_a_guarded_page_is_sent_to_the_whole_sign_in_page(app: Flask) -> None:
    response = browser(app).htmx("/petugas/akun?cari=budi", target="results")
    assert response.status_code == 401
    assert urlsplit(response.headers["HX-Redirect"]).path == "/masuk"
    assert not urlsplit(response.headers["HX-Redirect"]).netloc


def test_the_outbox_gets_401_and_never_a_page(app: Flask) -> None:
    response = browser(app).get("/akun", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json is not None
    assert response.json["error"] == "sign_in"


def test_staff_land_on_the_desk_others_on_their_account(app: Flask) -> None:
    with app.test_request_context("/masuk"):
        assert home_of(staff=True) == "/petugas"
        assert home_of(staff=False) == "/akun"
