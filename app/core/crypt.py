"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed HMAC.

A plain hash of a phone number or a NIK is no protection: all plausible numbers of the kabupaten can be tried in
minutes. So look-ups use an HMAC with a key of its own. Every sealed value names its key (first byte) and is
bound to its place ("cooperative.phone:K-ABC2345"): moved to another row it no longer opens.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

_NONCE_BYTES: Final = 12
EXTENSION: Final = "kop_ukm_keys"


class CannotOpen(Exception):
    """A sealed value does not belong to this place, was changed, or its key is gone."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of the installation. ``sealing`` maps key id (1-255) to 32 bytes; ``current`` is used for new values."""

    sealing: dict[int, bytes]
    current: int
    index: bytes
    receipt: bytes

    def seal(self, content: bytes, place: str) -> bytes:
        """Key id, nonce and box in one, bound to ``place``."""
        nonce = os.urandom(_NONCE_BYTES)
        box = AESGCM(self.sealing[self.current]).encrypt(nonce, content, place.encode())
        return bytes([self.current]) + nonce + box

    def unseal(self, blob: bytes, place: str) -> bytes:
        """What was sealed for the same place. Raises CannotOpen."""
        key = self.sealing.get(blob[0]) if blob else None
        if key is None:
            raise CannotOpen(place.split(":", maxsplit=1)[0])
        try:
            return AESGCM(key).decrypt(blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :], place.encode())
        except InvalidTag as error:
            raise CannotOpen(place.split(":", maxsplit=1)[0]) from error


def load_or_create_keys(folder: Path) -> KeyRing:
    """The key ring kept in ``folder``/keys.json (mode 0600), made on the first start."""
    path = folder / "keys.json"
    if not path.exists():
        _create_keys(path)
    raw = json.loads(path.read_text())
    return KeyRing(
        sealing={int(k): bytes.fromhex(v) for k, v in raw["sealing"].items()},
        current=int(raw["current"]),
        index=bytes.fromhex(raw["index"]),
        receipt=bytes.fromhex(raw["receipt"]),
    )


def _create_keys(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = {
        "current": 1,
        "sealing": {"1": secrets.token_hex(32)},
        "index": secrets.token_hex(32),
        "receipt": secrets.token_hex(32),
    }
    # written aside and linked into place: two processes starting at once must end with one and the same ring
    aside = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(ring, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def keys() -> KeyRing:
    """The key ring of the running application."""
    ring: KeyRing = current_app.extensions[EXTENSION]
    return ring


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
