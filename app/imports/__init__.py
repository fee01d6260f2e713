"""Room imports: lists from spreadsheets come in by a staged batch that can be corrected and undone."""

from flask import Flask

from app.core.access import Room

room = Room("imports", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands."""
    from app.imports.commands import imports_group

    app.cli.add_command(imports_group)


from app.imports import desk  # noqa: F401 - the doors need the room first
