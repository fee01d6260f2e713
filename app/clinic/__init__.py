"""Room clinic: Clean & Clear, the free consultation in half-hour slots."""

from flask import Flask

from app.core.access import Room
from app.core.db import db
from app.core.kept import keep_answers
from app.core.language import say
from app.core.on_phone import add_shortcut, keep_page
from app.core.typed_words import speak_for

room = Room("clinic", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands and what it puts on phones."""
    from app.clinic.commands import clinic_group
    from app.clinic.queries.timetable import online_cost
    from app.clinic.services.timetable import remake_days
    from app.clinic.words import typed_words
    from app.registry.services.holidays import FOLLOWERS

    if remake_days not in FOLLOWERS:
        FOLLOWERS.append(remake_days)
    app.cli.add_command(clinic_group)
    speak_for(app, room.name, typed_words)
    # a global: seen by blocks that come alone, on every page that offers to meet by Zoom
    app.jinja_env.globals["online_cost"] = lambda: online_cost(db.session())
    add_shortcut(app, say("Konsultasi gratis"), "/klinik/minta-jadwal", order=30)
    keep_page(app, "/klinik/minta-jadwal")
    keep_answers(app, "/klinik/terdekat")


from app.clinic import desk, routes  # noqa: F401 - doors hang themselves on the room
