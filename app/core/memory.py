"""How the process asks the system for memory, and when it gives back what it does not need.

glibc is made for speed: a heap for each thread, and freed blocks kept for the next one. Buffers of megabytes (a
directory that is compressed, a photo that is shrunk) then leave a heap behind that never gets smaller again. Other
systems: nothing happens.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from typing import Any, Final

# malloc.h
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8

HEAPS: Final = 2  # instead of one per thread: some 20 MB less for a small server
LARGE_BYTES: Final = 1024 * 1024  # from here on a block is a mapping of its own, given back at once


def stay_small() -> None:
    """At the start, before there are threads. Naming a threshold also stops glibc from raising it by itself."""
    for setting, value in (
        (_ARENA_MAX, HEAPS),
        (_MMAP_THRESHOLD, LARGE_BYTES),
        (_TRIM_THRESHOLD, LARGE_BYTES),
    ):
        _libc("mallopt", setting, value)


def give_back() -> None:
    """After large work: what is free goes back to the system. Some milliseconds, so never within a request."""
    gc.collect()
    _libc("malloc_trim", 0)


def _libc(function: str, *arguments: int) -> None:
    call = getattr(_load(), function, None)
    if call is not None:
        call(*arguments)


@cache
def _load() -> Any:
    try:
        return ctypes.CDLL("libc.so.6")
    except OSError:
        return None
