"""Officers' door of the clinic. One file per task."""

from app.clinic.desk import (  # noqa: F401 - doors hang themselves on the room
    advising,
    attendance,
    broadcast,
    closures,
    earlier,
    experts,
    moving,
    numbers,
    roster,
    screen,
    timetable,
    today,
    walk_in,
    wishes,
)
