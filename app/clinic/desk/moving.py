"""Bookings that lost their half hour: asked, moved, or served first."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Response, current_app, request
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.contact import reveal
from app.clinic.desk.frame import desk_page, done
from app.clinic.forms.roster import HOW_ASKED, MoveForm, UnreachedForm
from app.clinic.queries.free import FreeTime
from app.clinic.queries.people import NOBODY, people_of
from app.clinic.queries.roster import (
    HomelessRow,
    find_to_move,
    list_to_move,
    times_of_day_to_move_to,
    times_to_move_to,
)
from app.clinic.services.moving import move_after_consent, serve_first
from app.clinic.services.taking import SlotTaken
from app.clinic.slot_codes import read_day, read_slot_code, slot_code
from app.clinic.words import MODE_WORDS, SERVICE_WORDS, TOPIC_WORDS
from app.config import Office
from app.core.access import Access, current_actor
from app.core.clock import in_wib, now
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import LANGUAGES, formatting_locale, say
from app.core.transaction import atomically
from app.core.values import ValueProblem, phone_display, wa_number
from app.core.words import date_long, time_wib
from app.registry.queries.submissions import language_of

HERE: Final = "clinic.desk_to_move"
MANAGE: Final = Access.MANAGE_CLINIC


@room.get("/petugas/klinik/pindah", access=MANAGE)
def desk_to_move() -> Response:
    """Who has to be asked, the next first."""
    session = db.session()
    rows = list_to_move(session)
    return desk_page(
        "clinic/desk_to_move.html",
        HERE,
        rows=rows,
        people=people_of(session, [row.booking.submission_id for row in rows]),
        nobody=NOBODY,
        topic_words=TOPIC_WORDS,
        mode_words=MODE_WORDS,
        service_words=SERVICE_WORDS,
    )


@room.get("/petugas/klinik/pindah/<int:booking_id>", access=MANAGE)
def desk_move(booking_id: int) -> Response:
    """One of them, with the nearest free times, and those of the day that the client wants (``?tanggal=``)."""
    row, day = _row(booking_id), read_day(request.args.get("tanggal", ""))
    return _page(row, _move_form(row, day, formdata=None), UnreachedForm(formdata=None), day=day)


def _row(booking_id: int) -> HomelessRow:
    return find_to_move(db.session(), booking_id) or not_found()


def _times(row: HomelessRow) -> list[FreeTime]:
    return times_to_move_to(db.session(), row.booking, now=now())


def _times_of(row: HomelessRow, day: date | None) -> list[FreeTime]:
    return times_of_day_to_move_to(db.session(), row.booking, day, now=now()) if day else []


def _move_form(row: HomelessRow, day: date | None = None, **options: object) -> MoveForm:
    """The times of ``day`` first, then the nearest."""
    times = {time.starts_at: time for time in (*_times_of(row, day), *_times(row))}
    return MoveForm(
        [(slot_code(row.booking.service, time.starts_at), _words(row, time)) for time in times.values()],
        **options,
    )


def _sent_form(row: HomelessRow) -> MoveForm:
    """As sent: a time of whatever day may have been chosen."""
    try:
        _service, starts_at = read_slot_code(request.form.get("slot", ""))
    except ValueProblem:
        return _move_form(row)
    return _move_form(row, in_wib(starts_at).date())


def _words(row: HomelessRow, time: FreeTime) -> str:
    if time.starts_at == row.booking.starts_at:
        return str(say("Jam yang sama, narasumber lain"))
    return _moment(time)


def _moment(time: FreeTime) -> str:
    language = formatting_locale()
    return f"{date_long(time.starts_at, language)}, {time_wib(time.starts_at, language)}"


def _page(
    row: HomelessRow,
    form: MoveForm,
    unreached: UnreachedForm,
    *,
    phone: str = "",
    day: date | None = None,
    status: int = 200,
) -> Response:
    session = db.session()
    person = people_of(session, [row.booking.submission_id]).get(row.booking.submission_id, NOBODY)
    text = _text(row, person.name) if phone else ""
    return desk_page(
        "clinic/desk_move.html",
        HERE,
        row=row,
        person=person,
        form=form,
        unreached=unreached,
        phone=phone,
        phone_words=phone_display(phone) if phone else "",
        whatsapp=wa_number(phone) if phone else "",
        text=text,
        day=day,
        nothing_on=day if day and not _times_of(row, day) else None,
        topic_words=TOPIC_WORDS,
        mode_words=MODE_WORDS,
        service_words=SERVICE_WORDS,
        how_words=HOW_ASKED,
        status=status,
    )


def _text(row: HomelessRow, name: str) -> str:
    """What the client is asked, in the language of the form."""
    code = language_of(db.session(), row.booking.submission_id)
    with force_locale(code if code in LANGUAGES else "id"):
        times = _times(row)
        parts = [
            say("Yth. %(name)s,", name=name) if name else say("Bapak/Ibu,"),
            say(
                "Mohon maaf, konsultasi Bapak/Ibu pada %(moment)s tidak bisa dilayani narasumber yang semula.",
                moment=_moment(FreeTime(row.booking.starts_at, 0)),
            ),
            say("Apakah bisa pada salah satu jam ini?") if times else "",
            *(f"- {_moment(time)}" for time in times[:3]),
            say("Balas pesan ini, atau telepon %(phone)s.", phone=_office().phone_display),
            _office().name,
        ]
        return "\n".join(words for part in parts if (words := str(part)))


def _office() -> Office:
    office: Office = current_app.config["SETTINGS"].office
    return office


@room.post("/petugas/klinik/pindah/<int:booking_id>/nomor", access=MANAGE)
def desk_move_phone(booking_id: int) -> Response:
    """Show the telephone number; the look is written down first."""
    row, actor = _row(booking_id), current_actor()
    shown = reveal(
        actor,
        subject=f"klinik:{booking_id}",
        submission_id=row.booking.submission_id,
        purpose="move",
        text="",
    )
    return _page(row, _move_form(row, formdata=None), UnreachedForm(formdata=None), phone=shown.phone)


@room.post("/petugas/klinik/pindah/<int:booking_id>", access=MANAGE)
def desk_do_move(booking_id: int) -> BaseResponse:
    """To the time that the client agreed to."""
    row, actor = _row(booking_id), current_actor()
    form = _sent_form(row)
    if not form.validate():
        return _page(row, form, UnreachedForm(formdata=None), status=422)
    _service, starts_at = read_slot_code(form.slot.data)
    how = form.how_asked.data
    try:
        atomically(lambda s: move_after_consent(s, booking_id, starts_at, how_asked=how, actor=actor))
    except SlotTaken as taken:
        form = _move_form(row)
        form.reject(taken)
        return _page(row, form, UnreachedForm(formdata=None), status=409)
    except RuleBroken as problem:
        form.reject(problem)
        return _page(row, form, UnreachedForm(formdata=None), status=409)
    return done(HERE, "pindah")


@room.post("/petugas/klinik/pindah/<int:booking_id>/tidak-terhubungi", access=MANAGE)
def desk_unreached(booking_id: int) -> BaseResponse:
    """Nobody answered: whoever is free that day takes them first."""
    row, actor, form = _row(booking_id), current_actor(), UnreachedForm()
    if not form.validate():
        return _page(row, _move_form(row, formdata=None), form, status=422)
    how = form.tried.data
    try:
        atomically(lambda s: serve_first(s, booking_id, how_asked=how, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _page(row, _move_form(row, formdata=None), form, status=409)
    return done(HERE, "didahulukan")
