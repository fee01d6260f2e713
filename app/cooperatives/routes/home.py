"""The front page and the short help pages."""

from __future__ import annotations

from flask import Response

from app.cooperatives import notices, room
from app.core.access import Access
from app.core.headers import keep_on_phone
from app.core.page import page
from app.registry.packing import working_days
from app.registry.queries.tally import public_total
from app.registry.rules import RecordKind


@room.get("/", access=Access.PUBLIC)
def home() -> Response:
    """What there is, in pictures; the office's promise; a search box."""
    total = public_total(RecordKind.COOPERATIVE)
    return keep_on_phone(page("cooperatives/home.html", total=total, days=working_days()))


@room.get("/koperasi/mendirikan", access=Access.PUBLIC)
def found() -> Response:
    """How a cooperative comes into being, step by step (domain notes 2.2)."""
    return keep_on_phone(page("cooperatives/found.html"))


@room.get("/bantuan", access=Access.PUBLIC)
def help_page() -> Response:
    """How this works."""
    return keep_on_phone(page("cooperatives/help.html", days=working_days()))


@room.get("/privasi", access=Access.PUBLIC)
def privacy() -> Response:
    """What happens with personal data, and whom to ask."""
    return keep_on_phone(
        page(
            "cooperatives/privacy.html", registration=notices.REGISTRATION.text, contact=notices.CONTACT.text
        )
    )
