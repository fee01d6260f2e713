"""Kept answers: the same question is answered from memory, but never with old data and never with somebody's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.core import kept
from app.core.access import Access, access_of
from app.core.db import db
from app.core.kept import Answer, KeptAnswers, Shelf, Sign
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.statement_watch import statements_sent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LIST = "/koperasi?cari=maju"


def text(client: CheckedClient, address: str = LIST, **options: Any) -> str:
    return client.get(address, **options).get_data(as_text=True)


def statements(client: CheckedClient, address: str = LIST, **options: Any) -> int:
    """How many statements an answer costs."""
    with statements_sent() as seen:
        client.get(address, **options)
    return len(seen)


def _least_statements(client: CheckedClient) -> int:
    """Of many times: on PostgreSQL whatever else the cluster writes (other tests) changes the sign too."""
    return min(statements(client) for _ in range(50 if db.engine.dialect.name == "postgresql" else 1))


def test_the_second_time_an_answer_costs_no_search(client: CheckedClient) -> None:
    make_cooperative("Koperasi Tani Maju")
    first = client.get(LIST)
    assert _least_statements(client) == 0
    second = client.get(LIST)
    assert second.get_data() == first.get_data()
    assert second.headers.to_wsgi_list() == first.headers.to_wsgi_list()


def test_a_write_is_seen_at_once(client: CheckedClient) -> None:
    make_cooperative("Koperasi Tani Maju")
    assert "Karya Maju" not in text(client)
    make_cooperative("Koperasi Karya Maju")
    assert "Karya Maju" in text(client)


def test_without_the_sign_old_data_would_be_shown(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the sign that the test above relies on."""
    monkeypatch.setattr(Sign, "__call__", lambda _self: "the same for ever")
    make_cooperative("Koperasi Tani Maju")
    assert "Karya Maju" not in text(client)
    make_cooperative("Koperasi Karya Maju")
    assert "Karya Maju" not in text(client)


OTHER_PROCESS = """
import sys
from sqlalchemy import create_engine, text
with create_engine(sys.argv[1]).begin() as connection:
    connection.execute(text("UPDATE cooperative SET name = 'Koperasi Tani Maju Sekali'"))
"""


def test_a_write_of_another_process_is_seen_at_once(app: Flask, client: CheckedClient) -> None:
    make_cooperative("Koperasi Tani Maju")
    assert "Maju Sekali" not in text(client)
    url = db.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, url], check=True)
    _note_that_it_was_written()
    assert "Maju Sekali" in text(client)


def _note_that_it_was_written() -> None:
    """For the fixture that puts the database back: it sees only what this process writes."""
    _rename("Koperasi Tani Maju Sekali")


def _rename(name: str) -> None:
    def deed(session: Session) -> None:
        session.execute(update(Cooperative).values(name=name))

    atomically(deed)


def test_what_is_not_committed_changes_nothing(client: CheckedClient) -> None:
    make_cooperative("Koperasi Tani Maju")
    client.get(LIST)

    def deed(session: Session) -> None:
        session.execute(update(Cooperative).values(name="Koperasi Rahasia"))
        raise RuntimeError("taken back")

    with pytest.raises(RuntimeError, match="taken back"):
        atomically(deed)
    assert "Rahasia" not in text(client)


def test_who_is_known_gets_and_leaves_nothing_there(
    client: CheckedClient, sign_in: Callable[[str], CheckedClient]
) -> None:
    make_cooperative("Koperasi Tani Maju")
    officer = sign_in("officer")
    signed_in = text(officer)
    assert 'href="/akun"' in signed_in
    assert 'href="/akun"' not in text(client)
    assert 'href="/akun"' in text(officer)
    assert statements(officer) > 0


def test_each_language_block_and_day_is_another_question(
    client: CheckedClient, at: Callable[[str], None]
) -> None:
    make_cooperative("Koperasi Tani Maju")
    whole = text(client)
    assert 'lang="en"' in text(client, LIST + "&bahasa=en")[:40]
    block = client.htmx(LIST, target="results").get_data(as_text=True)
    assert "<!DOCTYPE" in whole
    assert "<!DOCTYPE" not in block
    assert client.htmx(LIST, target="results").get_data(as_text=True) == block
    assert text(client) == whole
    assert _least_statements(client) == 0
    at("2026-11-24T09:00+07:00")
    assert statements(client) > 0


def test_only_public_pages_are_kept(app: Flask) -> None:
    paths = app.extensions[kept.EXTENSION]
    rules = {rule.rule: rule for rule in app.url_map.iter_rules()}
    assert paths
    assert {access_of(app, rules[path].endpoint) for path in paths} == {Access.PUBLIC}


# --- the shelf in front of any application ----------------------------------------------------------------------

PLAIN = [("Content-Type", "text/html"), ("Content-Length", "2"), ("Vary", "HX-Request, Accept-Encoding")]


class Asked:
    """An application that counts how often it is asked; its answer is the number."""

    def __init__(self, status: str = "200 OK", headers: list[tuple[str, str]] | None = None) -> None:
        self.times = 0
        self.status = status
        self.headers = PLAIN if headers is None else headers
        self.sign: object | None = 1
        app = Flask("asked")
        kept.keep_answers(app, "/")
        self.front = KeptAnswers(app, self._answer, lambda: self.sign)

    def _answer(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.times += 1
        start_response(self.status, self.headers)
        return [f"{self.times:02}".encode()]

    def ask(self, **environ: str) -> bytes:
        given: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", **environ}
        return b"".join(self.front(given, lambda *_: lambda _data: None))


def test_a_plain_answer_is_kept() -> None:
    asked = Asked()
    assert [asked.ask(), asked.ask(), asked.times] == [b"01", b"01", 1]


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sid=x"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_IF_NONE_MATCH": "x"},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"PATH_INFO": "/lain"},
        {"QUERY_STRING": "x" * 500},
    ],
)
def test_what_is_asked_otherwise_goes_its_usual_way(environ: dict[str, str]) -> None:
    asked = Asked()
    asked.ask()
    assert [asked.ask(**environ), asked.ask(**environ)] == [b"02", b"03"]
    assert asked.ask() == b"01"


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("404 NOT FOUND", ("X", "x")),
        ("302 FOUND", ("Location", "/")),
        ("200 OK", ("Set-Cookie", "form=token")),
        ("200 OK", ("Vary", "Cookie")),
        ("200 OK", ("Vary", "*")),
        ("200 OK", ("Content-Length", str(kept.MOST_BYTES_OF_ONE + 1))),
    ],
)
def test_what_may_be_one_browser_s_alone_is_not_kept(status: str, header: tuple[str, str]) -> None:
    asked = Asked(status, [*PLAIN, header])
    assert [asked.ask(), asked.ask()] == [b"01", b"02"]


def test_an_answer_of_unknown_length_is_not_kept() -> None:
    asked = Asked(headers=[("Content-Type", "text/html")])
    assert [asked.ask(), asked.ask()] == [b"01", b"02"]


@pytest.mark.parametrize(
    "environ",
    [
        {"QUERY_STRING": "cari=tani"},
        {"HTTP_HOST": "lain.example"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_ACCEPT_ENCODING": "br"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_HX_TARGET": "results"},
        {"HTTP_HX_BOOSTED": "true"},
    ],
)
def test_another_question_has_an_answer_of_its_own(environ: dict[str, str]) -> None:
    asked = Asked()
    assert [asked.ask(), asked.ask(**environ), asked.ask(**environ), asked.ask()] == [
        b"01",
        b"02",
        b"02",
        b"01",
    ]


def test_where_the_data_cannot_be_asked_nothing_kept_is_used() -> None:
    asked = Asked()
    asked.ask()
    asked.sign = None
    assert [asked.ask(), asked.ask()] == [b"02", b"03"]
    asked.sign = 1
    assert asked.ask() == b"01"


def test_an_answer_begun_before_a_write_is_old_after_it() -> None:
    """The sign is read first: what is read meanwhile may be newer than it says, never older."""
    asked = Asked()
    signs = iter([1, 2, 2])
    asked.front = KeptAnswers(_named("/"), asked._answer, lambda: next(signs))
    assert [asked.ask(), asked.ask(), asked.ask()] == [b"01", b"02", b"02"]


def _named(path: str) -> Flask:
    app = Flask("named")
    kept.keep_answers(app, path)
    return app


def test_an_answer_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEEP_SECONDS", -1.0)
    asked = Asked()
    assert [asked.ask(), asked.ask()] == [b"01", b"02"]


def test_the_shelf_stays_small() -> None:
    shelf = Shelf()
    for number in range(kept.MOST_ANSWERS + 10):
        shelf.put(number, Answer([], b"", 1, float("inf")))
    assert len(shelf) == kept.MOST_ANSWERS
    assert shelf.get(9, 1) is None
    assert shelf.get(10, 1) is not None  # and is the freshest now
    large = bytes(kept.MOST_BYTES // 2)
    for name in "abc":
        shelf.put(name, Answer([], large, 1, float("inf")))
    assert len(shelf) == 2
    assert [shelf.get(name, 1) is not None for name in "abc"] == [False, True, True]
    shelf.put("c", Answer([], b"", 1, float("inf")))
    shelf.put("d", Answer([], large, 1, float("inf")))
    assert len(shelf) == 3


# --- the sign ---------------------------------------------------------------------------------------------------


def test_the_sign_stands_still_while_people_read(app: Flask, client: CheckedClient) -> None:
    make_cooperative()
    sign = Sign(db.engine)
    still = 0
    for _ in range(
        50 if db.engine.dialect.name == "postgresql" else 1
    ):  # other tests write in the same cluster
        first = sign()
        client.get("/koperasi", headers={"If-None-Match": "x"})
        client.get("/masuk")
        still += sign() == first is not None
    assert still
    before = sign()
    _rename("Koperasi Lain")
    assert sign() not in (before, None)
    sign._forget(db.engine)


def test_a_new_connection_gives_another_sign(app: Flask) -> None:
    """It counts from another beginning, and nobody counted in between."""
    sign = Sign(db.engine)
    first = sign()
    sign._connection.close()
    again = sign()
    assert None not in (first, again)
    assert again != first
    sign._forget(db.engine)


def test_short_lists_of_who_saves_data_are_kept_apart(client: CheckedClient) -> None:
    for number in range(12):
        make_cooperative(f"Koperasi Maju {number}")
    whole, short = (text(client), text(client, headers={"Save-Data": "on"}))
    assert short.count("data-record=") < whole.count("data-record=") == 12
    assert (text(client), text(client, headers={"Save-Data": "on"})) == (whole, short)
    for saving in ({}, {"Save-Data": "on"}):
        if db.engine.dialect.name == "sqlite":
            assert statements(client, headers=saving) == 0, "both are kept"


def test_without_a_database_there_is_no_sign(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sign = Sign(db.engine)

    def refused(*_: object, **__: object) -> None:
        raise db.engine.dialect.loaded_dbapi.OperationalError("nobody there")

    monkeypatch.setattr(db.engine.dialect, "connect", refused)
    assert sign() is None
    monkeypatch.undo()
    assert sign() is not None
    sign._forget(db.engine)
