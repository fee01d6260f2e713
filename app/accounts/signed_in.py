"""From the session cookie to the person of a request, and back: loading, opening, ending.

The cookie holds 256 random bits; the database only their SHA-256. Flask's own ``session`` carries no sign-in data.
"""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Request, Response, current_app, g, request
from sqlalchemy.exc import OperationalError

from app.accounts.queries.identity import SignedIn, find_signed_in
from app.accounts.rules.powers import powers_on
from app.accounts.rules.sessions import (
    LAST_SEEN_EVERY,
    MEMBER_ABSOLUTE,
    device_name,
    is_staff,
    second_factor_is_fresh,
)
from app.accounts.services.signing_in import touch_session
from app.core.access import ANONYMOUS, Actor, Role, login_manager
from app.core.clock import now, today
from app.core.cross_site import bind_form_token, session_digest
from app.core.transaction import atomically

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Let Flask-Login know people by our cookie alone."""
    login_manager.session_protection = None  # it would keep notes in Flask's session
    login_manager.anonymous_user = lambda: ANONYMOUS
    login_manager.request_loader(_load_person)
    app.before_request(_note_last_seen)


def presented_sid() -> str | None:
    """The session cookie of the running request."""
    return request.cookies.get(current_app.config["SID_COOKIE"])


def _load_person(asked: Request) -> Actor | None:
    sid = asked.cookies.get(current_app.config["SID_COOKIE"])
    if not sid:
        return None  # a stranger costs no look at the database
    found = find_signed_in(session_digest(sid), now=now(), today=today())
    if found is None:
        return None
    g.signed_in = found
    return actor_of(found)


def actor_of(found: SignedIn) -> Actor:
    """The person with the powers of today."""
    powers = powers_on(today(), found.own, found.absent)
    return Actor(
        account_id=found.account_id,
        name=found.name,
        role=powers.role,
        section=powers.section,
        kecamatan_codes=powers.kecamatan_codes,
        everywhere=powers.everywhere,
        may_decide=powers.may_decide,
        language=found.language,
        session_id=found.session_id,
        has_second_factor=found.has_second_factor,
        stepped_up=found.has_second_factor and second_factor_is_fresh(found.second_factor_at, now()),
        extra_powers=powers.extra_powers,
    )


def _note_last_seen() -> None:
    """At guarded doors, at most every five minutes, in a write block of its own.

    A page that asks by itself (keep-fresh.js) says so: a desk that nobody sits at is signed out like any other.
    """
    found: SignedIn | None = g.get("signed_in")
    if found is None or now() - found.last_seen_at < LAST_SEEN_EVERY or "X-By-Itself" in request.headers:
        return
    try:
        atomically(lambda s: touch_session(s, session_id=found.session_id), tries=1)
    except OperationalError:
        log.warning("last seen not noted: the database was busy")  # not worth turning anybody away


def new_sid() -> str:
    """A new session cookie's value."""
    return secrets.token_urlsafe(32)


def this_device() -> str:
    """The browser of the running request as people call it."""
    return device_name(request.headers.get("User-Agent", ""))


def enter(sid: str) -> Actor:
    """From here on, the running request belongs to the session ``sid`` that was opened a moment ago."""
    found = find_signed_in(session_digest(sid), now=now(), today=today())
    if found is None:
        raise RuntimeError("the session just opened is not there")
    actor = actor_of(found)
    g._login_user = actor  # where Flask-Login keeps the person of a request
    bind_form_token(sid)
    return actor


def give_cookie(response: Response, sid: str, role: Role) -> Response:
    """Hand the session to the browser: for staff until it closes (shared office PCs), for members to stay."""
    response.set_cookie(
        current_app.config["SID_COOKIE"],
        sid,
        max_age=None if is_staff(role) else int(MEMBER_ABSOLUTE.total_seconds()),
        path="/",
        secure=current_app.config["SETTINGS"].secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def take_cookie(response: Response) -> Response:
    """Take the session from the browser, and whatever it kept of our pages. Drafts that were not sent stay."""
    response.delete_cookie(
        current_app.config["SID_COOKIE"],
        path="/",
        secure=current_app.config["SETTINGS"].secure,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
