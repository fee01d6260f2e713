"""The pocket directory as text: how records become one compact body, whole or as a difference. Pure.

The format stands in docs/offline-formats.md. A record is a *line* of fields between tabs; a body holds the fields of
many lines column by column, in the order of places and names, because brotli then needs half the bytes.
``apply`` and ``unpack`` say what a phone makes of a body; app/static/js/pocket/format.js does the same there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import groupby
from operator import xor
from typing import Final
from zlib import crc32

from app.cooperatives.rules import Activity, ActivitySource, CooperativeType, Health

MAGIC: Final = "saku1"
EVERYWHERE: Final = "semua"
_CODE_LETTERS: Final = 7
CODE_PREFIX: Final = "K-"
_SEPARATORS: Final = ("", "\t", "", "", "", "", "\t", "\t")  # of codes, names, four letters, two days

# One letter for each value. Phones keep lines for months: a letter never changes its meaning, new ones may come.
TYPE_LETTERS: Final[dict[CooperativeType, str]] = {
    CooperativeType.CONSUMER: "k",
    CooperativeType.PRODUCER: "p",
    CooperativeType.MARKETING: "m",
    CooperativeType.SERVICE: "j",
    CooperativeType.SAVINGS_AND_LOAN: "s",
    CooperativeType.UNKNOWN: "u",
}
ACTIVITY_LETTERS: Final[dict[Activity, str]] = {
    Activity.ACTIVE: "a",
    Activity.INACTIVE: "t",
    Activity.NEW: "b",
    Activity.TO_CHECK: "c",
    Activity.DISSOLVED: "x",
}
SOURCE_LETTERS: Final[dict[ActivitySource, str]] = {
    ActivitySource.RAT: "r",
    ActivitySource.MINISTRY: "k",
    ActivitySource.FIELD: "l",
    ActivitySource.LEGAL_ENTITY: "b",
    ActivitySource.DISSOLUTION: "x",
    ActivitySource.CONTRADICTION: "c",
    ActivitySource.NOTHING: "n",
}
HEALTH_LETTERS: Final[dict[Health, str]] = {
    Health.HEALTHY: "s",
    Health.FAIRLY_HEALTHY: "c",
    Health.UNDER_SUPERVISION: "p",
    Health.UNDER_SPECIAL_SUPERVISION: "q",
    Health.UNASSESSED: "n",
}


@dataclass(frozen=True, slots=True)
class PocketFacts:
    """What the directory says about one cooperative: what the public list says, nothing else."""

    code: str
    name: str
    place_code: str
    cooperative_type: CooperativeType
    activity: Activity
    activity_source: ActivitySource
    activity_on: date | None
    health: Health
    health_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in one kecamatan as of ``version``; '' when the record is not (any more) there."""

    code: str
    kecamatan_code: str
    line: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says. ``since`` 0: the whole. ``lines`` by code."""

    version: int
    since: int
    at: int
    scope: str
    checksum: int
    gone: tuple[str, ...]
    lines: dict[str, str]
    place_names: dict[str, str]


class Unreadable(ValueError):
    """Not a body of this format."""


def line_of(facts: PocketFacts) -> str:
    """The line of a record: place, name, code without ``K-``, four letters, two days."""
    letters = (
        TYPE_LETTERS[facts.cooperative_type]
        + ACTIVITY_LETTERS[facts.activity]
        + SOURCE_LETTERS[facts.activity_source]
        + HEALTH_LETTERS[facts.health]
    )
    days = (_day(facts.activity_on), _day(facts.health_on))
    name = " ".join(facts.name.split())
    return "\t".join((facts.place_code, name, facts.code.removeprefix(CODE_PREFIX), letters, *days))


def _day(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""


def code_of(line: str) -> str:
    """The public code in a line."""
    return CODE_PREFIX + line.split("\t")[2]


def kecamatan_of(line: str) -> str:
    """The kecamatan in a line."""
    return line[:8]


def checksum(lines: Iterable[str]) -> int:
    """The same for the same lines in any order."""
    return reduce(xor, (crc32(line.encode()) for line in lines), 0)


def changes(kept: Iterable[Entry], present: Mapping[str, str]) -> list[Entry]:
    """What must be written so that ``kept`` says what ``present`` (code -> line) says, in one order.

    A record that moved is gone in its old kecamatan and new in the other, so that a phone which keeps only one of
    them learns it too.
    """
    standing = {(e.code, e.kecamatan_code): e.line for e in kept}
    wanted = {(code, kecamatan_of(line)): line for code, line in present.items()}
    put = [Entry(*key, line) for key, line in wanted.items() if standing.get(key) != line]
    gone = [Entry(*key, "") for key, line in standing.items() if line and key not in wanted]
    return sorted(put + gone, key=lambda e: (e.code, e.kecamatan_code))


def blocks_of(found: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    """``found``, by code, in pieces of about ``size``; what belongs to one code stays together."""
    piece: list[Entry] = []
    for _, of_one in groupby(found, key=lambda e: e.code):
        piece += of_one
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece


class Packing:
    """A body in the making: the whole of a scope, or what changed after version ``since``.

    Its records come in a kecamatan after the other, so that a large registry is never held as lines all at once.
    ``total`` is the checksum of all lines of the scope, by which a phone sees that its copy is right.
    """

    def __init__(self, since: int = 0, *, total: int = 0) -> None:
        self.since = since
        self.total = total
        self._places: list[tuple[str, int]] = []
        self._columns: tuple[list[str], ...] = tuple([] for _ in _SEPARATORS)

    def add(self, entries: Iterable[Entry]) -> None:
        """What stands in one kecamatan, in any order; kecamatan in the order of their codes."""
        standing = [e for e in entries if e.line]
        self.total ^= checksum(e.line for e in standing)
        rows = [line.split("\t") for line in sorted(e.line for e in standing if e.version > self.since)]
        if not rows:
            return
        self._places += [(code, len(list(group))) for code, group in groupby(row[0] for row in rows)]
        _place, names, codes, letters, *days = zip(*rows, strict=True)
        columns = (codes, names, *zip(*letters, strict=True), *days)
        for pieces, separator, column in zip(self._columns, _SEPARATORS, columns, strict=True):
            pieces.append(separator.join(column))

    def body(
        self, *, version: int, at: datetime, scope: str, gone: Iterable[str], place_names: Mapping[str, str]
    ) -> str:
        """The text. ``gone``: codes that left the scope after ``since``."""
        minutes = int(at.timestamp()) // 60
        return "\n".join(
            (
                "\t".join((MAGIC, str(version), str(self.since), str(minutes), scope, f"{self.total:08x}")),
                "".join(code.removeprefix(CODE_PREFIX) for code in sorted(gone)),
                "\t".join(_places_column([code for code, _ in self._places], place_names)),
                " ".join(str(count) for _, count in self._places),
                *map(str.join, _SEPARATORS, self._columns),
            )
        )


def is_worth_a_difference(changed: int, of: int) -> bool:
    """True while at most half of the records changed; else the whole is the shorter answer."""
    return 2 * changed <= of


def _places_column(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """``=32.01.01 Cibinong`` opens a kecamatan, ``1001 Pondok Rajeg`` is a desa in it, ``-`` "desa unknown"."""
    found: list[str] = []
    kecamatan = ""
    for code in codes:
        if code[:8] != kecamatan:
            kecamatan = code[:8]
            found.append(f"={kecamatan} {names.get(kecamatan, '')}")
        found.append(f"{code[9:]} {names.get(code, '')}" if len(code) > len(kecamatan) else "-")
    return found


def unpack(text: str) -> Body:
    """Read a body. Raises Unreadable."""
    parts = text.split("\n")
    head = parts[0].split("\t")
    if len(parts) != 12 or head[0] != MAGIC or len(head) != 6:
        raise Unreadable(text[:40])
    names: dict[str, str] = {}
    places = _places_read(parts[2], names)
    counts = [int(count) for count in parts[3].split()]
    place_of = [place for place, count in zip(places, counts, strict=True) for _ in range(count)]
    columns = (place_of, parts[5].split("\t"), _codes(parts[4]), list(zip(*parts[6:10], strict=True)))
    days = (parts[10].split("\t"), parts[11].split("\t"))
    lines = {
        CODE_PREFIX + code: "\t".join((place, name, code, "".join(letters), *two))
        for place, name, code, letters, *two in zip(*columns, *days, strict=True)
    } if place_of else {}  # fmt: skip
    gone = tuple(CODE_PREFIX + code for code in _codes(parts[1]))
    return Body(int(head[1]), int(head[2]), int(head[3]), head[4], int(head[5], 16), gone, lines, names)


def _codes(text: str) -> list[str]:
    return [text[i : i + _CODE_LETTERS] for i in range(0, len(text), _CODE_LETTERS)]


def _places_read(text: str, names: dict[str, str]) -> list[str]:
    places, kecamatan = [], ""
    for item in text.split("\t") if text else ():
        code, _, name = item.partition(" ")
        if code.startswith("="):
            kecamatan = code[1:]
            names[kecamatan] = name
            continue
        place = kecamatan if code == "-" else f"{kecamatan}.{code}"
        places.append(place)
        if code != "-":
            names[place] = name
    return places


def apply(kept: Mapping[str, str], body: Body) -> dict[str, str]:
    """What a phone that keeps ``kept`` (code -> line) has after ``body``. Raises Unreadable when it does not fit."""
    after = {**kept} if body.since else {}
    for code in body.gone:
        after.pop(code, None)
    after.update(body.lines)
    if checksum(after.values()) != body.checksum:
        raise Unreadable("the sum is another")
    return after
