r"""Where to go after signing in. Only to a page of our own address table: comparing the text of an address is a trap.

"/\t/evil" passes every test of "starts with one stroke"; browsers drop the tab and leave for evil. So the address is
matched against the table of routes and built anew from what matched; nothing of the given text survives but
parameters.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.urls import iri_to_uri

_LONGEST = 2000
_DESK = "/petugas"
_OWN_ACCOUNT = "/akun"


def _adapter() -> MapAdapter:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        raise RuntimeError("no address table")
    return adapter


def match_own(path: str, method: str = "GET") -> str | None:
    """The path of our own that answers ``method`` there, built anew; None when there is none."""
    adapter = _adapter()
    try:
        endpoint, values = adapter.match(path, method=method)
    except (HTTPException, RequestRedirect):
        return None
    return adapter.build(endpoint, values, force_external=False)


def room_of(path: str, method: str) -> str:
    """The room whose form answers ``method`` there; '' when nobody does."""
    try:
        endpoint, _values = _adapter().match(path, method=method)
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint).partition(".")[0]


def safe_next(text: str | None) -> str | None:
    """``text`` as an address of a page of ours (path and parameters), or None for anything else."""
    if not text or len(text) > _LONGEST or not text.startswith("/") or not _is_plain(text):
        return None
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return None
    path = match_own(unquote(parts.path))
    if path is None or not path.startswith("/") or path.startswith("//"):
        return None
    return f"{path}?{iri_to_uri(parts.query)}" if parts.query else path


def _is_plain(text: str) -> bool:
    return "\\" not in text and all(c.isprintable() and not c.isspace() for c in text)


def home_of(*, staff: bool) -> str:
    """The first page after signing in: the desk for staff, the own account for everybody else."""
    desk = match_own(_DESK) if staff else None
    return desk or match_own(_OWN_ACCOUNT) or "/"
