"""How much: small by default (`make test`), the issues' full figures with TRIAL=1 (`make trial`)."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

FULL = bool(os.environ.get("TRIAL"))


def size(small: T, full: T) -> T:
    """``small`` in `make test`, ``full`` in `make trial`."""
    return full if FULL else small
