"""Room: accounts."""

from app.core.access import Room

room = Room("accounts", __name__)
