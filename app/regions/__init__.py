"""Room: regions."""

from app.core.access import Room

room = Room("regions", __name__)
