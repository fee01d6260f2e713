"""Names and free text: kept as typed, but without what cannot be seen. Capitals are the writer's own."""

from __future__ import annotations

import unicodedata
from typing import Final

from app.core.values.problem import too_long

_BLANK: Final = frozenset({"Zs", "Zl", "Zp", "Cc"})
# Format characters (zero width, direction), surrogates, private use, unassigned: none has a place in a name.
_UNSEEN: Final = frozenset({"Cf", "Cs", "Co", "Cn"})


def _seen(c: str) -> str:
    if c.isascii():
        return c if c.isprintable() else " "
    category = unicodedata.category(c)
    return " " if category in _BLANK else "" if category in _UNSEEN else c


def _one_line(text: str) -> str:
    """Blanks collapsed, NFC. Unseen characters go first, so that composing sees true neighbours."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join("".join(map(_seen, text)).split()))


def tidy_name(text: str, *, most: int = 200) -> str:
    """One line: NFC, single blanks, nothing invisible; '' stays ''. Idempotent.

    Raises ValueProblem 'too_long' when more than ``most`` characters are left (or 4 times that were typed).
    """
    if len(text) > 4 * most:
        raise too_long()
    found = _one_line(text)
    if len(found) > most:
        raise too_long()
    return found


def tidy_text(text: str, *, most: int = 2_000) -> str:
    """Several lines, each as ``tidy_name``, at most one empty line in a row. Raises ValueProblem too_long."""
    if len(text) > 4 * most:
        raise too_long()
    lines: list[str] = []
    for line in map(_one_line, text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    found = "\n".join(lines).strip()
    if len(found) > most:
        raise too_long()
    return found
