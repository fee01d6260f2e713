"""By which link somebody came: carried in the addresses of the clinic, counted by a beacon, never in a cookie.

A GET cannot write here, and should not: caches, previews of messengers and search machines fetch links too. The page
of somebody who came by ``?lewat=`` sends one small POST when it is seen (app/static/js/visit.js); without JavaScript the visit
stays uncounted, while a booking names its channel either way.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Response, abort, has_request_context, request

from app.clinic import room
from app.clinic.rules.broadcast import Channel, channel_of
from app.clinic.services.broadcast import count_visit
from app.core.access import Access
from app.core.cross_site import token_missing
from app.core.limits import Limit, client_address, hit
from app.core.transaction import atomically

VISITS_PER_ADDRESS: Final = Limit("clinic-visits", 300, 60 * 60)
_CARRYING: Final = frozenset({"clinic.index", "clinic.timetable"})


@room.post("/klinik/lewat", access=Access.PUBLIC, submission=False)
def visit() -> Response:
    """One visit by the link of a channel (``lewat``). The same empty answer whether it was counted or not."""
    if token_missing():
        abort(403)
    channel = channel_of(request.form.get("lewat", ""))
    if channel and not hit(VISITS_PER_ADDRESS, client_address()):
        atomically(lambda session: count_visit(session, Channel(channel)))
    return Response(status=204)


def arrived_by() -> str:
    """The channel that the running address names, else ''."""
    return channel_of(request.args.get("lewat", "")) if has_request_context() else ""


@room.app_url_defaults
def _carry(endpoint: str, values: dict[str, Any]) -> None:
    """From the front page to the times, so that the booking can say it."""
    if endpoint in _CARRYING and arrived_by():
        values.setdefault("lewat", arrived_by())


@room.context_processor
def _told() -> dict[str, str]:
    return {"arrived_by": arrived_by()}
