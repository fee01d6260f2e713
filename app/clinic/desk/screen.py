"""The big screen in the waiting room: who is called to which desk, by letters and number, never by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Response

from app.clinic import room
from app.clinic.desk.fresh import nothing_new, version_of
from app.clinic.queries.today import board
from app.core.access import Access
from app.core.clock import now, today
from app.core.db import db
from app.core.page import page
from app.core.words import time_wib

# As long as this a call stands out from the others.
FRESH: Final = timedelta(minutes=3)


@room.get("/petugas/klinik/layar", access=Access.SERVE_CLINIC)
def desk_screen() -> Response:
    """The page, or its block ``papan`` when it asks for itself again; nothing where it is as it was."""
    shown, fresh_since, moment = board(db.session(), today()), now() - FRESH, now()
    fresh = [one.called_at and one.called_at >= fresh_since for one in shown.called]
    version = version_of(shown, fresh, time_wib(moment))
    return nothing_new("papan", version) or page(
        "clinic/desk_screen.html",
        fragments=("papan",),
        board=shown,
        fresh_since=fresh_since,
        moment=moment,
        version=version,
    )
