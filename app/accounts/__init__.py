"""Room: accounts. People who sign in, their powers, sessions and second factor."""

from __future__ import annotations

from flask import Flask

from app.core.access import Room
from app.core.typed_words import speak_for

room = Room("accounts", __name__)

from app.accounts import desk, doorkeeper, own_account, routes, signed_in  # noqa: F401
from app.accounts.commands import accounts
from app.accounts.desk_words import typed_words


def furnish(app: Flask) -> None:
    """Let core know people by their cookie, answer strangers, and add the commands."""
    signed_in.install(app)
    doorkeeper.install(app)
    app.cli.add_command(accounts)
    speak_for(app, room.name, typed_words)
