"""Wishes that came by the outbox: find the time, book it, tell the sender; or close with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, redirect, request, url_for
from flask_babel import LazyString
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.contact import Appointment, Revealed, appointment_text, reveal
from app.clinic.desk.today import WORDS
from app.clinic.forms.advising import CloseForm, ScheduleForm, ToldForm
from app.clinic.forms.booking import CHOOSE_A_TIME
from app.clinic.forms.walk_in import read_number
from app.clinic.forms.wishing import DAYS, PARTS
from app.clinic.queries.earlier import list_askers
from app.clinic.queries.free import FreeTime
from app.clinic.queries.today import slot_by_id
from app.clinic.queries.wishes import (
    WishBox,
    WishView,
    asked_for,
    count_wishes,
    days_waiting,
    list_wishes,
    suggest,
    wish_by_number,
)
from app.clinic.services.wishes import Scheduled, booking_submission, close, schedule
from app.clinic.slot_codes import read_slot_code, slot_code
from app.core.access import Access, current_actor
from app.core.clock import now, today
from app.core.codes import tidy_code
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.forms import PlainForm
from app.core.language import page_language, say
from app.core.page import page
from app.core.paging import page_number
from app.core.transaction import atomically
from app.core.values import ValueProblem
from app.core.words import date_long, time_wib
from app.registry.deciding_rules import CONTACT_WORDS
from app.registry.services.deciding import tick_contact

_BOX_WORDS: Final[Mapping[WishBox, LazyString]] = {
    WishBox.WAITING: say("Menunggu jadwal"),
    WishBox.TO_TELL: say("Perlu dikabari"),
    WishBox.DONE: say("Selesai"),
}


@room.get("/petugas/klinik/permintaan", access=Access.SERVE_CLINIC)
def desk_wishes() -> Response:
    """A part of the list (``?kotak=``), who has waited longest first."""
    asked, session = request.args.get("kotak", ""), db.session()
    box = WishBox(asked) if asked in set(WishBox) else WishBox.WAITING
    rows = list_wishes(session, box, page_number())
    return page(
        "clinic/desk_wishes.html",
        rows=rows,
        box=box,
        askers=list_askers(session, now=now()) if box is WishBox.WAITING else [],
        tabs=[
            (
                words,
                url_for("clinic.desk_wishes", kotak=one.value),
                one is box,
                None if one is WishBox.DONE else count_wishes(session, one),
            )
            for one, words in _BOX_WORDS.items()
        ],
        waited={row.submission_id: days_waiting(row, today()) for row in rows.rows},
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"day_words": DAYS, "part_words": PARTS, "contact_words": CONTACT_WORDS, **WORDS}


@room.get("/petugas/klinik/permintaan/<number>", access=Access.SERVE_CLINIC)
def desk_wish(number: str) -> Response:
    """One wish: the times that fit, whom to tell."""
    return _show(_wish_or_404(number))


def _wish_or_404(number: str) -> WishView:
    wish = wish_by_number(db.session(), tidy_code(number))
    if wish is None:
        not_found()
    return wish


def _show(
    wish: WishView,
    *,
    forms: Mapping[str, PlainForm] | None = None,
    revealed: Revealed | None = None,
    status: int = 200,
) -> Response:
    forms = forms or {}
    waiting = wish.closed_at is None
    times = suggest(db.session(), wish) if waiting else None
    return page(
        "clinic/desk_wish.html",
        status=status,
        wish=wish,
        wanted=slot_by_id(db.session(), read_number(wish.person.slot)) if wish.walk_in else None,
        waited=days_waiting(wish, today()),
        schedule_form=forms.get("jadwal") or ScheduleForm(formdata=None),
        close_form=forms.get("tutup") or CloseForm(formdata=None),
        fitting=_choices(wish, times.fitting) if times else [],
        others=_choices(wish, times.others) if times else [],
        message=_message(wish),
        revealed=revealed,
        problems=[problem for form in forms.values() for problem in form.problems],
        **_words(),
    )


def _choices(wish: WishView, times: tuple[FreeTime, ...]) -> list[tuple[str, str]]:
    language = page_language()
    return [
        (
            slot_code(wish.service, one.starts_at),
            f"{date_long(one.starts_at, language)}, {time_wib(one.starts_at, language)}",
        )
        for one in times
    ]


def _message(wish: WishView) -> str:
    if wish.booking_id is None or wish.starts_at is None:
        return ""
    own = booking_submission(wish.submission_id)
    return appointment_text(Appointment(own, wish.starts_at, wish.mode, wish.language))


def _back(wish: WishView) -> BaseResponse:
    return redirect(url_for("clinic.desk_wish", number=wish.number), 303)


@room.post("/petugas/klinik/permintaan/<number>/jadwalkan", access=Access.SERVE_CLINIC)
def desk_schedule(number: str) -> BaseResponse:
    """Book the time for them. Two officers at once book one."""
    wish, form, actor = _wish_or_404(number), ScheduleForm(), current_actor()
    try:
        _service, starts_at = read_slot_code(form.slot.data or "")
    except ValueProblem:
        form.reject(RuleBroken("slot", CHOOSE_A_TIME))
        return _show(wish, forms={"jadwal": form}, status=422)
    chosen = Scheduled(starts_at, asked_for(wish))
    try:
        atomically(lambda s: schedule(s, wish.submission_id, chosen, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _show(_wish_or_404(number), forms={"jadwal": form}, status=409)
    return _back(wish)


@room.post("/petugas/klinik/permintaan/<number>/tutup", access=Access.SERVE_CLINIC)
def desk_close_wish(number: str) -> BaseResponse:
    """No time for this one; the sender reads why."""
    wish, form, actor = _wish_or_404(number), CloseForm(), current_actor()
    if not form.validate():
        return _show(wish, forms={"tutup": form}, status=422)
    reason = form.reason.value or ""
    try:
        atomically(lambda s: close(s, wish.submission_id, reason, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _show(_wish_or_404(number), forms={"tutup": form}, status=409)
    return _back(wish)


@room.post("/petugas/klinik/permintaan/<number>/nomor", access=Access.SERVE_CLINIC)
def desk_reveal_wish(number: str) -> Response:
    """Show the telephone number, to tell or to ask."""
    wish = _wish_or_404(number)
    revealed = reveal(
        current_actor(),
        subject=wish.number,
        submission_id=wish.submission_id,
        purpose="tell",
        text=_message(wish),
    )
    return _show(wish, revealed=revealed)


@room.post("/petugas/klinik/permintaan/<number>/kabari", access=Access.SERVE_CLINIC)
def desk_told_wish(number: str) -> BaseResponse:
    """The sender was told: off the list. Ticking twice is harmless."""
    wish, form, actor = _wish_or_404(number), ToldForm(), current_actor()
    if wish.booking_id is None:
        form.reject(RuleBroken("", say("Permintaan ini belum dijadwalkan, jadi belum ada yang dikabarkan.")))
        return _show(wish, forms={"kabari": form}, status=409)
    if not form.validate():
        return _show(wish, forms={"kabari": form}, status=422)
    way = form.way
    atomically(lambda s: tick_contact(s, submission_id=wish.submission_id, how=way, actor=actor))
    return _back(wish)
