"""Committing and undoing a batch: long work made of short write blocks while others go on working.

Each piece can be taken up again where it stopped, because the state lies in the batch and its rows. Two processes
at the same batch do no harm either: every block claims its rows first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.transaction import atomically
from app.imports import staging
from app.imports.kinds import KINDS, Applied, Change, ImportKind, Judgement, Reason, RowRef, StagedRow
from app.imports.queries.batches import BatchView, get_batch, stalled_batches
from app.imports.queries.rows import (
    codes_of,
    count_applied,
    count_to_apply,
    count_to_undo,
    rows_after_twins,
    rows_to_apply,
    rows_to_undo,
)
from app.imports.reading.workbook import SheetRows
from app.imports.rules import STALLED_SECONDS, BatchStatus, Outcome
from app.imports.sealing import place_of, seal_json
from app.imports.services import batches, rows

log = logging.getLogger(__name__)

BLOCK_SECONDS: Final = 0.05
"""How long the work of a write block should take, so that others wait little (trust R19: at most 0.2)."""


class Pace:
    """Rows per write block, so that its work takes about BLOCK_SECONDS on this machine at this hour.

    The time of the commit itself is left out: it is the same for few rows and for many.
    """

    def __init__(self, first: int = 60, least: int = 10, most: int = 250) -> None:
        self.rows, self._least, self._most = first, least, most

    def block(self, deed: Callable[[Session], list[Applied]], count: int) -> list[Applied]:
        """Run one write block over ``count`` rows and learn from it."""
        return atomically(partial(self._timed, deed, count))

    def _timed(self, deed: Callable[[Session], list[Applied]], count: int, session: Session) -> list[Applied]:
        began = time.perf_counter()
        results = deed(session)
        took = max(time.perf_counter() - began, 0.001)
        wanted = int(count * BLOCK_SECONDS / took)
        self.rows = min(max(wanted, self._least, self.rows // 2), self._most, self.rows * 2)
        return results


def begin_commit(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being committed. Raises RuleBroken when it is not ready."""
    count = count_to_apply(batch_id)
    atomically(lambda s: batches.begin(s, batch_id, BatchStatus.COMMITTING, rows=count, actor=actor))


def commit(batch_id: int, actor: Actor) -> None:
    """Apply new and changed rows in small blocks; zero rows is never called a success."""
    batch = get_batch(batch_id)
    kind, pace = KINDS[batch.kind], Pace()
    _apply_all(batch, kind, pace, actor)
    while waiting := rows_after_twins(batch_id, limit=pace.rows):
        for row in waiting:
            _settle(batch, kind, row)
        _apply_all(batch, kind, pace, actor)
    sentence = "" if count_applied(batch_id) else str(say("Tidak ada baris yang masuk."))
    atomically(lambda s: batches.finish(s, batch_id, BatchStatus.DONE, sentence=sentence))


def _apply_all(batch: BatchView, kind: ImportKind, pace: Pace, actor: Actor) -> None:
    while found := rows_to_apply(batch.id, limit=pace.rows):
        prepared = kind.prepare(found, batch.facts)
        db.session.rollback()
        pace.block(partial(_apply_block, batch, kind, found, prepared, actor), len(found))


def _apply_block(
    batch: BatchView,
    kind: ImportKind,
    found: list[StagedRow],
    prepared: object,
    actor: Actor,
    session: Session,
) -> list[Applied]:
    ours = rows.claim(session, [row.id for row in found])
    if len(ours) < len(found):  # somebody else is at it
        found = [row for row in found if row.id in ours]
        prepared = kind.prepare(found, batch.facts)
    results = kind.apply(session, prepared, batch.facts, actor=actor)
    refs = {row.id: row.ref for row in found}
    sealed = [(r, _sealed_changes(batch.id, refs[r.row_id], r.changes)) for r in results]
    rows.mark_applied(session, batch.id, sealed)
    return results


def _sealed_changes(batch_id: int, ref: RowRef, changes: Mapping[str, Change]) -> bytes | None:
    return seal_json(dict(changes), place=place_of(batch_id, *ref, "changes")) if changes else None


def _settle(batch: BatchView, kind: ImportKind, row: StagedRow) -> None:
    """A row that is the same as an earlier one: now that one's record is there, or is not."""
    code = codes_of(batch.id, [row.twin]).get(row.twin) if row.twin else None
    judgement = _compared(kind, code, row, batch) if code else _twin_missing(row)
    sealed = _sealed_changes(batch.id, row.ref, judgement.changes)
    db.session.rollback()
    atomically(lambda s: rows.settle(s, batch.id, row.id, judgement, sealed))


def _compared(kind: ImportKind, code: str, row: StagedRow, batch: BatchView) -> Judgement:
    try:
        return kind.compare(code, row.values, as_of=batch.as_of)
    except RuleBroken as broken:
        return Judgement(Outcome.CONFLICT, code, reasons=(Reason("", broken.sentence),))


def _twin_missing(row: StagedRow) -> Judgement:
    label = row.twin.label if row.twin else ""
    return Judgement(Outcome.CONFLICT, reasons=(Reason("", say("%(row)s tidak masuk.", row=label)),))


def begin_undo(batch_id: int, actor: Actor) -> None:
    """Mark the batch as being undone. Raises RuleBroken when it is not in, or was kept too long ago."""
    count = count_to_undo(batch_id)
    atomically(lambda s: batches.begin(s, batch_id, BatchStatus.UNDOING, rows=count, actor=actor))


def undo(batch_id: int, actor: Actor) -> list[Applied]:
    """Take the batch back, newest row first; returns what stays because it was changed since."""
    batch = get_batch(batch_id)
    kind, pace = KINDS[batch.kind], Pace()
    note = f"Impor {batch_id} dibatalkan"
    kept: list[Applied] = []
    before: int | None = None
    while found := rows_to_undo(batch_id, before_id=before, limit=pace.rows):
        db.session.rollback()
        results = pace.block(partial(_undo_block, batch_id, kind, found, actor, note), len(found))
        kept += [r for r in results if r.problem is not None]
        before = found[-1].id
    sentence = str(say("%(n)s baris tetap, karena sudah diubah sejak impor.", n=len(kept))) if kept else ""
    atomically(lambda s: batches.finish(s, batch_id, BatchStatus.UNDONE, sentence=sentence))
    return kept


def _undo_block(
    batch_id: int, kind: ImportKind, found: list[StagedRow], actor: Actor, note: str, session: Session
) -> list[Applied]:
    ours = rows.claim(session, [row.id for row in found], undo=True)
    results = kind.undo(session, [row for row in found if row.id in ours], actor=actor, note=note)
    rows.mark_undone(session, batch_id, results)
    return results


def resume_stalled(seconds: int = STALLED_SECONDS) -> list[int]:
    """Take up batches whose process died, each where it stopped; returns their numbers."""
    return [batch_id for batch_id in stalled_batches(seconds) if take_up(batch_id, seconds)]


def take_up(batch_id: int, seconds: int = STALLED_SECONDS) -> bool:
    """Go on with a batch whose process died. False when somebody else was quicker, or it is alive."""
    status = atomically(lambda s: batches.take_up(s, batch_id, quiet_seconds=seconds))
    if status is None:
        return False
    batch = get_batch(batch_id)
    match status:
        case BatchStatus.COMMITTING:
            commit(batch_id, batch.acting)
        case BatchStatus.UNDOING:
            undo(batch_id, batch.acting)
        case _ if batch.mapping:  # judged again with other columns
            staging.read_again(batch_id)
        case _:  # the file itself is never kept
            staging.refuse(batch_id, str(say("Pembacaan terputus. Unggah lagi berkasnya.")))
    return True


def read_file_or_say_why(batch_id: int, found: SheetRows) -> None:
    """``staging.read_file``; a fault of ours must not leave a batch that reads for ever."""
    try:
        staging.read_file(batch_id, found)
    except Exception:
        log.exception("reading batch %s failed", batch_id)
        staging.refuse(batch_id, str(say("Ada gangguan di tempat kami. Unggah lagi berkasnya.")))
