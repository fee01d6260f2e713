"""The front desk: what waits today, quick search, the guide, the living page of the look."""

from __future__ import annotations

from flask import Response, current_app

from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.page import page
from app.registry.deciding_rules import KIND_WORDS
from app.staff import room
from app.staff.queries import today_for
from app.staff.style_samples import samples


@room.get("/petugas", access=Access.DESK)
def front_desk() -> Response:
    """What waits for me today."""
    return page(
        "staff/front_desk.html",
        waits=today_for(current_actor()),
        kind_words=KIND_WORDS,
        day=today(),
        decision_days=current_app.config["SETTINGS"].decision_days,
    )


@room.get("/petugas/panduan", access=Access.DESK)
def guide() -> Response:
    """The officer's guide: two pages A4, to print and keep beside the screen."""
    return page("staff/guide.html", decision_days=current_app.config["SETTINGS"].decision_days, day=today())


@room.get("/petugas/gaya", access=Access.DESK)
def style_guide() -> Response:
    """Every component in every state."""
    return page("staff/style_guide.html", **samples())
