"""The keys of an installation: one file beside the database, mode 0600, made at the first start.

Every value that is sealed or signed names its key by a number (1-255). ``flask keys rotate`` adds new keys and makes
them the current ones; old ones stay, so nothing becomes unreadable. The file is only ever replaced as a whole, under
a lock; every process looks at its date before it uses a key, so a running server picks new keys up by itself.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

log = logging.getLogger(__name__)

FILE: Final = "keys.json"
MOST_KEY_ID: Final = 255
_NONCE_BYTES: Final = 12

_Raw = dict[str, Any]


class CannotOpen(Exception):
    """A sealed value does not belong to this place, was changed, or its key is gone."""


class NoMoreKeys(Exception):
    """All 255 numbers of a kind of key are used up."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of the installation, each kind by number, with the number used for what is made now.

    ``sealing`` seals what is kept, ``receipts`` signs the links of receipts, ``office`` are the private numbers of
    the P-256 keys that phones seal to. ``index`` finds personal values without reading them; it cannot be exchanged
    without writing every row anew, so it has no number.
    """

    sealing: dict[int, bytes]
    current: int
    index: bytes
    receipts: dict[int, bytes]
    current_receipt: int
    office: dict[int, bytes]
    current_office: int

    @property
    def receipt(self) -> bytes:
        """The key that signs the links of receipts now."""
        return self.receipts[self.current_receipt]

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
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(place.split(":", maxsplit=1)[0]) from error


class KeyFile:
    """The ring as it lies in the instance folder, read again when another process replaced the file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._change(_complete)
        self._known = self._look()

    def ring(self) -> KeyRing:
        """The keys of this moment; those known last where the file cannot be read now."""
        try:
            if self._stamp() != self._known[0]:
                self._known = self._look()
        except OSError:
            log.exception("the keys cannot be read")
        return self._known[1]

    def rotate(self) -> KeyRing:
        """A new key of each kind that has numbers, current from now on. Raises NoMoreKeys; old keys stay."""
        self._change(_add_keys)
        return self.ring()

    def _change(self, change: Callable[[_Raw], bool]) -> None:
        """Replace the file by what ``change`` makes of it, unless it says that nothing changed.

        Two processes that start at once meet at the lock, so both end with one and the same ring.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(self._path):
            raw: _Raw = json.loads(self._path.read_text()) if self._path.exists() else {}
            if change(raw):
                _replace(self._path, json.dumps(raw))

    def _stamp(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns

    def _look(self) -> tuple[tuple[int, int], KeyRing]:
        stamp = self._stamp()  # before reading: a file replaced in between is read once more
        return stamp, _ring_of(json.loads(self._path.read_text()))


def _secret() -> str:
    return secrets.token_hex(32)


def _office_number() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return number.to_bytes(32, "big").hex()


# kind of key -> the name of its current number in the file, how a new one is made
_KINDS: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "sealing": ("current", _secret),
    "receipts": ("receipts_current", _secret),
    "office": ("office_current", _office_number),
}


def _complete(raw: _Raw) -> bool:
    """Add what is missing: everything at the first start, later what newer releases need besides."""
    before = json.dumps(raw)
    raw.setdefault("index", _secret())
    if "receipt" in raw:  # of installations from before these keys had numbers
        raw.setdefault("receipts", {"1": raw.pop("receipt")})
    for kind, (current, make) in _KINDS.items():
        if kind not in raw:
            raw[kind] = {"1": make()}
        raw.setdefault(current, 1)
    return json.dumps(raw) != before


def _add_keys(raw: _Raw) -> bool:
    _complete(raw)
    for kind, (current, make) in _KINDS.items():
        number = max(int(known) for known in raw[kind]) + 1
        if number > MOST_KEY_ID:
            raise NoMoreKeys(kind)
        raw[kind][str(number)] = make()
        raw[current] = number
    return True


def _ring_of(raw: _Raw) -> KeyRing:
    keys = {kind: {int(k): bytes.fromhex(v) for k, v in raw[kind].items()} for kind in _KINDS}
    return KeyRing(
        sealing=keys["sealing"],
        current=int(raw["current"]),
        index=bytes.fromhex(raw["index"]),
        receipts=keys["receipts"],
        current_receipt=int(raw["receipts_current"]),
        office=keys["office"],
        current_office=int(raw["office_current"]),
    )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process, however it ends."""
    with os.fdopen(os.open(path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    """Written aside, flushed to the disk, moved into place: the file is always whole."""
    aside = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
