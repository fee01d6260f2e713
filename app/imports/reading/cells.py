"""What one cell says: text without what cannot be seen, nothing where people mark nothing, errors named."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from app.core.values import Cell as PlainCell
from app.core.values import cell_text, says_none
from app.imports.reading.wire import Cell, CellError

_YES, _NO = "ya", "tidak"
# 'tidak ada', 'belum punya', with room to spare.
_LONGEST_NOTHING = 16


def clean_cell(cell: Cell, *, zero_is_empty: bool = False) -> PlainCell | CellError:
    """The cell without decoration: trimmed, single blanks, nothing invisible.

    None for blanks and for what people write instead of nothing ('-', 'n/a', 'tidak ada'); zeros too where
    the column says so (``zero_is_empty``: nobody has telephone number 0, but 0 members is an answer).
    Booleans become 'ya' and 'tidak', a time of midnight is just its day. CellError passes through.
    """
    if isinstance(cell, CellError):
        return cell
    if isinstance(cell, bool):
        return _YES if cell else _NO
    if isinstance(cell, str):
        return _clean_text(cell, zero_is_empty)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date()
    if zero_is_empty and isinstance(cell, int | float) and cell == 0:
        return None
    return cell


def _clean_text(text: str, zero_is_empty: bool) -> str | None:
    found = text if text.isascii() and text.isprintable() else "".join(map(_seen, text))
    found = " ".join(found.split())
    if not found or (_may_say_nothing(found) and says_none(found) and (zero_is_empty or "0" not in found)):
        return None
    return found


def _may_say_nothing(text: str) -> bool:
    """A quick look before the thorough one: most cells say something."""
    return len(text) <= _LONGEST_NOTHING or text[0] in "-.?0\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"


def _seen(sign: str) -> str:
    """Blanks of every kind as a blank, invisible signs as nothing."""
    if sign.isascii():
        return sign if sign.isprintable() else " "
    category = unicodedata.category(sign)
    return " " if category[0] == "Z" or category == "Cc" else "" if category[0] == "C" else sign


def shown_text(cell: Cell) -> str:
    """The cell as a person would read it in the sheet: for headings, reports and screens; '' for blank."""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, bool):
        return _YES if cell else _NO
    if isinstance(cell, datetime) and (cell.hour or cell.minute):
        return f"{cell:%d-%m-%Y %H.%M}"
    return cell_text(cell).strip()
