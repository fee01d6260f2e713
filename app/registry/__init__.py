"""Room: registry. What all registries share: submissions and receipts, search words, counts, look-alikes, merges."""

from app.core.access import Room

room = Room("registry", __name__)

from app.registry import commands, desk, routes  # noqa: F401 - doors hang themselves on the room

furnish = commands.furnish
