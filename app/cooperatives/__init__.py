"""Room cooperatives: the registry of cooperatives, from registration to look-up."""

from flask import Flask

from app.core.access import Room

room = Room("cooperatives", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands and its kind of import."""
    from app.cooperatives.commands import cooperatives_group
    from app.cooperatives.importing.kind import CooperativeKind
    from app.imports.kinds import register_kind

    app.cli.add_command(cooperatives_group)
    register_kind(CooperativeKind())


from app.cooperatives import desk, routes  # noqa: F401 - doors hang themselves on the room
