"""Text as it comes from a keyboard, a WhatsApp message or a spreadsheet, made plain before it is read."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.core.values.problem import empty, too_long

# Longer than any value read here, even with labels and blanks; keeps the cost of every reader small.
MOST_TYPED: Final = 200

_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT: Final = 0xFEE0

_NOTHING: Final = re.compile(
    r"[-.?0\s]*|n/?a|na|nil|null|none|kosong|nihil|(?:tidak|tdk|belum|blm)(?: ?(?:ada|tahu|punya))?"
)


def plain(text: str, *, most: int = MOST_TYPED) -> str:
    """The text with one kind of digit, dash and blank, without invisible characters; '' stays ''.

    Unlike NFKC it leaves ``²`` and ``½`` alone: 10² must not silently become 102. Raises ValueProblem
    'too_long' above ``most`` characters, before anything else is done.
    """
    if len(text) > most:
        raise too_long()
    if text.isascii() and text.isprintable():  # most of what is ever typed; lists have a million cells
        return " ".join(text.split())
    return " ".join("".join(_plain_character(c) for c in text).split())


def _plain_character(c: str) -> str:
    if c.isascii():
        return c if c.isprintable() else " "
    if ord(c) in _FULL_WIDTH:
        return chr(ord(c) - _FULL_WIDTH_SHIFT)
    if c.isdecimal():
        return str(unicodedata.decimal(c))
    match unicodedata.category(c):
        case "Pd":
            return "-"
        case "Cf" | "Cs":
            return ""
        case "Zs" | "Zl" | "Zp" | "Cc":
            return " "
    return {"\N{MINUS SIGN}": "-", "\u2019": "'", "\u2018": "'"}.get(c, c)


def typed(text: str, *, most: int = MOST_TYPED) -> str:
    """As ``plain``, and raises ValueProblem 'empty' when nothing is left."""
    found = plain(text, most=most)
    if not found:
        raise empty()
    return found


def says_none(text: str) -> bool:
    """True for what people write where they have no such number: '', '-', '0', 'belum ada', 'n/a' ..."""
    if len(text) > MOST_TYPED:
        return False
    return _NOTHING.fullmatch(plain(text).lower()) is not None
