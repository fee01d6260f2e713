"""Pure vocabulary and rules of the room accounts."""

from __future__ import annotations

from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    FIRST_ADMINISTRATOR = "first_administrator"  # an empty installation; names no account yet
    FIRST_PASSWORD = "first_password"  # noqa: S105 - the name of a purpose
    NEW_PASSWORD = "new_password"  # noqa: S105
