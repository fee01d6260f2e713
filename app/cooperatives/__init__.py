"""Room: cooperatives."""

from app.core.access import Room

room = Room("cooperatives", __name__)
