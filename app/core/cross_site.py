"""Requests from other sites are refused (contract.md section 5).

Every request that is not GET or HEAD needs ``Sec-Fetch-Site`` same-origin or none, else an ``Origin`` equal to
the host, else 403. Public routes need no token, because the service worker keeps their forms for everybody; all
others need one as well. Where a browser sends neither header, a public form needs the token too: without it the
form comes back (422) with its values and a fresh token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError

from app.core.access import Access, access_of

csrf = CSRFProtect()
SAFE_METHODS = {"GET", "HEAD"}

# app.extensions entry: given the session digest of a form that was handed to another session, it returns None to
# let the request pass or the answer to give instead; set by the room of accounts
FOREIGN_FORM: Final = "kop_ukm_foreign_form"


def session_digest(sid: str) -> str:
    """SHA-256 of a session cookie: what the database keeps of it, and what a form's token names."""
    return hashlib.sha256(sid.encode()).hexdigest()


class FormTokenSession(SecureCookieSessionInterface):
    """Flask's ``session`` holds nothing but the secret of the form token.

    Signed in: the digest of the session cookie, signed; nothing is stored, and a form that outlives its session
    still tells whose it was. A stranger gets no cookie at all, except in
    the fallback, where a signed cookie binds the token to the browser that was shown the form.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request."""
        sid = request.cookies.get(app.config["SID_COOKIE"])
        if sid is not None:
            return SecureCookieSession({"csrf_token": session_digest(sid)})
        if self.get_cookie_name(app) not in request.cookies:
            return SecureCookieSession()  # most strangers: nothing to check a signature of
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set a cookie only for the fallback."""
        if request.cookies.get(app.config["SID_COOKIE"]) is None and session.modified:
            super().save_session(app, session, response)


def check_cross_site() -> BaseResponse | None:
    """before_request: the rule above. Sets ``g.token_missing`` where a public form must come back with a token."""
    if request.method in SAFE_METHODS:
        return None
    vouched = browser_vouches()
    public = access_of(current_app, request.endpoint or "") in (Access.PUBLIC, None)
    if vouched and public:
        return None
    if _token_is_right():
        return None
    if public:
        g.token_missing = True
        return None
    digest = digest_in_token() if vouched else None
    if digest is None:
        abort(403)
    judge: Callable[[str], BaseResponse | None] = current_app.extensions[FOREIGN_FORM]
    return judge(digest)


def browser_vouches() -> bool:
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


def _sent_token() -> str:
    """The header first: an outbox fetches a fresh one when it sends, beside the one that the old form holds."""
    return request.headers.get("X-CSRFToken") or request.form.get("csrf_token") or ""


def digest_in_token() -> str | None:
    """The session digest that the sent token names, or None when we did not sign it."""
    try:
        found = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token").loads(
            _sent_token()
        )
    except BadData:
        return None
    return found if isinstance(found, str) else None


def bind_form_token(sid: str) -> None:
    """From here on, forms of the running answer belong to the session ``sid`` (just opened by this request)."""
    session["csrf_token"] = session_digest(sid)
    session.modified = False  # no fallback cookie: the session cookie itself travels with this answer
    g.pop("csrf_token", None)


def _token_is_right() -> bool:
    try:
        validate_csrf(_sent_token())
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
