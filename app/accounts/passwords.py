"""Passwords as argon2id (19 MiB, 2 passes, 1 lane: about 40 ms). Never inside a write block."""

from __future__ import annotations

import hashlib
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a password nobody knows, made once: an unknown number's attempt is compared with it, to take as long as any.
_NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$eLXvcis8eRmLgZRlArXzVQ$ZSdqCk4XYq/KyYOZOStteQ0UwIvJjEwR5mKQdA8uRlU"
)
# Sixteen people signing in at once must not take 16 x 19 MiB and every core from those who read.
_AT_ONCE: Final = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The stored form of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """True when the password belongs to ``stored``; costs the same when there is nothing stored."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _NOBODYS, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def fingerprint(stored: str) -> str:
    """Changes whenever the password is set anew; says nothing about it."""
    return hashlib.sha256(stored.encode()).hexdigest()[:16]
