"""Room staff: the officers' front desk, on the top floor: it may read every room."""

from flask import Flask

from app.core.access import Room

room = Room("staff", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands."""
    from app.staff.chores import jobs_group
    from app.staff.demo import demo_group

    app.cli.add_command(demo_group)
    app.cli.add_command(jobs_group)


from app.staff import desk  # noqa: F401 - doors hang themselves on the room
