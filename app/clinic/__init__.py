"""Room clinic: Clean & Clear, the free consultation in half-hour slots."""

from flask import Flask

from app.core.access import Room

room = Room("clinic", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands and what it puts on phones."""
    from app.clinic.commands import clinic_group

    app.cli.add_command(clinic_group)
