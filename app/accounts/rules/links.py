"""Pure vocabulary and rules of the room accounts."""

from __future__ import annotations

from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    FIRST_ADMINISTRATOR = "first_administrator"  # an empty installation; names no account yet
    FIRST_PASSWORD = "first_password"
    NEW_PASSWORD = "new_password"
