"""Room: regions. Kecamatan, desa and kelurahan by their Kemendagri codes, and the spellings people use."""

from flask import Flask

from app.core.access import Room
from app.core.on_phone import keep_page

room = Room("regions", __name__)


def furnish(app: Flask) -> None:
    """Add this room's command. Every form needs the list of places, also without signal."""
    from app.regions.commands import regions_group

    app.cli.add_command(regions_group)
    keep_page(app, "/wilayah/semua.txt")


from app.regions import routes  # noqa: F401 - the doors need the room first
