"""The big screen in the waiting room: who is called to which desk, by letters and number, never by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Response

from app.clinic import room
from app.clinic.queries.today import board
from app.core.access import Access
from app.core.clock import now, today
from app.core.db import db
from app.core.page import page

# As long as this a call stands out from the others.
FRESH: Final = timedelta(minutes=3)


@room.get("/petugas/klinik/layar", access=Access.SERVE_CLINIC)
def desk_screen() -> Response:
    """The page, or its block ``papan`` when it asks for itself again."""
    return page(
        "clinic/desk_screen.html",
        fragments=("papan",),
        board=board(db.session(), today()),
        fresh_since=now() - FRESH,
        moment=now(),
    )
