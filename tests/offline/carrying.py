"""Writes what app/offline/carried_rules.py reads; for tests only: in life the phone writes it."""

from __future__ import annotations

import base64
import uuid
import zlib

from app.offline.carried_rules import DIGITS, CarriedItem


def text_of(item: CarriedItem) -> str:
    """The line of text."""
    return f"KOPUKM1 {item.address} {item.submission_id} {item.form_version} {item.filled_at} {item.sealed}"


def parts_of(item: CarriedItem, most: int = 900) -> list[str]:
    """The texts of the QR codes."""
    content = b"".join(
        (
            uuid.UUID(item.submission_id).bytes,
            item.form_version.to_bytes(2, "big"),
            item.filled_at.to_bytes(6, "big"),
            bytes([len(item.address)]),
            item.address.encode("ascii"),
            base64.urlsafe_b64decode(item.sealed + "=" * (-len(item.sealed) % 4)),
        )
    )
    digits = digits_of(content)
    of = -(-len(digits) // (most - len("KU1/1/1/00000000/")))
    each = -(-len(digits) // of)
    check = f"{zlib.crc32(content):08X}"
    return [f"KU1/{n + 1}/{of}/{check}/{digits[n * each : (n + 1) * each]}" for n in range(of)]


def digits_of(content: bytes) -> str:
    """Base 41."""
    base = len(DIGITS)
    digits = ""
    for start in range(0, len(content), 2):
        pair = content[start : start + 2]
        value = int.from_bytes(pair, "big")
        if len(pair) == 2:
            digits += DIGITS[value // base // base]
        digits += DIGITS[value // base % base] + DIGITS[value % base]
    return digits
