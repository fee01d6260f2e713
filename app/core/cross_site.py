"""Requests from other sites are refused (contract.md section 5).

Every request that is not GET or HEAD needs ``Sec-Fetch-Site`` same-origin or none, else an ``Origin`` equal to
the host, else 403. Public routes need no token, because the service worker keeps their forms for everybody; all
others need one as well. Where a browser sends neither header, a public form needs the token too: without it the
form comes back (422) with its values and a fresh token.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from wtforms import ValidationError

from app.core.access import Access, access_of

csrf = CSRFProtect()
SAFE_METHODS = {"GET", "HEAD"}


class FormTokenSession(SecureCookieSessionInterface):
    """Flask's ``session`` holds nothing but the secret of the form token.

    Signed in: derived from the session cookie, nothing is stored. A stranger gets no cookie at all, except in
    the fallback, where a signed cookie binds the token to the browser that was shown the form.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request."""
        sid = request.cookies.get(app.config["SID_COOKIE"])
        if sid is None:
            return super().open_session(app, request)
        secret = hmac.new(str(app.secret_key).encode(), b"form token" + sid.encode(), hashlib.sha256).hexdigest()
        return SecureCookieSession({"csrf_token": secret})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set a cookie only for the fallback."""
        if request.cookies.get(app.config["SID_COOKIE"]) is None and session.modified:
            super().save_session(app, session, response)


def check_cross_site() -> None:
    """before_request: the rule above. Sets ``g.token_missing`` where a public form must come back with a token."""
    if request.method in SAFE_METHODS:
        return
    vouched = _browser_vouches()
    public = access_of(current_app, request.endpoint or "") in (Access.PUBLIC, None)
    if vouched and public:
        return
    if _token_is_right():
        return
    if public:
        g.token_missing = True
        return
    abort(403)


def _browser_vouches() -> bool:
    """True when the browser itself says the request comes from our pages; aborts when it says otherwise."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return True
    origin = request.headers.get("Origin")
    if origin is not None:
        if urlsplit(origin).netloc != request.host:
            abort(403)
        return True
    return False


def _token_is_right() -> bool:
    token = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


def token_missing() -> bool:
    """True when this public POST must be answered 422 with its values and a token, and nothing may be done."""
    return bool(g.get("token_missing", False))


def token_needed(actor_is_known: bool) -> bool:
    """True when forms on this page must carry a token."""
    return actor_is_known or token_missing()


def install(app: Flask) -> None:
    """Use our session interface and Flask-WTF's token, checked by our rule instead of its own."""
    app.session_interface = FormTokenSession()
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # an offline form may wait for days
        WTF_CSRF_SSL_STRICT=False,  # the Referer rule would refuse browsers that send none
    )
    csrf.init_app(app)


def form_token() -> str:
    """The token for a form of this browser."""
    token: Any = generate_csrf()
    return str(token)
