"""Room: what the application is outside the network: its manifest, the page without signal, its signs of life."""

from flask import Flask

from app.core.access import Room
from app.core.language import say
from app.core.on_phone import add_shortcut, keep_page

room = Room("offline", __name__)


def furnish(app: Flask) -> None:
    """Keep this room's pages on phones, and what waits there on the icon."""
    add_shortcut(app, say("Kiriman di HP ini"), "/kotak-keluar", order=40)
    keep_page(app, "/luring")
    keep_page(app, "/kunci")
    keep_page(app, "/kotak-keluar")
    keep_page(app, "/titipan", extra=True)
    keep_page(app, "/bagikan", extra=True)


from app.offline import box, carried, desk, routes, sealing  # noqa: F401 - the door needs the room
