"""The door by which rooms that do not know each other learn about records: what moved, and how they stand.

Each room with records hangs one ``RecordReader`` on ``READERS`` when it is furnished, under the letter with which
its codes begin. A code whose letter nobody has hung up is a record of which nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Protocol

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.registry.moving_rules import Brief, Trail, Window


class RecordReader(Protocol):
    """What a room says about its records. All of it in a number of statements that does not grow with the codes."""

    def standing(self, session: Session, codes: Collection[str]) -> Mapping[str, str]:
        """Code -> code of the record that it leads to today; unknown codes are left out."""

    def namesakes(self, session: Session, code: str) -> Collection[str]:
        """All codes that lead to the same record as ``code``, itself too."""

    def trails(self, session: Session, windows: Collection[Window]) -> Mapping[Window, Trail]:
        """What moved; windows of unknown records are left out."""

    def brief_for(self, session: Session, actor: Actor, code: str) -> Brief | None:
        """The record in short; None where there is none, or this person may not see it."""


READERS: Final[dict[str, RecordReader]] = {}


def standing_codes(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Code -> code of the record that it leads to today; unknown codes are left out."""
    found: dict[str, str] = {}
    asked: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        asked[code[:1]].add(code)
    for letter, own in asked.items():
        if letter in READERS:
            found |= READERS[letter].standing(session, own)
    return found


def codes_of(session: Session, code: str) -> set[str]:
    """All codes that lead to the same record as ``code``: at least itself."""
    reader = READERS.get(code[:1])
    return {code, *(reader.namesakes(session, code) if reader else ())}


def what_moved(session: Session, windows: Iterable[Window]) -> dict[Window, Trail]:
    """What moved in each window; those of records that nobody knows are left out."""
    found: dict[Window, Trail] = {}
    asked: dict[str, set[Window]] = defaultdict(set)
    for window in windows:
        asked[window.code[:1]].add(window)
    for letter, own in asked.items():
        if letter in READERS:
            found |= READERS[letter].trails(session, own)
    return found


def brief_for(session: Session, actor: Actor, code: str) -> Brief | None:
    """The record in short; None where there is none, or this person may not see it."""
    reader = READERS.get(code[:1])
    return reader.brief_for(session, actor, code) if reader else None
