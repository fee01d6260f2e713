"""Closures: of a day, of some hours, of an expert or a desk, with their reason."""

from __future__ import annotations

from typing import Final

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.frame import desk_page, made
from app.clinic.forms.timetable import ClosureForm
from app.clinic.queries.roster import list_closure_rows, list_desks, list_experts
from app.clinic.services.timetable import close, reopen
from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.transaction import atomically

HERE: Final = "clinic.desk_closures"


def _form(**options: object) -> ClosureForm:
    session = db.session()
    experts = [(f"e{row.id}", row.name) for row in list_experts(session, only_active=True)]
    desks = [(f"d{desk.id}", desk.name) for desk in list_desks(session, only_active=True)]
    return ClosureForm([*experts, *desks], **options)


@room.get("/petugas/klinik/tutup", access=Access.MANAGE_CLINIC)
def desk_closures() -> Response:
    """Closures to come, and the form of one more."""
    return _page(_form(formdata=None))


def _page(form: ClosureForm, status: int = 200) -> Response:
    rows = list_closure_rows(db.session(), today())
    return desk_page("clinic/desk_closures.html", HERE, form=form, rows=rows, status=status)


@room.post("/petugas/klinik/tutup", access=Access.MANAGE_CLINIC)
def desk_close() -> BaseResponse:
    """Nothing is offered then."""
    form, actor = _form(), current_actor()
    if not form.validate():
        return _page(form, 422)
    first_day = form.first_day.value
    assert first_day is not None  # validate() refused an empty one
    try:
        atomically(
            lambda s: close(
                s,
                first_day=first_day,
                last_day=form.last_day.value,
                starts=form.starts.value,
                ends=form.ends.value,
                expert_id=form.id_of("e"),
                desk_id=form.id_of("d"),
                reason=form.reason.value or "",
                actor=actor,
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, 422)
    return made(HERE, "tutup")


@room.post("/petugas/klinik/tutup/<int:closure_id>/buka", access=Access.MANAGE_CLINIC)
def desk_reopen(closure_id: int) -> BaseResponse:
    """Taken back."""
    actor = current_actor()
    try:
        atomically(lambda s: reopen(s, closure_id=closure_id, actor=actor))
    except LookupError:
        not_found()
    return made(HERE, "buka")
