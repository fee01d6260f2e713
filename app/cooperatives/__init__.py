"""Room cooperatives: the registry of cooperatives, from registration to look-up."""

from flask import Flask

from app.core.access import Room
from app.core.kept import keep_answers
from app.core.language import say
from app.core.on_phone import add_shortcut, keep_page

room = Room("cooperatives", __name__)


def furnish(app: Flask) -> None:
    """Add this room's commands, its kind of import, what it tells other rooms, and what it puts on phones."""
    from app.cooperatives import pocket_shelf
    from app.cooperatives.commands import cooperatives_group
    from app.cooperatives.importing.kind import CooperativeKind
    from app.cooperatives.moving import CODE_LETTER, CooperativeReader
    from app.imports.kinds import register_kind
    from app.registry.queries.moving import READERS

    app.cli.add_command(cooperatives_group)
    register_kind(CooperativeKind())
    READERS[CODE_LETTER] = CooperativeReader()
    keep_answers(app, "/koperasi")
    pocket_shelf.install(app)
    add_shortcut(app, say("Daftarkan koperasi"), "/koperasi/daftar", order=10)
    add_shortcut(app, say("Cari koperasi"), "/koperasi", order=20)
    keep_page(app, "/koperasi/daftar")
    keep_page(app, "/koperasi/saku")
    keep_page(app, "/", extra=True)


from app.cooperatives import desk, routes  # noqa: F401 - doors hang themselves on the room
