"""Room: offline."""

from app.core.access import Room

room = Room("offline", __name__)
