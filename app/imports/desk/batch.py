"""One batch: progress, counts, what will happen, its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request, url_for

from app.core.access import Access
from app.core.page import page
from app.imports import room
from app.imports.desk.entering import batch_or_404
from app.imports.forms import DeedForm
from app.imports.kinds import KINDS
from app.imports.queries.batches import BatchView, earlier_of_file
from app.imports.queries.rows import (
    count_to_apply,
    count_to_undo,
    find_row,
    list_kept,
    list_rows,
)
from app.imports.rules import DECIDABLE, BatchStatus, Outcome
from app.imports.showing import RowShower, RowShown
from app.imports.words import DECISION_WORDS, OUTCOME_KINDS, OUTCOME_WORDS

ROWS_SHOWN: Final = 50
STAYED: Final = "tetap"


@dataclass(frozen=True)
class Choice:
    """Which rows are looked at, from the address. ``outcome`` '' means all."""

    outcome: str
    after: int

    @classmethod
    def asked(cls) -> Choice:
        """As the address or the form says it."""
        outcome = request.values.get("hasil", "")
        after = request.values.get("sesudah", "")
        known = {o.value for o in Outcome} | {STAYED}
        number = int(after) if after.isdecimal() and len(after) < 12 else 0
        return cls(outcome if outcome in known else "", number)

    def url(self, batch_id: int, *, decided: int | None = None) -> str:
        """The page of the batch with these rows; ``decided``: the row that a word was just said about."""
        return url_for(
            "imports.show",
            batch_id=batch_id,
            hasil=self.outcome or None,
            sesudah=self.after or None,
            putus=decided,
            _anchor="baris" if decided else None,
        )


@room.get("/petugas/impor/<int:batch_id>", access=Access.IMPORT_COOPERATIVES)
def show(batch_id: int) -> Response:
    """One batch; to HTMX while it runs and after a word about a row only its block."""
    return batch_page(batch_or_404(batch_id))


def batch_page(batch: BatchView, *, problem: object = "", status: int = 200) -> Response:
    """The page of ``batch`` with the rows that the address asks for."""
    choice = Choice.asked()
    shown = [] if batch.running else _rows(batch, choice)
    return page(
        "imports/show.html",
        fragments=("batch",),
        batch=batch,
        problem=problem,
        choice=choice,
        rows=shown[:ROWS_SHOWN],
        next_after=shown[ROWS_SHOWN - 1].row.id if len(shown) > ROWS_SHOWN else None,
        tabs=_tabs(batch, choice),
        waiting=count_to_apply(batch.id) if batch.status in DECIDABLE else 0,
        standing=count_to_undo(batch.id) if batch.status in {BatchStatus.DONE, BatchStatus.UNDONE} else 0,
        earlier=earlier_of_file(batch) if batch.status is BatchStatus.READY else None,
        decided=_just_decided(batch),
        decidable=batch.status in DECIDABLE,
        outcome_words=OUTCOME_WORDS,
        outcome_kinds=OUTCOME_KINDS,
        decision_words=DECISION_WORDS,
        form=DeedForm(),
        status=status,
    )


def _rows(batch: BatchView, choice: Choice) -> list[RowShown]:
    shower = RowShower(KINDS[batch.kind], batch.mapping)
    if choice.outcome == STAYED:
        found = list_kept(batch.id, after_id=choice.after, limit=ROWS_SHOWN + 1)
    else:
        outcome = Outcome(choice.outcome) if choice.outcome else None
        found = list_rows(batch.id, outcome, after_id=choice.after, limit=ROWS_SHOWN + 1)
    return [shower.shown(row) for row in found]


def _tabs(batch: BatchView, choice: Choice) -> list[tuple[str, str, bool, int | None]]:
    """Rows by outcome, each with its count; outcomes that nobody has are left out, but never all."""
    tabs: list[tuple[str, str, bool, int | None]] = [
        (
            str(words),
            Choice(o.value, 0).url(batch.id),
            o.value == choice.outcome,
            batch.counts.get(o.value, 0),
        )
        for o, words in OUTCOME_WORDS.items()
        if batch.counts.get(o.value, 0) or o.value == choice.outcome
    ]
    return tabs


def _just_decided(batch: BatchView) -> RowShown | None:
    text = request.args.get("putus", "")
    if not text.isdecimal() or len(text) > 12:
        return None
    row = find_row(batch.id, int(text))
    return RowShower(KINDS[batch.kind], batch.mapping).shown(row) if row else None
