"""Room: regions. Kecamatan, desa and kelurahan by their Kemendagri codes, and the spellings people use."""

from app.core.access import Room

room = Room("regions", __name__)

from app.regions import commands, routes  # noqa: F401 - the doors need the room first
