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
