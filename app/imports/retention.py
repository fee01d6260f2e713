"""Lists older than 30 days lose their cells: they are kept for the report and for undoing, not as an archive."""

from __future__ import annotations

from functools import partial

from app.core.transaction import atomically
from app.imports.queries.batches import batches_to_forget
from app.imports.rules import KEEP_DAYS
from app.imports.services import batches


def forget_old(days: int = KEEP_DAYS) -> list[int]:
    """Forget the cells of batches older than ``days``; returns their numbers. Outcomes and reasons stay."""
    forgotten: list[int] = []
    while found := batches_to_forget(days):
        for batch_id in found:
            _forget(batch_id)
        forgotten += found
    return forgotten


def _forget(batch_id: int) -> None:
    last = 0
    while True:
        last = atomically(partial(batches.forget_cells, batch_id=batch_id, after_id=last))
        if last == 0:
            return
