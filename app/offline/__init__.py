"""Room: what the application is outside the network: its manifest, the page without signal, its signs of life."""

from flask import Flask

from app.core.access import Room
from app.core.on_phone import keep_page

room = Room("offline", __name__)


def furnish(app: Flask) -> None:
    """Keep this room's pages on phones."""
    keep_page(app, "/luring")
    keep_page(app, "/kunci")
    keep_page(app, "/kotak-keluar")
    keep_page(app, "/titipan", extra=True)


from app.offline import box, carried, desk, routes, sealing  # noqa: F401 - the door needs the room
