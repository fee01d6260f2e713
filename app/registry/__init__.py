"""Room: registry."""

from app.core.access import Room

room = Room("registry", __name__)
