"""Who gives advice, and at which desks."""

from __future__ import annotations

from typing import Final

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.queries.people import list_staff_names
from app.clinic import room
from app.clinic.desk.frame import desk_page, made
from app.clinic.desk.lines import entries_of
from app.clinic.forms.experts import DeskForm, ExpertForm
from app.clinic.models import Desk
from app.clinic.queries.roster import ExpertRow, find_expert, list_desks, list_experts, list_lines
from app.clinic.services.roster import save_desk, save_expert
from app.clinic.words import TOPIC_WORDS
from app.core.access import Access, current_actor
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.transaction import atomically

HERE: Final = "clinic.desk_experts"
MANAGE: Final = Access.MANAGE_CLINIC


@room.get("/petugas/klinik/narasumber", access=MANAGE)
def desk_experts() -> Response:
    """Experts and desks."""
    session = db.session()
    return desk_page(
        "clinic/desk_experts.html",
        HERE,
        experts=list_experts(session),
        desks=list_desks(session),
        topic_words=TOPIC_WORDS,
    )


@room.get("/petugas/klinik/narasumber/baru", access=MANAGE)
def desk_new_expert() -> Response:
    """The form of a new expert."""
    return _expert_page(ExpertForm(list_staff_names(), formdata=None), None)


@room.post("/petugas/klinik/narasumber/baru", access=MANAGE)
def desk_add_expert() -> BaseResponse:
    """One more expert."""
    return _save_expert(None)


@room.get("/petugas/klinik/narasumber/<int:expert_id>", access=MANAGE)
def desk_expert(expert_id: int) -> Response:
    """The form with what is known."""
    row, form = _expert(expert_id), ExpertForm(list_staff_names(), formdata=None)
    form.show(row)
    return _expert_page(form, row)


@room.post("/petugas/klinik/narasumber/<int:expert_id>", access=MANAGE)
def desk_change_expert(expert_id: int) -> BaseResponse:
    """Change it. Who no longer serves leaves the half hours to come; bookings there are listed to be moved."""
    return _save_expert(_expert(expert_id))


def _expert(expert_id: int) -> ExpertRow:
    return find_expert(db.session(), expert_id) or not_found()


def _save_expert(row: ExpertRow | None) -> BaseResponse:
    form, actor = ExpertForm(list_staff_names()), current_actor()
    if not form.validate():
        return _expert_page(form, row, 422)
    values, expert_id = form.values, row.id if row else None

    def deed(session: Session) -> int:
        return save_expert(session, expert_id=expert_id, actor=actor, **values)

    try:
        atomically(deed)
    except RuleBroken as problem:
        form.reject(problem)
        return _expert_page(form, row, 409 if problem.code == "taken" else 422)
    return made(HERE, "narasumber")


def _expert_page(form: ExpertForm, row: ExpertRow | None, status: int = 200) -> Response:
    session = db.session()
    history = entries_of(session, list_lines(session, f"narasumber:{row.id}")) if row else []
    return desk_page("clinic/desk_expert.html", HERE, form=form, row=row, history=history, status=status)


@room.get("/petugas/klinik/narasumber/meja/baru", access=MANAGE)
def desk_new_desk() -> Response:
    """The form of a new desk."""
    return _desk_page(DeskForm(formdata=None), None)


@room.post("/petugas/klinik/narasumber/meja/baru", access=MANAGE)
def desk_add_desk() -> BaseResponse:
    """One more desk."""
    return _save_desk(None)


@room.get("/petugas/klinik/narasumber/meja/<int:desk_id>", access=MANAGE)
def desk_desk(desk_id: int) -> Response:
    """The form of a desk."""
    row, form = _desk(desk_id), DeskForm(formdata=None)
    form.name.data, form.active.data = row.name, row.active
    return _desk_page(form, row)


@room.post("/petugas/klinik/narasumber/meja/<int:desk_id>", access=MANAGE)
def desk_change_desk(desk_id: int) -> BaseResponse:
    """Another name, or no longer used."""
    return _save_desk(_desk(desk_id))


def _desk(desk_id: int) -> Desk:
    found = next((desk for desk in list_desks(db.session()) if desk.id == desk_id), None)
    return found or not_found()


def _save_desk(row: Desk | None) -> BaseResponse:
    form, actor, desk_id = DeskForm(), current_actor(), row.id if row else None
    if not form.validate():
        return _desk_page(form, row, 422)
    name, active = form.name.value or "", bool(form.active.data)
    try:
        atomically(lambda s: save_desk(s, desk_id=desk_id, name=name, active=active, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _desk_page(form, row, 409)
    return made(HERE, "meja")


def _desk_page(form: DeskForm, row: Desk | None, status: int = 200) -> Response:
    return desk_page("clinic/desk_desk.html", HERE, form=form, row=row, status=status)
