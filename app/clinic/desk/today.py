"""The day at the desk: who comes to whom, at which desk, who has come, who is called, who runs late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.fresh import nothing_new, version_of
from app.clinic.desk.steps import back_to, steps_of, undoable
from app.clinic.forms.advising import PlaceForm
from app.clinic.queries.advising import seat_for
from app.clinic.queries.earlier import list_askers
from app.clinic.queries.today import FreeSlot, Seat, day_sheet, list_free_slots, slot_by_id
from app.clinic.queries.wishes import WishBox, count_wishes
from app.clinic.rules.booking import Mode
from app.clinic.services.day import serve_first
from app.clinic.slot_codes import read_day
from app.clinic.words import MODE_WORDS, SERVICE_WORDS, STATUS_KINDS, STATUS_WORDS, TOPIC_WORDS
from app.core.access import Access, current_actor
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import say
from app.core.page import page
from app.core.transaction import atomically
from app.core.words import time_wib
from app.registry.queries.holidays import names_of_days_off

_ONE_DAY = timedelta(days=1)


@room.get("/petugas/klinik", access=Access.SERVE_CLINIC)
def desk_today() -> Response:
    """The day, or another one (``?tanggal=2026-11-24``)."""
    return show_day(read_day(request.args.get("tanggal", "")) or today())


def show_day(day: date, *, problems: Sequence[tuple[str, str]] = (), status: int = 200) -> Response:
    """The page, or its block ``hari`` alone: nothing at all where the asker has it as it is."""
    session = db.session()
    sheet = day_sheet(session, day, now=now())
    seats = sheet.seats
    steps, undone = steps_of(seats), undoable(seats)
    places = {mode: _places(day, mode) for mode in sorted({seat.mode for seat in sheet.first})}
    wishes = count_wishes(session, WishBox.WAITING)
    askers = len(list_askers(session, now=now()))
    version = version_of(day == today(), sheet, steps, sorted(undone), places, wishes, askers)
    return nothing_new("hari", version) or page(
        "clinic/desk_today.html",
        fragments=("hari",),
        status=status,
        day=day,
        is_today=day == today(),
        is_past=day < today(),
        sheet=sheet,
        version=version,
        steps=steps,
        undoable=undone,
        places=places,
        wishes=wishes,
        askers=askers,
        holiday="" if sheet.rows else names_of_days_off(session, day, day).get(day, ""),
        links=[
            (say("Hari sebelumnya"), url_for("clinic.desk_today", tanggal=(day - _ONE_DAY).isoformat())),
            (say("Hari ini"), url_for("clinic.desk_today")),
            (say("Hari berikutnya"), url_for("clinic.desk_today", tanggal=(day + _ONE_DAY).isoformat())),
        ],
        problems=problems,
        wrong=dict(problems),
        **WORDS,
    )


WORDS: dict[str, Any] = {
    "status_words": STATUS_WORDS,
    "status_kinds": STATUS_KINDS,
    "mode_words": MODE_WORDS,
    "topic_words": TOPIC_WORDS,
    "service_words": SERVICE_WORDS,
    "at_the_office": Mode.IN_PERSON,
}


def slot_choices(slots: Sequence[FreeSlot]) -> list[tuple[str, str]]:
    """Free half hours to choose from: number, and time, expert, desk in words."""
    return [
        (
            str(slot.id),
            " · ".join(part for part in (time_wib(slot.starts_at), slot.expert, slot.desk) if part),
        )
        for slot in slots
    ]


def _places(day: date, mode: Mode) -> list[tuple[str, str]]:
    """Free half hours for somebody who meets so: who comes to the office needs a desk."""
    return slot_choices(list_free_slots(db.session(), day, now=now(), mode=mode))


@room.post("/petugas/klinik/janji/<int:booking_id>/dahulukan", access=Access.SERVE_CLINIC)
def desk_serve_first(booking_id: int) -> BaseResponse:
    """Somebody whose expert is not there goes to one who is free."""
    seat = seat_for(db.session(), current_actor(), booking_id)
    if seat is None:
        not_found()
    form = PlaceForm()
    form.slot.choices = _places(seat.day, seat.mode)
    chosen, actor = form.slot.data or "", current_actor()
    slot = slot_by_id(db.session(), int(chosen)) if form.validate() and chosen.isdecimal() else None
    if slot is None:
        return _place_again(seat, form, 422)
    try:
        atomically(lambda s: serve_first(s, booking_id, slot, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _place_again(seat, form, 409)
    return back_to("hari", seat)


def _place_again(seat: Seat, form: PlaceForm, status: int) -> Response:
    """Errors at the list of this booking: several stand on the page. Gone from there, they stand on top."""
    shown = seat.serve_first and status == HTTPStatus.UNPROCESSABLE_ENTITY
    target = f"slot-{seat.id}" if shown else ""
    problems = [(target, sentence) for _field, sentence in form.problems]
    return show_day(seat.day, problems=problems, status=status)
