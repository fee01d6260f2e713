"""What a registry must bring so that its lists can be imported; each registry registers one kind.

The engine (staging, progress, report, undo) knows nothing of cooperatives; a kind knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple, Protocol

from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.language import say
from app.core.values import Cell
from app.imports.rules import Decision, Outcome

Values = dict[str, Any]
"""Plain JSON-able values by field name; only what the row really says (nothing empty)."""

Change = tuple[Any, Any]
"""(before, after) of one field, JSON-able."""


class RowRef(NamedTuple):
    """A row of the file: its sheet, and its number there."""

    sheet: str
    number: int

    @property
    def label(self) -> LazyString:
        """The row's name for people; a .csv has no sheets."""
        if not self.sheet:
            return say("Baris %(number)s", number=str(self.number))
        return say("%(sheet)s baris %(number)s", sheet=self.sheet, number=str(self.number))


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
    """What a row would do: to which record, with which changes. ``twin``: the row of the file it may repeat."""

    outcome: Outcome
    code: str | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    twin: RowRef | None = None


@dataclass(frozen=True)
class StagedRow:
    """A judged row about to be decided, applied or undone."""

    id: int
    ref: RowRef
    outcome: Outcome
    code: str | None
    values: Values
    changes: Mapping[str, Change]
    decision: Decision | None = None
    twin: RowRef | None = None
    name: str = ""


@dataclass(frozen=True)
class BatchFacts:
    """What applying needs to know of the batch. ``note`` marks its records; ``read_at``: when it was judged."""

    note: str
    as_of: date | None
    read_at: datetime


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

    def judge(self, refs: Sequence[RowRef], readings: Sequence[Reading]) -> list[Judgement]:
        """Hold a chunk of rows against the file so far and the database."""


class ImportKind(Protocol):
    """A registry whose lists can be imported."""

    @property
    def name(self) -> str:
        """Its value in the contract's ``kind``."""

    @property
    def vocabulary(self) -> Mapping[str, Sequence[str]]:
        """Field -> how columns of it are headed."""

    @property
    def required(self) -> Sequence[str]:
        """Fields without which a sheet is no list."""

    @property
    def personal(self) -> Collection[str]:
        """Fields that hold numbers of persons."""

    @property
    def zero_is_empty(self) -> Collection[str]:
        """Fields that nobody has the value 0 of."""

    @property
    def template(self) -> Sequence[str]:
        """Fields of an empty list to begin with, in order."""

    def matcher(self, *, as_of: date | None) -> Matcher:
        """A fresh matcher for one batch. ``as_of`` None: the list does not say of which day it is."""

    def compare(self, code: str, values: Values, *, as_of: date | None) -> Judgement:
        """What the row would do to the record ``code``, which an officer says it is.

        Raises RuleBroken('code') when there is no such record, or one that takes no changes.
        """

    def prepare(self, rows: Sequence[StagedRow], batch: BatchFacts) -> Any:
        """Everything that applying NEW and CHANGED rows needs and that needs no database."""

    def apply(self, session: Session, prepared: Any, batch: BatchFacts, *, actor: Actor) -> list[Applied]:
        """Make and change records, inside the running write block."""

    def undo(self, session: Session, rows: Sequence[StagedRow], *, actor: Actor, note: str) -> list[Applied]:
        """Take rows back, newest first; ``problem`` names what was changed since and therefore stays."""

    def side_by_side(self, code: str, values: Values) -> list[tuple[str, list[str], bool]]:
        """The record ``code`` beside the row, for the eye: (field, [record, row], do they differ)."""

    def describe(self, name: str, value: Any) -> str:
        """A value of the field ``name`` for people; numbers of persons covered."""

    def label(self, name: str) -> str:
        """The field's name for people."""


KINDS: Final[dict[str, ImportKind]] = {}


def register_kind(kind: ImportKind) -> None:
    """Make ``kind`` importable. Called once by the room that owns it, when the application is made."""
    KINDS[kind.name] = kind
