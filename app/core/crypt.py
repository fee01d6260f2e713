"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed HMAC.

A plain hash of a phone number or a NIK is no protection: all plausible numbers of the kabupaten can be tried in
minutes. So look-ups use an HMAC with a key of its own. Every sealed value names its key (first byte) and is
bound to its place ("cooperative.phone:K-ABC2345"): moved to another row it no longer opens.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from flask import current_app

from app.core.key_ring import CannotOpen, KeyFile, KeyRing

__all__ = [
    "EXTENSION",
    "CannotOpen",
    "KeyFile",
    "KeyRing",
    "keys",
    "personal_index",
    "phone_index",
    "seal",
    "seal_bytes",
    "unseal",
    "unseal_bytes",
]

EXTENSION: Final = "kop_ukm_keys"


def keys() -> KeyRing:
    """The key ring of the running application."""
    file: KeyFile = current_app.extensions[EXTENSION]
    return file.ring()


def seal(text: str, *, place: str) -> bytes:
    """Seal ``text`` for ``place`` ("table.column:public code of the row")."""
    return keys().seal(text.encode(), place)


def unseal(blob: bytes, *, place: str) -> str:
    """Open what ``seal`` made for the same place. Raises CannotOpen."""
    return keys().unseal(blob, place).decode()


def seal_bytes(content: bytes, *, place: str) -> bytes:
    """As ``seal``, for what is no text (pictures)."""
    return keys().seal(content, place)


def unseal_bytes(blob: bytes, *, place: str) -> bytes:
    """Open what ``seal_bytes`` made for the same place. Raises CannotOpen."""
    return keys().unseal(blob, place)


def personal_index(text: str, *, purpose: str) -> str:
    """Keyed HMAC-SHA256 (128 bits, hex) to find or compare a personal value without reading it."""
    digest = hmac.new(keys().index, f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()
    return digest[:32]


def phone_index(phone: str) -> str:
    """Index of a phone number in its one stored form (E.164 digits without plus)."""
    return personal_index(phone, purpose="phone")
