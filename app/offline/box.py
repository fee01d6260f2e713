"""Doors: what waits on this phone, and a neighbour's submission taken along.

Both pages are the same for everybody: phones keep them and fill them with what they hold themselves.
"""

from __future__ import annotations

from flask import Response, current_app

from app.core.access import Access
from app.core.headers import keep_on_phone
from app.core.page import page
from app.offline import room
from app.offline.delivering import named_forms, secret_forms


@room.get("/kotak-keluar", access=Access.PUBLIC)
def box() -> Response:
    """What waits on this phone, with its story."""
    own = " ".join(sorted(rule.split("<", 1)[0] for rule in secret_forms(current_app)))
    return keep_on_phone(page("offline/box.html", own=own, names=named_forms(current_app)))


@room.get("/titipan", access=Access.PUBLIC)
def carry() -> Response:
    """Takes a neighbour's sealed submission along. The one page that may use the camera."""
    answer = keep_on_phone(page("offline/carry.html"))
    answer.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    return answer
