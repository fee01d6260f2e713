"""The front page and the short help pages."""

from __future__ import annotations

from flask import Response

from app.cooperatives import notices, room
from app.core.access import Access
from app.core.page import page
from app.registry.packing import working_days
from app.registry.queries.tally import public_total
from app.registry.rules import RecordKind


@room.get("/", access=Access.PUBLIC)
def home() -> Response:
    """What there is, in pictures; the office's promise; a search box."""
    return page("cooperatives/home.html", total=public_total(RecordKind.COOPERATIVE), days=working_days())


@room.get("/koperasi/mendirikan", access=Access.PUBLIC)
def found() -> Response:
    """How a cooperative comes into being, step by step (domain notes 2.2)."""
    return page("cooperatives/found.html")


@room.get("/bantuan", access=Access.PUBLIC)
def help_page() -> Response:
    """How this works."""
    return page("cooperatives/help.html", days=working_days())


@room.get("/privasi", access=Access.PUBLIC)
def privacy() -> Response:
    """What happens with personal data, and whom to ask."""
    return page(
        "cooperatives/privacy.html", registration=notices.REGISTRATION.text, contact=notices.CONTACT.text
    )
