"""Officers' door of the imports: upload, dry run, corrected columns, commit, report, undo."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from flask import Response, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, current_actor
from app.core.background import background
from app.core.errors import RuleBroken, not_found
from app.core.page import page, wanted_fragment
from app.core.transaction import atomically
from app.imports import jobs, queries, room, staging
from app.imports.forms import DeedForm, UploadForm
from app.imports.kinds import KINDS
from app.imports.queries import BatchView
from app.imports.reading.limits import Refused
from app.imports.refusals import sentence_of
from app.imports.rules import Outcome
from app.imports.services import batches
from app.imports.words import OUTCOME_WORDS, field_words

NOTHING = ""


@room.get("/petugas/impor", access=Access.IMPORT_COOPERATIVES)
def index() -> Response:
    """Upload form and the latest batches."""
    _only_the_whole_kabupaten()
    form = UploadForm()
    form.fill_identity()
    return page("imports/index.html", form=form, batches=queries.list_batches())


@room.post("/petugas/impor", access=Access.IMPORT_COOPERATIVES)
def upload() -> BaseResponse:
    """Take a file; nothing of the registry changes yet."""
    _only_the_whole_kabupaten()
    form = UploadForm()
    if not form.validate_on_submit():
        return page("imports/index.html", form=form, batches=queries.list_batches(), status=422)
    try:
        batch_id, rows = staging.take_file(
            form.file.data.stream,
            file_name=form.file.data.filename or "",
            kind=form.kind.data,
            as_of=form.as_of_iso,
            actor=current_actor(),
        )
    except Refused as refused:
        form.reject(RuleBroken("file", sentence_of(refused)))
        return page("imports/index.html", form=form, batches=queries.list_batches(), status=422)
    background().run(partial(staging.read_file, batch_id, rows))
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


@room.get("/petugas/impor/<int:batch_id>", access=Access.IMPORT_COOPERATIVES)
def show(batch_id: int) -> Response:
    """One batch: progress, counts, rows with their reasons, columns, deeds."""
    batch = _batch(batch_id)
    outcome = _chosen_outcome()
    after = request.args.get("sesudah", "0")
    rows = queries.list_rows(
        batch_id,
        outcome,
        after_id=int(after) if after.isdecimal() and len(after) < 12 else 0,
        limit=51,
    )
    answer = page(
        "imports/show.html",
        fragments=("progress",),
        batch=batch,
        rows=rows[:50],
        next_after=rows[49].id if len(rows) > 50 else None,
        outcome=outcome,
        outcome_words=OUTCOME_WORDS,
        field_words=field_words(KINDS[batch.kind]),
        kind=KINDS[batch.kind],
        outcome_tabs=_outcome_tabs(batch, outcome),
        form=DeedForm(),
    )
    if wanted_fragment(("progress",)) and not batch.running:
        answer.headers["HX-Refresh"] = "true"  # the work is done: the rows below have changed too
    return answer


def _outcome_tabs(batch: BatchView, chosen: Outcome | None) -> list[tuple[str, str, bool, int]]:
    return [
        (
            str(words),
            url_for("imports.show", batch_id=batch.id, hasil=o.value),
            o is chosen,
            batch.counts.get(o.value, 0),
        )
        for o, words in OUTCOME_WORDS.items()
        if o is not Outcome.SKIPPED
    ]


@room.post("/petugas/impor/<int:batch_id>/kolom", access=Access.IMPORT_COOPERATIVES)
def correct_columns(batch_id: int) -> BaseResponse:
    """Read the staged rows again with corrected columns."""
    batch = _batch(batch_id)
    mapping = _sent_mapping(batch)
    return _deed(
        batch_id,
        partial(_correct, batch_id, mapping),
        partial(staging.read_again, batch_id),
    )


def _correct(batch_id: int, mapping: dict[str, object]) -> None:
    actor = current_actor()
    atomically(lambda s: batches.keep_mapping(s, batch_id, mapping, actor=actor))


@room.post("/petugas/impor/<int:batch_id>/jalankan", access=Access.IMPORT_COOPERATIVES)
def commit(batch_id: int) -> BaseResponse:
    """Bring the new and changed rows into the registry."""
    _batch(batch_id)
    actor = current_actor()
    return _deed(
        batch_id,
        partial(jobs.begin_commit, batch_id, actor),
        partial(jobs.commit, batch_id, actor),
    )


@room.post("/petugas/impor/<int:batch_id>/batalkan", access=Access.IMPORT_COOPERATIVES)
def undo(batch_id: int) -> BaseResponse:
    """Take the whole batch back."""
    _batch(batch_id)
    actor = current_actor()
    return _deed(
        batch_id,
        partial(jobs.begin_undo, batch_id, actor),
        partial(jobs.undo, batch_id, actor),
    )


@room.get("/petugas/impor/<int:batch_id>/laporan.xlsx", access=Access.IMPORT_COOPERATIVES)
def report(batch_id: int) -> Response:
    """The rows as they came, each with what it does and why."""
    batch = _batch(batch_id)
    with tempfile.NamedTemporaryFile(prefix="laporan-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    jobs.write_row_report(batch, path)
    answer = send_file(
        path,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"laporan-impor-{batch_id}.xlsx",
    )
    answer.call_on_close(lambda: path.unlink(missing_ok=True))
    return answer


def _only_the_whole_kabupaten() -> None:
    if not queries.may_see_batches(current_actor()):
        not_found()


def _batch(batch_id: int) -> BatchView:
    _only_the_whole_kabupaten()
    batch = queries.find_batch(batch_id)
    return batch if batch is not None else not_found()


def _chosen_outcome() -> Outcome | None:
    text = request.args.get("hasil", "")
    return Outcome(text) if text in {o.value for o in Outcome} else None


def _sent_mapping(batch: BatchView) -> dict[str, object]:
    """The columns as chosen in the form: ``kolom-<sheet number>-<column>`` = field or ''."""
    known = set(KINDS[batch.kind].vocabulary)
    corrected: dict[str, object] = {}
    for number, (sheet, seen) in enumerate(batch.mapping.items()):
        columns = {
            index: name
            for index in seen["headings"]
            if (name := request.form.get(f"kolom-{number}-{index}", NOTHING)) in known
        }
        corrected[sheet] = {**seen, "columns": columns}
    return corrected


def _deed(batch_id: int, first: partial[None], then: partial[None]) -> BaseResponse:
    """Do ``first`` now and ``then`` in the background; a batch that moved on meanwhile is a 409 page."""
    try:
        first()
    except RuleBroken as broken:
        batch = queries.find_batch(batch_id)
        return page(
            "imports/closed.html",
            batch=batch,
            sentence=broken.sentence,
            status=409,
            title=_("Belum bisa sekarang"),
        )
    background().run(then)
    return redirect(url_for("imports.show", batch_id=batch_id), 303)
