"""The bodies of the pocket directory that this process keeps, packed and compressed.

Phones ask for the same few bodies again and again: the whole, a kecamatan, the difference since yesterday. Every few
seconds at most the shelf looks whether anything was done at all (one line of history), and only then compares the
records with what phones were told and writes the next version down. Comparing never takes more than a twentieth of
the time, however large the registry.
"""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final, cast

import brotli
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.cooperatives.pocket_rules import (
    EVERYWHERE,
    Entry,
    Packing,
    blocks_of,
    changes,
    is_worth_a_difference,
)
from app.cooperatives.queries.pocket import (
    MOST_RECORDS,
    count_entries,
    entries_between,
    entries_by_kecamatan,
    gone_codes,
    last_version,
    newest_deed,
    public_lines,
)
from app.cooperatives.services.pocket import write_version
from app.core.assets import DIST, built
from app.core.background import background
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.regions.queries import places

log = logging.getLogger(__name__)

EXTENSION: Final = "kop_ukm_pocket"
LOOK_SECONDS: Final = 2.0
LOOK_PAUSES: Final = 20  # as long as the last comparing took
SLOW_SECONDS: Final = 0.5  # of comparing: from here on nobody waits for it
COMPARE_SECONDS: Final = 3600.0  # grades move with the calendar, without a line of history
SETTLED: Final = timedelta(seconds=60)  # a deed that began earlier may end later than one that was seen
BLOCK: Final = 1000
TRIES: Final = 5
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_BODIES: Final = 200
QUICK_BYTES: Final = 400 * 1024  # compressed at best at once; larger ones quickly first
BEST, QUICK = 11, 5
WINDOW: Final = 18  # 256 KB: less than 1 % larger than with 4 MB, and takes 20 MB less while it is made
_SCRIPT: Final = "pocket.js"


@dataclass(frozen=True, slots=True)
class Packed:
    """A body ready to be sent. ``tag`` names what it says."""

    tag: str
    br: bytes

    def as_gzip(self) -> bytes:
        """For the few that do not read brotli."""
        return gzip.compress(self.as_it_is(), 6, mtime=0)

    def as_it_is(self) -> bytes:
        """Not compressed."""
        return bytes(brotli.decompress(self.br))


@dataclass(frozen=True, slots=True)
class Compared:
    """The version that says what the records say, as of ``at``; ``deed`` -1 when one before it may still be running."""

    version: int
    deed: int
    at: datetime
    moment: float
    took: float


Key = tuple[str, int]  # scope, version that the phone has


@dataclass
class Shelf:
    """See the module."""

    bodies: OrderedDict[Key, Packed] = field(default_factory=OrderedDict)
    version: int = 0
    compared_at: datetime | None = None
    _sums: dict[str, int] = field(default_factory=dict)
    _looked: float = 0.0
    _pause: float = 0.0
    _took: float = 0.0
    _compared: float = 0.0
    _deed: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def body(self, scope: str, since: int) -> Packed:
        """What a phone with version ``since`` (0: nothing) of ``scope`` needs."""
        with self._lock:
            at = self._up_to_date()
            kept = self.bodies.get((scope, since))
            if kept is not None:
                self.bodies.move_to_end((scope, since))
                return kept
            return self._packed(scope, since, at)

    def whole_bytes(self) -> int | None:
        """What the whole costs as it travels, when this process knows; no work."""
        kept = self.bodies.get((EVERYWHERE, 0))
        return len(kept.br) if kept is not None else None

    def forget(self) -> None:
        """As after a start."""
        with self._lock:
            self.bodies.clear()
            self._sums.clear()
            self.version, self._looked, self._pause, self._compared, self._deed = 0, 0.0, 0.0, 0.0, -1
            self._took = 0.0
            self.compared_at = None

    # --- versions ---------------------------------------------------------------------------------------------

    def _up_to_date(self) -> datetime:
        """The moment that the data is of. A large registry is compared beside the requests, except at the start."""
        moment = time.monotonic()
        if self.compared_at is None:
            self._take_over(self._compared_now())
        elif moment - self._looked >= max(LOOK_SECONDS, self._pause):
            self._looked = moment
            if self._took > SLOW_SECONDS:
                background().run(self._compare_beside)
            else:
                self._compare()
        return cast(datetime, self.compared_at)

    def _compare(self) -> None:
        try:
            self._take_over(self._compared_now())
        except SQLAlchemyError:
            log.exception("the pocket directory stays as it was")
            db.session.rollback()

    def _compare_beside(self) -> None:
        found = self._compared_now()
        with self._lock:
            self._take_over(found)

    def _compared_now(self) -> Compared:
        """What is true now; nothing of the shelf changes."""
        began, moment = now(), time.monotonic()
        deed, at = newest_deed()
        if self.compared_at is not None and deed == self._deed and moment - self._compared <= COMPARE_SECONDS:
            return Compared(self.version, deed, began, self._compared, self._took)
        version = _write_what_changed()
        settled = at is None or began - at > SETTLED
        return Compared(version, deed if settled else -1, began, moment, time.monotonic() - moment)

    def _take_over(self, found: Compared) -> None:
        if found.version != self.version:
            self.bodies.clear()
            self._sums.clear()
        self.version, self._deed, self.compared_at = found.version, found.deed, found.at
        self._compared, self._took, self._pause = found.moment, found.took, LOOK_PAUSES * found.took
        self._looked = time.monotonic()

    # --- bodies -----------------------------------------------------------------------------------------------

    def _packed(self, scope: str, since: int, at: datetime) -> Packed:
        if since == self.version and scope in self._sums:
            return self._pack((scope, since), at, Packing(since, total=self._sums[scope]), [])
        packing, gone = _read(scope, since if since <= self.version else 0)
        self._sums[scope] = packing.total
        return self._pack((scope, since), at, packing, gone)

    def _pack(self, key: Key, at: datetime, packing: Packing, gone: list[str]) -> Packed:
        scope, base = key[0], packing.since
        text = packing.body(
            version=self.version, at=at, scope=scope, gone=gone, place_names=_place_names()
        ).encode()
        tag = f"{scope}-{self.version}-{base}"
        if base == self.version:
            # The moment is all it says: never kept.
            return Packed(f"{tag}-{at:%H%M}", _compressed(text, BEST))
        if len(text) <= QUICK_BYTES:
            return self._keep(key, Packed(tag, _compressed(text, BEST)))
        background().run(partial(self._improve, key, tag, text))
        return self._keep(key, Packed(tag, _compressed(text, QUICK)))

    def _improve(self, key: Key, tag: str, text: bytes) -> None:
        """Seconds of work for a tenth less on the way: beside the requests, once."""
        better = Packed(tag, _compressed(text, BEST))
        with self._lock:
            if key in self.bodies and self.bodies[key].tag == tag:
                self._keep(key, better)

    def _keep(self, key: Key, packed: Packed) -> Packed:
        """Keep it, and let go of what nobody asked for."""
        self.bodies[key] = packed
        while len(self.bodies) > 1 and (
            len(self.bodies) > MOST_BODIES or sum(len(p.br) for p in self.bodies.values()) > MOST_BYTES
        ):
            self.bodies.popitem(last=False)
        return packed


def _compressed(text: bytes, quality: int) -> bytes:
    return bytes(brotli.compress(text, mode=brotli.MODE_TEXT, quality=quality, lgwin=WINDOW))


def _read(scope: str, since: int) -> tuple[Packing, list[str]]:
    """What a phone with version ``since`` (0: nothing) needs, and what left.

    All of one version, though it is read piece by piece: when another process writes the next one meanwhile, it is
    read again.
    """
    for _ in range(TRIES):
        version = last_version()
        base = since if since and is_worth_a_difference(*count_entries(scope, since)) else 0
        gone = gone_codes(scope, base) if base else []
        packing = Packing(base)
        for entries in entries_by_kecamatan(scope):
            packing.add(entries)
        if last_version() == version:
            return packing, gone
    raise RuntimeError("the pocket directory changes faster than it can be read")


def _write_what_changed() -> int:
    """The version that says what the records say now. Two processes may do this at once; one has to look again."""
    for _ in range(TRIES):
        version = last_version()
        try:
            for piece in blocks_of(_what_changed(), BLOCK):
                version += 1
                atomically(_writing(version, piece))
        except IntegrityError:
            continue
        return version
    raise RuntimeError("the pocket directory changes faster than it can be written down")


def _what_changed() -> Iterator[Entry]:
    """By code, some records at a time: 50,000 of them at once are 30 MB, most of which would stay with the process."""
    after, left = "", MOST_RECORDS
    while True:
        most = min(BLOCK, left)
        present = public_lines(after, most)
        last = next(reversed(present)) if len(present) == most and present else None
        yield from changes(entries_between(after, last), present)
        if last is None:
            return
        after, left = last, left - most


def _writing(version: int, piece: list[Entry]) -> Callable[..., None]:
    return lambda session: write_version(session, number=version, entries=piece)


def _place_names() -> dict[str, str]:
    known = places()
    return {k.code: k.name for k in known.kecamatan} | {d.code: d.name for d in known.desa}


@cache
def script_bytes() -> int:
    """What the search code costs as it travels."""
    name = built().files[_SCRIPT]
    compressed = DIST / f"{name}.br"
    return (compressed if compressed.exists() else DIST / name).stat().st_size


def install(app: Flask) -> None:
    """Give the application its shelf."""
    app.extensions[EXTENSION] = Shelf()


def shelf() -> Shelf:
    """The running application's shelf."""
    found: Shelf = current_app.extensions[EXTENSION]
    return found


def make_ready() -> int:
    """Pack the whole before anybody asks (a chore); its bytes."""
    return len(shelf().body(EVERYWHERE, 0).br)
