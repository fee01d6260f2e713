"""What a registry must bring so that its lists can be imported; each registry registers one kind.

The engine (staging, progress, report, undo) knows nothing of cooperatives; a kind knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.values import Cell
from app.imports.rules import Outcome

Values = dict[str, Any]
"""Plain JSON-able values by field name; only what the row really says (nothing empty)."""

Change = tuple[Any, Any]
"""(before, after) of one field, JSON-able."""


@dataclass(frozen=True)
class Reason:
    """Why a cell or row is as it is. ``field`` '' means the row as a whole."""

    field: str
    words: LazyString | str


@dataclass(frozen=True)
class Reading:
    """One row understood: its values, what to say about its cells, and whether it can stand at all."""

    values: Values
    reasons: tuple[Reason, ...] = ()
    faulty: bool = False


@dataclass(frozen=True)
class Judgement:
    """What a row would do: to which record, with which changes."""

    outcome: Outcome
    code: str | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class StagedRow:
    """A judged row about to be applied or undone."""

    id: int
    sheet: str
    row_number: int
    outcome: Outcome
    code: str | None
    values: Values
    changes: Mapping[str, Change]


@dataclass(frozen=True)
class Applied:
    """What became of a staged row. ``changes`` are those really made; ``problem`` says why it was not applied."""

    row_id: int
    code: str | None
    changes: Mapping[str, Change] = field(default_factory=dict)
    problem: Reason | None = None


class Matcher(Protocol):
    """Reads and judges the rows of one batch in their order; remembers what the file already said."""

    def read(self, cells: Mapping[str, Cell], *, sheet: str) -> Reading:
        """Understand one row's cells by field name. No database writes, no exceptions."""

    def judge(self, labels: Sequence[str], readings: Sequence[Reading]) -> list[Judgement]:
        """Hold a chunk of rows against the file so far and the database."""


class ImportKind(Protocol):
    """A registry whose lists can be imported."""

    name: str
    vocabulary: Mapping[str, Sequence[str]]
    required: Sequence[str]
    labels: Mapping[str, Any]

    def matcher(self) -> Matcher:
        """A fresh matcher for one batch."""

    def apply(
        self,
        session: Session,
        rows: Sequence[StagedRow],
        *,
        actor: Actor,
        source_note: str,
        as_of: str,
    ) -> list[Applied]:
        """Make and change records for rows that are NEW or CHANGED, inside the running write block."""

    def undo(self, session: Session, rows: Sequence[StagedRow], *, actor: Actor, note: str) -> list[Applied]:
        """Take rows back, newest first; ``problem`` names what was changed since and therefore stays."""


KINDS: Final[dict[str, ImportKind]] = {}


def register_kind(kind: ImportKind) -> None:
    """Make ``kind`` importable. Called once by the room that owns it, when the application is made."""
    KINDS[kind.name] = kind
