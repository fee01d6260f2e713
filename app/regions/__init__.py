"""Room: regions. Kecamatan, desa and kelurahan by their Kemendagri codes, and the spellings people use."""

from flask import Flask

from app.core.access import Room
from app.core.on_phone import keep_page

room = Room("regions", __name__)


def furnish(app: Flask) -> None:
    """Every form needs the list of places, also without signal."""
    keep_page(app, "/wilayah/semua.txt")


from app.regions import commands, routes  # noqa: F401 - the doors need the room first
