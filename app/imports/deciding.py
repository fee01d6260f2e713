"""An officer's word about a row in conflict: the same as a record, another cooperative, or left out."""

from __future__ import annotations

from app.core.access import Actor
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.transaction import atomically
from app.imports.kinds import KINDS, Judgement, StagedRow
from app.imports.queries.batches import BatchView
from app.imports.queries.rows import codes_of, get_staged
from app.imports.rules import Decision, Outcome
from app.imports.sealing import place_of, seal_json
from app.imports.services import rows
from app.imports.services.rows import RowDecision


def decide_row(
    batch: BatchView, row_id: int, decision: Decision | None, *, code: str = "", actor: Actor
) -> RowDecision:
    """Remember the word; None opens the question again. It takes effect when the batch is brought in.

    ``code``: the record meant by SAME; '' means the one the row resembles, or the record of the earlier row.
    Raises RuleBroken, LookupError for an unknown row.
    """
    row = get_staged(batch.id, row_id)
    if row is None:
        raise LookupError(row_id)
    judgement = _judgement(batch, row, decision, code)
    place = place_of(batch.id, *row.ref, "changes")
    sealed = seal_json(dict(judgement.changes), place=place) if judgement.changes else None
    word = RowDecision(row_id, row.ref, decision, judgement, sealed)
    db.session.rollback()
    atomically(lambda s: rows.decide(s, batch.id, word, actor=actor))
    return word


def _judgement(batch: BatchView, row: StagedRow, decision: Decision | None, code: str) -> Judgement:
    match decision:
        case None:
            return Judgement(Outcome.CONFLICT, row.code)
        case Decision.SKIP:
            return Judgement(Outcome.SKIPPED, row.code)
        case Decision.OTHER:
            return Judgement(Outcome.NEW, row.code)
    return _same(batch, row, code or row.code or "")


def _same(batch: BatchView, row: StagedRow, code: str) -> Judgement:
    if not code and row.twin is not None:
        code = codes_of(batch.id, [row.twin]).get(row.twin, "")
        if not code:
            return Judgement(Outcome.CHANGED)  # waits until the earlier row is in
    if not code:
        raise RuleBroken("code", say("Tulis kode catatannya, contoh: K-7MQ9XPB."))
    return KINDS[batch.kind].compare(code, row.values, as_of=batch.as_of)
