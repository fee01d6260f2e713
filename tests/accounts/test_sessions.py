"""How long a sign-in holds and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import signed_in
from app.accounts.models import SignInSession
from app.accounts.rules.sessions import device_name
from app.accounts.services import signing_in
from app.accounts.services.managing import disable_account
from app.core.access import Role
from app.core.clock import now
from app.core.cross_site import session_digest
from app.core.db import db
from app.core.transaction import atomically
from tests.checked_client import CheckedClient
from tests.factories.accounts import MAKER, browser, make_account, signed_in_browser

At = Callable[[str], None]


def is_in(client: CheckedClient) -> bool:
    return client.get("/akun").status_code == 200


def test_it_works(app: Flask) -> None:
    assert is_in(signed_in_browser(app, make_account(Role.MEMBER)))
    assert not is_in(browser(app))


def test_staff_are_signed_out_after_an_hour_of_rest(app: Flask, at: At) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    at("2026-11-23T09:59+07:00")
    assert is_in(client)
    at("2026-11-23T10:58+07:00")
    assert is_in(client)
    at("2026-11-23T12:00+07:00")
    assert not is_in(client)


def test_staff_are_signed_out_after_twelve_hours_however_busy(app: Flask, at: At) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    for minutes in range(50, 12 * 60, 50):  # never an hour of rest
        at(f"2026-11-23T{9 + minutes // 60:02}:{minutes % 60:02}+07:00")
        assert is_in(client)
    at("2026-11-23T21:01+07:00")
    assert not is_in(client)


def test_members_stay_for_thirty_days_of_rest_and_ninety_in_all(app: Flask, at: At) -> None:
    rests, visits = (signed_in_browser(app, make_account(Role.MEMBER)) for _ in range(2))
    at("2026-12-20T09:00+07:00")
    assert is_in(visits)
    at("2026-12-24T09:00+07:00")
    assert not is_in(rests)
    for day in ("2027-01-15", "2027-02-10", "2027-02-20"):
        at(f"{day}T09:00+07:00")
        assert is_in(visits)
    at("2027-02-22T09:00+07:00")
    assert not is_in(visits)


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask) -> None:
    client, thief = signed_in_browser(app, make_account(Role.MEMBER)), browser(app)
    thief.enter(client.sid or "")
    assert is_in(thief)
    response = client.post("/keluar")
    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert "sid=;" in response.headers["Set-Cookie"]
    assert not is_in(thief)


def test_signing_out_twice_is_harmless(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER))
    assert [client.post("/keluar").status_code for _ in range(2)] == [303, 303]
    assert browser(app).post("/keluar").status_code == 303


def test_another_site_cannot_sign_me_out(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER))
    assert client.post("/keluar", site="cross-site").status_code == 403
    assert is_in(client)


def test_changing_user_ends_the_session_and_asks_the_next_person(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    response = client.post("/ganti-pengguna")
    assert response.headers["Location"] == "/masuk"
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert not is_in(client)


def test_signing_out_everywhere_ends_all_browsers_of_this_person_only(app: Flask) -> None:
    made, other = make_account(Role.MEMBER), make_account(Role.MEMBER)
    here, there, stranger = (signed_in_browser(app, m) for m in (made, made, other))
    here.post("/akun/perangkat/keluar-semua")
    assert [is_in(c) for c in (here, there, stranger)] == [False, False, True]


def test_a_disabled_account_is_out_at_the_next_request(app: Flask) -> None:
    made = make_account(Role.OFFICER)
    client = signed_in_browser(app, made)
    atomically(lambda s: disable_account(s, account_id=made.account_id, actor=MAKER))
    assert not is_in(client)
    assert client.get("/akun", headers={"Accept": "application/json"}).status_code == 401


def test_a_late_note_of_last_use_does_not_bring_a_session_back(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    session_id = db.session.scalar(select(SignInSession.id)) or 0
    client.post("/keluar")
    atomically(lambda s: signing_in.touch_session(s, session_id=session_id))
    thief = browser(app)
    thief.enter(client.sid or "")
    assert not is_in(thief)


def last_seen() -> object:
    return db.session.scalar(select(SignInSession.last_seen_at))


def test_use_is_noted_at_most_every_five_minutes(app: Flask, at: At) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    first = last_seen()
    at("2026-11-23T09:04+07:00")
    client.get("/akun")
    assert last_seen() == first
    at("2026-11-23T09:06+07:00")
    client.get("/akun", headers={"X-By-Itself": "1"})
    assert last_seen() == first, "a page that asks by itself is nobody's use"
    client.get("/akun")
    assert last_seen() != first


def test_a_busy_database_turns_nobody_away_for_a_note(
    app: Flask, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def busy(*_args: object, **_more: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    client = signed_in_browser(app, make_account(Role.OFFICER))
    monkeypatch.setattr(signed_in, "touch_session", busy)
    at("2026-11-23T09:30+07:00")
    assert is_in(client)


def test_nothing_of_the_sign_in_lies_in_flasks_session(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    response = client.get("/akun")
    assert "Set-Cookie" not in response.headers
    assert [c.key for c in (client._cookies or {}).values()] == ["sid"]


def test_my_browsers_are_listed_and_this_one_is_marked(app: Flask) -> None:
    made = make_account(Role.OFFICER)
    signed_in_browser(app, made)
    client = signed_in_browser(app, made)
    text = client.get("/akun/perangkat").get_data(as_text=True)
    assert 'data-total="2"' in text
    assert text.count("Perangkat ini") == 1


def test_ended_sessions_are_forgotten_after_a_week(app: Flask, at: At) -> None:
    signed_in_browser(app, make_account(Role.MEMBER))
    signed_in_browser(app, make_account(Role.OFFICER)).post("/keluar")
    at("2026-11-29T09:00+07:00")
    assert atomically(signing_in.forget_ended_sessions) == 0
    at("2026-12-01T09:01+07:00")
    assert atomically(signing_in.forget_ended_sessions) == 1
    assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_the_absolute_end_is_written_at_the_start(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.OFFICER))
    ends = db.session.scalar(
        select(SignInSession.expires_at).where(SignInSession.token_hash == session_digest(client.sid or ""))
    )
    assert ends is not None
    assert abs(ends - now() - timedelta(hours=12)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A042F) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
