"""Room: what the application is outside the network: its manifest, the page without signal, its signs of life."""

from app.core.access import Room

room = Room("offline", __name__)

from app.offline import carried, routes, sealing  # noqa: F401 - the door needs the room
