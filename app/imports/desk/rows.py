"""One row: what stood in each cell, what was understood, and an officer's word where it is in conflict."""

from __future__ import annotations

from flask import Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, current_actor
from app.core.errors import RuleBroken, not_found
from app.core.page import page, wanted_fragment
from app.imports import deciding, room
from app.imports.desk.batch import Choice, batch_page
from app.imports.desk.entering import batch_or_404
from app.imports.forms import DecisionForm
from app.imports.kinds import KINDS
from app.imports.queries.batches import BatchView
from app.imports.queries.rows import codes_of, find_row, get_staged
from app.imports.rules import DECIDABLE
from app.imports.showing import RowShower
from app.imports.words import DECISION_WORDS, OUTCOME_KINDS, OUTCOME_WORDS


@room.get("/petugas/impor/<int:batch_id>/baris/<int:row_id>", access=Access.IMPORT_COOPERATIVES)
def show_row(batch_id: int, row_id: int) -> Response:
    """The row cell by cell, beside the record it resembles."""
    form = DecisionForm(formdata=None)
    form.fill_identity()
    return _row_page(batch_or_404(batch_id), row_id, form)


@room.post("/petugas/impor/<int:batch_id>/baris/<int:row_id>", access=Access.IMPORT_COOPERATIVES)
def decide_row(batch_id: int, row_id: int) -> BaseResponse:
    """The same as a record, another cooperative, or left out. It takes effect when the batch is brought in."""
    batch = batch_or_404(batch_id)
    choice = Choice.asked()
    form = DecisionForm()
    try:
        if not form.validate_on_submit():
            return _row_page(batch, row_id, form, status=422)
        code = (form.code.data or "").strip()
        deciding.decide_row(batch, row_id, form.word, code=code, actor=current_actor())
    except LookupError:
        not_found()
    except RuleBroken as broken:
        status = 409 if broken.code else 422
        if wanted_fragment(("batch",)):
            return batch_page(batch, problem=broken.sentence, status=status)
        form.reject(broken)
        return _row_page(batch, row_id, form, status=status)
    return redirect(choice.url(batch_id, decided=row_id), 303)


def _row_page(batch: BatchView, row_id: int, form: DecisionForm, *, status: int = 200) -> Response:
    row, staged = find_row(batch.id, row_id), get_staged(batch.id, row_id)
    if row is None or staged is None:
        not_found()
    kind = KINDS[batch.kind]
    shower = RowShower(kind, batch.mapping)
    code = row.record_code or (codes_of(batch.id, [row.twin]).get(row.twin) if row.twin else None)
    return page(
        "imports/row.html",
        batch=batch,
        shown=shower.shown(row),
        cells=shower.cells(row) if row.staged else [],
        code=code,
        sides=kind.side_by_side(code, staged.values) if code and staged.values else [],
        decidable=batch.status in DECIDABLE,
        choice=Choice.asked(),
        outcome_words=OUTCOME_WORDS,
        outcome_kinds=OUTCOME_KINDS,
        decision_words=DECISION_WORDS,
        form=form,
        status=status,
    )
