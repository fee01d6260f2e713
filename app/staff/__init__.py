"""Room: staff."""

from app.core.access import Room

room = Room("staff", __name__)
