"""Changing a record, with the reason."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room
from app.cooperatives.desk.subject import subject_or_404
from app.cooperatives.desk_record_forms import EditForm, form_values
from app.cooperatives.queries.desk_record import RecordView
from app.cooperatives.services.editing import edit_record
from app.core.access import Access, current_actor
from app.core.errors import RuleBroken, not_found
from app.core.page import page
from app.core.transaction import atomically
from app.registry.deciding_rules import is_dinas


@room.get("/petugas/koperasi/<code>/ubah", access=Access.EDIT_COOPERATIVE)
def desk_edit_form(code: str) -> Response:
    """The form, filled with what is known; telephone and contact name stay away."""
    record = _record(code)
    form = EditForm(formdata=None, data=form_values(record), may_set_official=is_dinas(current_actor()))
    return _page(record, form, 200)


@room.post("/petugas/koperasi/<code>/ubah", access=Access.EDIT_COOPERATIVE)
def desk_edit(code: str) -> BaseResponse:
    """Change what was changed on the form."""
    record = _record(code)
    actor = current_actor()
    form = EditForm(may_set_official=is_dinas(actor))
    if "tahap" in request.form:
        return _page(record, form, 200)
    if not form.validate():
        return _page(record, form, 422)
    changes, seen, reason = form.changes(), form.seen_version, form.reason.value or ""
    try:
        atomically(
            lambda s: edit_record(
                s, code=code, changes=changes, seen_version=seen, actor=actor, reason=reason
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _page(_record(code), form, 409 if problem.code else 422)
    return redirect(url_for("cooperatives.desk_record", code=code), 303)


def _record(code: str) -> RecordView:
    """The record, where this person may work: seen because of a submission alone is not enough to change it."""
    record = subject_or_404(code).record
    if record is None or not current_actor().covers(record.kecamatan_code):
        not_found()
    return record


def _page(record: RecordView, form: EditForm, status: int) -> Response:
    form.version.data = form.version.data or str(record.version)
    return page("cooperatives/desk_edit.html", record=record, form=form, status=status)
