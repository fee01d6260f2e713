"""Mails and some messengers break long lines. The desk puts a sealed submission together again.

Where the sealed part ends cannot be seen: the words after it may use the same letters. But only the whole opens, so
pieces are added one by one until it does. Only the server can try that; a phone that carries asks for the text again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from app.core.crypt import keys
from app.core.office_key import CannotOpenSealed, open_sealed
from app.offline.carried_rules import CarriedItem

MOST_PIECES: Final = 60
MOST_BROKEN: Final = 20
_HEAD: Final = re.compile(r"KOPUKM1((?:\s+>*)+\S+){4}\s+")
_PIECE: Final = re.compile(r"(?:\s|>)*([A-Za-z0-9_-]+)(?=\s|$)")

Opens = Callable[[CarriedItem], bool]


def opens(item: CarriedItem) -> bool:
    """True when the office can open it."""
    bound_to = item.address + item.submission_id
    try:
        open_sealed(item.sealed, bound_to=bound_to, office=keys().office)
    except CannotOpenSealed:
        return False
    return True


def rejoin(text: str, opens: Opens = opens) -> str:
    """``text`` with every sealed submission in one line, as far as its pieces are there."""
    done: list[str] = []
    rest, broken = text, 0
    while broken < MOST_BROKEN and (found := _HEAD.search(rest)) is not None:
        head = found.group().replace(">", " ").split()
        sealed, end = _sealed_after(rest, found.end(), head, opens)
        done += [rest[: found.start()], " ".join([*head, sealed]), "\n"]
        rest = rest[end:]
        broken += 1
    return "".join([*done, rest])


def _sealed_after(text: str, start: int, head: list[str], opens: Opens) -> tuple[str, int]:
    """The sealed part that begins at ``start`` and where it ends; its first piece alone when nothing opens."""
    sealed, end, first = "", start, None
    for _ in range(MOST_PIECES):
        piece = _PIECE.match(text, end)
        if piece is None:
            break
        sealed, end = sealed + piece[1], piece.end()
        first = first or (sealed, end)
        if opens(CarriedItem(head[1], head[2].lower(), 0, 0, sealed)):
            return sealed, end
    return first or ("", start)
