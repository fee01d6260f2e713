"""Deeds on a whole batch: bring it in, take it back, go on where it stopped."""

from __future__ import annotations

from functools import partial

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, Actor, current_actor
from app.core.background import Work, background
from app.core.errors import RuleBroken
from app.core.page import page
from app.imports import jobs, room
from app.imports.desk.batch import batch_page
from app.imports.desk.entering import batch_or_404
from app.imports.forms import DeedForm
from app.imports.queries.batches import get_batch
from app.imports.queries.rows import count_applied_by_outcome


@room.post("/petugas/impor/<int:batch_id>/jalankan", access=Access.IMPORT_COOPERATIVES)
def commit(batch_id: int) -> BaseResponse:
    """Bring the new and changed rows into the registry."""
    batch_or_404(batch_id)
    actor = current_actor()
    return do(batch_id, partial(jobs.begin_commit, batch_id, actor), partial(jobs.commit, batch_id, actor))


@room.get("/petugas/impor/<int:batch_id>/batalkan", access=Access.IMPORT_COOPERATIVES)
def ask_undo(batch_id: int) -> Response:
    """What taking it back means, before it is done."""
    batch = batch_or_404(batch_id)
    return page("imports/undo.html", batch=batch, form=DeedForm(), applied=count_applied_by_outcome(batch_id))


@room.post("/petugas/impor/<int:batch_id>/batalkan", access=Access.IMPORT_COOPERATIVES)
def undo(batch_id: int) -> BaseResponse:
    """Take the whole batch back."""
    batch_or_404(batch_id)
    actor = current_actor()
    return do(batch_id, partial(jobs.begin_undo, batch_id, actor), partial(_undo, batch_id, actor))


@room.post("/petugas/impor/<int:batch_id>/lanjutkan", access=Access.IMPORT_COOPERATIVES)
def take_up(batch_id: int) -> BaseResponse:
    """Go on with work that stopped without a word."""
    batch = batch_or_404(batch_id)
    if batch.stalled:
        background().run(partial(_take_up, batch_id))
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


def _undo(batch_id: int, actor: Actor) -> None:
    jobs.undo(batch_id, actor)


def _take_up(batch_id: int) -> None:
    jobs.take_up(batch_id)


def do(batch_id: int, first: Work, then: Work) -> BaseResponse:
    """Do ``first`` now and ``then`` beside the requests; a batch that moved on meanwhile is a 409 page."""
    try:
        first()
    except RuleBroken as broken:
        return batch_page(get_batch(batch_id), problem=broken.sentence, status=409)
    background().run(then)
    return redirect(url_for("imports.show", batch_id=batch_id), 303)
