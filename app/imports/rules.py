"""Pure vocabulary and rules of the room imports."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KEEP_DAYS: Final = 30
"""How long the cells of a list are kept, for the report and for undoing (trust: raw imports 30 days)."""

STALLED_SECONDS: Final = 60
"""Work that said nothing for so long has died: each of its pieces takes about a second."""


class BatchStatus(StrEnum):
    """Life of a batch. Nothing of the registry changes before COMMITTING."""

    READING = "reading"
    READY = "ready"
    COMMITTING = "committing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"


class Outcome(StrEnum):
    """What a row would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    FAULTY = "faulty"
    SKIPPED = "skipped"


class Decision(StrEnum):
    """An officer's word about a row in conflict."""

    SAME = "same"
    OTHER = "other"
    SKIP = "skip"


RUNNING: Final = frozenset({BatchStatus.READING, BatchStatus.COMMITTING, BatchStatus.UNDOING})
DECIDABLE: Final = frozenset({BatchStatus.READY, BatchStatus.DONE})

_MOVES: Final[dict[BatchStatus, frozenset[BatchStatus]]] = {
    BatchStatus.READING: frozenset({BatchStatus.READY, BatchStatus.REFUSED}),
    BatchStatus.READY: frozenset({BatchStatus.READING, BatchStatus.COMMITTING}),
    BatchStatus.COMMITTING: frozenset({BatchStatus.DONE}),
    # rows decided after the others were brought in follow them
    BatchStatus.DONE: frozenset({BatchStatus.COMMITTING, BatchStatus.UNDOING}),
    BatchStatus.UNDOING: frozenset({BatchStatus.UNDONE}),
    BatchStatus.UNDONE: frozenset(),
    BatchStatus.REFUSED: frozenset(),
}


def may_move(old: BatchStatus, new: BatchStatus) -> bool:
    """True when a batch may go from ``old`` to ``new``."""
    return new in _MOVES[old]


def column_letter(index: int) -> str:
    """The name of a column as the spreadsheet shows it: 0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
