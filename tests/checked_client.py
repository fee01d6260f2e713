"""The test client: a browser that inspects every page it is given.

``client.get(...)``, ``client.post(...)`` as usual, with three differences: every HTML answer is judged by
``page_rules`` (``check=False`` turns it off for one request), ``Sec-Fetch-Site: same-origin`` is sent as a browser
does (``site=None`` sends none, ``site="cross-site"`` that), and somebody signed in sends the form token by itself
(``token=False`` does not). ``client.htmx(url, target="results")`` asks for a fragment.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from app.core.db import db
from tests.page_rules import Inspected, parse, problems

WANTED_HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
)


class BadPage(AssertionError):
    """A page broke rules of the house; all of them are listed."""


class CheckedClient(FlaskClient):
    """See the module. ``sid``: the session cookie's value of the person signed in, or None."""

    application: Flask
    sid: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request, answered as if nothing of the test were around it, and judged."""
        check = kwargs.pop("check", True)
        kwargs.setdefault("buffered", True)
        self._dress(kwargs)
        _let_go()
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        _let_go()
        if check:
            self._judge(response)
        return response

    def htmx(self, url: str, *, target: str, **kwargs: Any) -> TestResponse:
        """GET (or ``method=``) as HTMX would, for the block ``target``."""
        headers = {"HX-Request": "true", "HX-Target": target, **kwargs.pop("headers", {})}
        return self.open(url, headers=headers, **kwargs)

    def page(self, url: str, **kwargs: Any) -> Inspected:
        """GET ``url``, expect 200, and return the parsed page."""
        response = self.get(url, **kwargs)
        assert response.status_code == 200, f"{url}: {response.status}"
        return self.parsed(response)

    def parsed(self, response: TestResponse) -> Inspected:
        """The page in ``response``."""
        html = response.get_data(as_text=True)
        whole = html.lstrip()[:9].lower() == "<!doctype"
        parts = urlsplit(response.request.url)
        url = parts.path + (f"?{parts.query}" if parts.query else "")
        return parse(self.application, url, html, dict(response.headers), whole=whole)

    def enter(self, sid: str) -> None:
        """From here on this is the browser of the session ``sid``."""
        self.sid = sid
        self.set_cookie(self.application.config["SID_COOKIE"], sid)

    def leave(self) -> None:
        """Forget the session on this side only."""
        self.sid = None
        self.delete_cookie(self.application.config["SID_COOKIE"])

    def token(self) -> str:
        """The form token of this browser."""
        cookies = {"Cookie": f"{self.application.config['SID_COOKIE']}={self.sid}"} if self.sid else {}
        return contextvars.Context().run(self._token, cookies)

    def _token(self, headers: dict[str, str]) -> str:
        with self.application.test_request_context("/", headers=headers):
            token: Any = generate_csrf()
            return str(token)

    def _dress(self, kwargs: dict[str, Any]) -> None:
        """Add what a browser sends by itself."""
        site = kwargs.pop("site", "same-origin")
        token = kwargs.pop("token", self.sid is not None)
        headers = dict(kwargs.pop("headers", None) or {})
        if site is not None:
            headers.setdefault("Sec-Fetch-Site", site)
        if token and kwargs.get("method", "GET") not in {"GET", "HEAD"}:
            headers.setdefault("X-CSRFToken", self.token())
        kwargs["headers"] = headers

    def _judge(self, response: TestResponse) -> None:
        found = [f"no header {name}" for name in WANTED_HEADERS if name not in response.headers]
        if (
            response.mimetype == "text/html"
            and response.status_code
            not in {
                204,
                301,
                302,
                303,
                304,
                307,
                308,
            }
            and response.request.method != "HEAD"
        ):
            found += problems(self.parsed(response))
        if found:
            request = response.request
            raise BadPage(f"{request.method} {request.url} -> {response.status}\n  " + "\n  ".join(found))


def _let_go() -> None:
    """End the read snapshot of the test itself, so that it sees what the request wrote."""
    from flask import has_app_context

    if has_app_context():
        db.session.rollback()


Enter = Callable[[str], CheckedClient]
