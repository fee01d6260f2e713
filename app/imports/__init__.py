"""Room: imports."""

from app.core.access import Room

room = Room("imports", __name__)
