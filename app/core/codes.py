"""Codes that people read aloud, write on paper and type.

29 symbols: no 0, 1, I, L, O, U (misread) and no E (a spreadsheet turns 219E01BE into 2.19E+26).
"""

from __future__ import annotations

import re
import secrets
from typing import Final

SYMBOLS: Final = "23456789ABCDFGHJKMNPQRSTVWXYZ"
RECEIPT_PATTERN: Final = re.compile(rf"KB-[{SYMBOLS}]{{8}}")
RECORD_PATTERN: Final = re.compile(rf"[KU]-[{SYMBOLS}]{{7}}")


def _random(length: int) -> str:
    """One draw for all symbols: a list of 50,000 asks for as many codes."""
    number = secrets.randbelow(len(SYMBOLS) ** length)
    symbols = []
    for _ in range(length):
        number, rest = divmod(number, len(SYMBOLS))
        symbols.append(SYMBOLS[rest])
    return "".join(symbols)


def new_record_code(letter: str) -> str:
    """Public code of a record: ``K-`` (cooperative) or ``U-`` (business) and seven symbols."""
    return f"{letter}-{_random(7)}"


def new_receipt_number() -> str:
    """Number of a receipt: ``KB-`` and eight symbols (39 bits; look-ups are limited and ask phone digits too)."""
    return f"KB-{_random(8)}"


def new_claim_code() -> str:
    """Code written on paper for somebody without a phone: eight symbols."""
    return _random(8)


def tidy_code(text: str) -> str:
    """A typed code as we keep it: upper case, no spaces, one dash after the prefix."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text[:40]).upper()
    for prefix in ("KB", "K", "U"):
        rest = plain.removeprefix(prefix)
        if rest != plain and len(rest) in (7, 8):
            return f"{prefix}-{rest}"
    return plain
