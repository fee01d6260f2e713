"""The office's P-256 keys: phones seal to the public one, only the server opens (contract.md 6).

What arrives is version (1 byte), key id (1), the sender's one-time public key (65), nonce (12) and the box of
AES-256-GCM. From the agreed secret both sides derive the key of the box and, beside it, the *reader proof*: a value
that opens nothing, by which the sender shows later that the submission is his, not only in his bag.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.crypt import keys

VERSION: Final = 1
CONTENT_INFO: Final = b"kopukm-submission"
READER_INFO: Final = b"kopukm-reader"
READER_BYTES: Final = 16
POINT_BYTES: Final = 65
IV_BYTES: Final = 12
_HEAD: Final = 2 + POINT_BYTES + IV_BYTES
_TAG_BYTES: Final = 16
LONGEST_SEALED: Final = 256 * 1024
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+={0,2}")
_CURVE: Final = ec.SECP256R1()


class CannotOpenSealed(Exception):
    """What was sealed is damaged, cut off, meant for another address or id, or no sealing of ours at all."""


class UnknownOfficeKey(CannotOpenSealed):
    """It was sealed to a key that this installation does not hold (any more)."""


@dataclass(frozen=True)
class Opened:
    """What was inside, and the proof that its sender can give."""

    content: bytes
    reader: bytes


@dataclass(frozen=True)
class PublicKey:
    """The key to seal to now."""

    key_id: int
    key: str


def public_key() -> PublicKey:
    """Number and point of the current key, as ``GET /kunci`` tells them."""
    ring = keys()
    point = _private(ring.office[ring.current_office]).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return PublicKey(ring.current_office, to_base64url(raw))


def open_sealed(sealed: str, *, bound_to: str, office: Mapping[int, bytes]) -> Opened:
    """Open what was sealed to one of the ``office`` keys for ``bound_to`` (path and id). Raises CannotOpenSealed."""
    raw = _raw(sealed)
    if len(raw) < _HEAD + _TAG_BYTES or raw[0] != VERSION:
        raise CannotOpenSealed("format")
    number = office.get(raw[1])
    if number is None:
        raise UnknownOfficeKey(str(raw[1]))
    secret = _agreed(number, raw[2 : 2 + POINT_BYTES])
    box = AESGCM(_derived(secret, CONTENT_INFO, 32))
    try:
        content = box.decrypt(raw[_HEAD - IV_BYTES : _HEAD], raw[_HEAD:], bound_to.encode())
    except (InvalidTag, UnicodeEncodeError) as error:
        raise CannotOpenSealed("tag") from error
    return Opened(content, _derived(secret, READER_INFO, READER_BYTES))


def to_base64url(raw: bytes) -> str:
    """Without padding, as everything on the wire."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(sealed: str) -> bytes:
    if len(sealed) > LONGEST_SEALED or not _BASE64URL.fullmatch(sealed):
        raise CannotOpenSealed("base64")
    text = sealed.rstrip("=")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise CannotOpenSealed("base64") from error


def _agreed(number: bytes, point: bytes) -> bytes:
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError as error:
        raise CannotOpenSealed("point") from error
    return _private(number).exchange(ec.ECDH(), theirs)


@lru_cache(maxsize=16)
def _private(number: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(number, "big"), _CURVE)


def _derived(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=info).derive(secret)
