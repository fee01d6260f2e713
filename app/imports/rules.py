"""Pure vocabulary and rules of the room imports."""

from __future__ import annotations

from enum import StrEnum


class BatchStatus(StrEnum):
    """Life of a batch. Nothing of the registry changes before COMMITTING."""

    READING = "reading"
    READY = "ready"
    COMMITTING = "committing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"
    FAILED = "failed"


class Outcome(StrEnum):
    """What a row would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    FAULTY = "faulty"
    SKIPPED = "skipped"


_MOVES: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.READING: frozenset({BatchStatus.READY, BatchStatus.REFUSED, BatchStatus.FAILED}),
    BatchStatus.READY: frozenset({BatchStatus.READING, BatchStatus.COMMITTING}),
    BatchStatus.COMMITTING: frozenset({BatchStatus.DONE, BatchStatus.FAILED}),
    BatchStatus.DONE: frozenset({BatchStatus.UNDOING}),
    BatchStatus.UNDOING: frozenset({BatchStatus.UNDONE, BatchStatus.FAILED}),
    # a batch whose process died goes on where it stopped
    BatchStatus.FAILED: frozenset({BatchStatus.READING, BatchStatus.COMMITTING, BatchStatus.UNDOING}),
    BatchStatus.UNDONE: frozenset(),
    BatchStatus.REFUSED: frozenset(),
}


def may_move(old: BatchStatus, new: BatchStatus) -> bool:
    """True when a batch may go from ``old`` to ``new``."""
    return new in _MOVES[old]
