"""The tools of the tests themselves can fail: each guard is shown something bad."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.accounts.models import Account
from app.core.clock import today
from app.core.db import db
from app.regions.models import Desa, Kecamatan
from tests import network
from tests.cast import PARTS, Cast
from tests.checked_client import CheckedClient
from tests.page_rules import parse, problems

GOOD = '<p id="a">Baik</p>'


def test_every_test_starts_on_monday() -> None:
    assert today().isoformat() == "2026-11-23"


def test_the_clock_moves(at: Callable[[str], None]) -> None:
    at("2026-12-01T00:30+07:00")
    assert today().isoformat() == "2026-12-01"


def test_another_machine_is_out_of_reach() -> None:
    with pytest.raises(network.ReachedOut), socket.socket() as s:
        s.connect(("192.0.2.1", 80))
    assert network.attempts
    network.attempts.clear()


def test_regions_are_there(app: Flask) -> None:
    counts = [db.session.execute(select(func.count()).select_from(t)).scalar_one() for t in (Kecamatan, Desa)]
    assert counts == [40, 435]


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_the_next_never_sees(app: Flask, cast: Cast, turn: int) -> None:
    assert db.session.execute(select(func.count()).select_from(Account)).scalar_one() == 0
    assert cast["officer"].account_id == 1
    assert db.session.execute(select(func.count()).select_from(Account)).scalar_one() == 1


@pytest.mark.parametrize("name", PARTS)
def test_the_whole_cast_can_come(cast: Cast, name: str) -> None:
    assert cast[name].name == name


def test_outside_a_write_block_the_database_refuses(app: Flask) -> None:
    with pytest.raises(Exception, match="read-?only"):
        db.session.execute(text("DELETE FROM rate_counter"))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p><div>", "not valid HTML"),
        ('<p id="a"></p><p id="a"></p>', "occurs 3 times"),
        ('<input name="x">', "no label"),
        ('<label for="x"></label><input id="x" name="x">', "no label"),
        ("<button></button>", "without words"),
        ('<form action="/tidak-ada" method="post"></form>', "no address of ours"),
        ('<a href="/koperasi" hx-get="/lain">x</a>', "no plain twin"),
        ('<div hx-get="/koperasi">x</div>', "no plain twin"),
        ('<button hx-post="/koperasi">x</button>', "no plain twin"),
        ('<p hx-on:click="x()">x</p>', "not used in this house"),
        ('<p hx-trigger="click[x]">x</p>', "holds a script"),
        ('<p style="color:red">x</p>', "style"),
        ('<p onclick="x()">x</p>', "onclick"),
        ("<script>x()</script>", "script without src"),
        ('<script src="/static/a.js"></script>', "wants defer"),
        ('<img src="https://elsewhere.example/a.png" alt="" width="1" height="1">', "from elsewhere"),
        ('<a href="javascript:x()">x</a>', "a link to"),
        ('<img src="/a.png" width="1" height="1">', "without alt"),
        ('<img src="/a.png" alt="">', "without width"),
        ("<p>Halo %(name)s</p>", "unfilled place"),
    ],
)
def test_the_inspector_sees(application: Flask, html: str, words: str) -> None:
    found = problems(parse(application, "/", GOOD + html, {}, whole=False))
    assert any(words in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        ("<title>Satu</title><style></style>", "<h1>Satu</h1><h1>Dua</h1>", "exactly one h1"),
        ("<style></style>", "<h1>Satu</h1>", "exactly one title"),
        ("<title>Lain - Kop-UKM</title><style></style>", "<h1>Satu</h1>", "says nothing of"),
        ("<title>Satu</title>", "<h1>Satu</h1>", "wants one <style>"),
        ("<title>Satu</title><style>p{}</style>", "<h1>Satu</h1>", "not in Content-Security-Policy"),
        ("<title>Satu</title>", '<h1>Satu</h1><a href="#x">x</a>', "points to nothing"),
        ("<title>Satu</title>", '<h1>Satu</h1><p aria-describedby="x">x</p>', "points to nothing"),
    ],
)
def test_the_inspector_sees_of_a_whole_page(application: Flask, head: str, body: str, words: str) -> None:
    html = f'<!DOCTYPE html><html lang="id"><head>{head}</head><body>{body}</body></html>'
    found = problems(parse(application, "/", html, {}, whole=True))
    assert any(words in sentence for sentence in found), found


def test_the_inspector_is_content_with_a_good_fragment(application: Flask) -> None:
    assert problems(parse(application, "/", GOOD, {}, whole=False)) == []


def test_requests_do_not_share_the_context_of_the_test(app: Flask, client: CheckedClient) -> None:
    first = client.get("/tidak-ada", check=False)
    second = client.get("/tidak-ada?bahasa=en", check=False)
    assert first.get_data() != second.get_data()
