"""The first page: a file comes in, and which came before."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from flask import Response, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, current_actor
from app.core.background import background
from app.core.errors import RuleBroken
from app.core.page import page
from app.core.sheet_out import MIME_TYPE, Column, write_sheet
from app.imports import jobs, room, staging
from app.imports.desk.entering import only_the_whole_kabupaten
from app.imports.forms import UploadForm
from app.imports.kinds import KINDS
from app.imports.queries.batches import list_batches
from app.imports.reading.limits import Refused
from app.imports.refusals import sentence_of


@room.get("/petugas/impor", access=Access.IMPORT_COOPERATIVES)
def index() -> Response:
    """Upload form and the latest batches."""
    only_the_whole_kabupaten()
    form = UploadForm()
    form.fill_identity()
    return _index(form)


@room.post("/petugas/impor", access=Access.IMPORT_COOPERATIVES)
def upload() -> BaseResponse:
    """Take a file; nothing of the registry changes yet."""
    only_the_whole_kabupaten()
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    try:
        batch_id, found = staging.take_file(
            form.file.data.stream,
            file_name=form.file.data.filename or "",
            kind=form.kind.data,
            as_of=form.as_of_day,
            actor=current_actor(),
        )
    except Refused as refused:
        form.reject(RuleBroken("file", sentence_of(refused)))
        return _index(form, status=422)
    background().run(partial(jobs.read_file_or_say_why, batch_id, found))
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


def _index(form: UploadForm, *, status: int = 200) -> Response:
    return page("imports/index.html", form=form, batches=list_batches(), kinds=KINDS, status=status)


@room.get("/petugas/impor/contoh-<kind>.xlsx", access=Access.IMPORT_COOPERATIVES)
def template(kind: str) -> Response:
    """An empty list with headings that are surely understood, made from the vocabulary itself."""
    only_the_whole_kabupaten()
    found = KINDS.get(kind) or KINDS["cooperatives"]
    with tempfile.NamedTemporaryFile(prefix="contoh-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    write_sheet(
        path, [Column(found.vocabulary[name][0], 22) for name in found.template], [], name=_("Daftar")
    )
    answer = send_file(
        path, mimetype=MIME_TYPE, as_attachment=True, download_name=f"contoh-{found.name}.xlsx"
    )
    answer.call_on_close(lambda: path.unlink(missing_ok=True))
    return answer
