"""What every page of the imports begins with: may this person be here, and which batch is it."""

from __future__ import annotations

from app.core.access import current_actor
from app.core.errors import not_found
from app.imports.queries.batches import BatchView, find_batch, may_see_batches


def only_the_whole_kabupaten() -> None:
    """Lists reach over all kecamatan: for somebody with an area of their own there is nothing here."""
    if not may_see_batches(current_actor()):
        not_found()


def batch_or_404(batch_id: int) -> BatchView:
    """The batch, for somebody who may see batches."""
    only_the_whole_kabupaten()
    batch = find_batch(batch_id)
    return batch if batch is not None else not_found()
