"""Officers' door of the cooperatives: queue, record, decisions, contact, edits, lists. One file per task."""

from app.cooperatives.desk import (  # noqa: F401 - doors hang themselves on the room
    assisted,
    contact,
    decisions,
    editing,
    listing,
    merging,
    photos,
    queue,
    record,
)
