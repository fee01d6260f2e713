"""What moved in a record between two moments, and what it says now: plain values, whatever kind the record is.

Rooms above the registry fill these in from their own history (``queries/moving.py``); rooms beside them only read.
A move is something that a record says since then. It is never said why it moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.registry.rules import Source


class Moving(StrEnum):
    """What of a record can move. ``LEGAL_STEP``: a number or permit that the record did not have before."""

    MEMBERS_MORE = "members_more"
    MEMBERS_FEWER = "members_fewer"
    LEGAL_STEP = "legal_step"
    RAT = "rat"


@dataclass(frozen=True, slots=True)
class Window:
    """Which record, under any code it ever had, from when (not included) until when."""

    code: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """When somebody last changed the record, and by which way it came."""

    at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that moved: when it was written down last, and by which way it came."""

    what: Moving
    at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class Trail:
    """What is known of one window. ``code``: the record that stays, where records became one.

    Without ``renewed`` nobody changed the record: whether the cooperative itself stood still is then not known.
    """

    code: str
    moves: tuple[Move, ...] = ()
    renewed: Renewal | None = None


@dataclass(frozen=True, slots=True)
class BriefFact:
    """One line about a record: what, how it stands, who says so, as of when."""

    label: str
    value: str
    source: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A record in short, for somebody who is about to talk with its people."""

    code: str
    name: str
    facts: tuple[BriefFact, ...]
    source: str
    on: date
