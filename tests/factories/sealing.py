"""Seals as a phone does (contract.md 6), with the library's own pieces; in life app/static/js/outbox/seal.js does it."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.office_key import PublicKey, to_base64url

JSON = {"Accept": "application/json", "X-Outbox": "1"}
Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class SealedItem:
    """What lies in a phone's outbox: what travels, and the proof that stays on the phone."""

    address: str
    submission_id: str
    sealed: str
    reader: str

    @property
    def fields(self) -> dict[str, str]:
        """The POST to the form itself."""
        return {"submission_id": self.submission_id, "sealed": self.sealed}

    @property
    def carried(self) -> dict[str, str]:
        """The POST to /kiriman/titipan."""
        return {**self.fields, "address": self.address}

    @property
    def proof(self) -> dict[str, str]:
        """Headers of the phone that sealed it."""
        return {**JSON, "X-Reader": self.reader}


def seal_item(
    key: PublicKey, address: str, submission_id: str, fields: dict[str, Any], *, reader: bool = True
) -> SealedItem:
    """Seal the ``fields`` of a form as its own phone does; ``reader=False``: as another program may."""
    pairs = [(k, str(one)) for k, v in fields.items() for one in (v if isinstance(v, list | tuple) else [v])]
    pairs = [pair for pair in pairs if pair[0] not in {"submission_id", "form_version", "filled_at"}]
    content = json.dumps([*pairs, *([("reader", "1")] if reader else [])], ensure_ascii=False).encode()
    sealed, proof = seal_bytes(key, content, address.split("?", maxsplit=1)[0] + submission_id)
    return SealedItem(address, submission_id, sealed, proof)


def seal_bytes(key: PublicKey, content: bytes, bound_to: str, *, version: int = 1) -> tuple[str, str]:
    """(sealed, reader proof) of any bytes."""
    point = urlsafe_b64decode(key.key + "=" * (-len(key.key) % 4))
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own = ec.generate_private_key(ec.SECP256R1())
    secret = own.exchange(ec.ECDH(), theirs)
    iv = os.urandom(12)
    box = AESGCM(_derived(secret, b"kopukm-submission", 32)).encrypt(iv, content, bound_to.encode())
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return (
        to_base64url(bytes([version, key.key_id]) + public + iv + box),
        to_base64url(_derived(secret, b"kopukm-reader", 16)),
    )


def _derived(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"", info=info).derive(secret)
