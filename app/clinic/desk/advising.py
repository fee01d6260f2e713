"""One appointment and its deeds; the expert's own page. Who gives advice sees the own sessions, an officer all.

Somebody else's appointment answers exactly as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Response, request
from flask_babel import LazyString
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.contact import Appointment, Revealed, appointment_text, reveal
from app.clinic.desk.steps import back_to, steps_of, undoable
from app.clinic.desk.today import WORDS, show_day
from app.clinic.forms.advising import LinkForm, NoteForm, RevealForm, StepForm
from app.clinic.queries.advising import (
    Line,
    expert_of,
    list_earlier,
    list_history,
    list_own_sessions,
    note_of,
    seat_for,
    subject_of,
)
from app.clinic.queries.today import Seat
from app.clinic.rules.booking import WAITING, BookingStatus, Mode, Outcome
from app.clinic.rules.day import MAY_BE_NOTED, check_day
from app.clinic.services.advising import Written, write_note
from app.clinic.services.cancelling import cancel
from app.clinic.services.day import undo
from app.clinic.services.online import set_meeting_link
from app.clinic.services.status import change_status
from app.clinic.words import CLIENT_WORDS, OUTCOME_WORDS, STATUS_WORDS
from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.forms import PlainForm
from app.core.language import say
from app.core.page import page
from app.core.transaction import atomically
from app.core.values.covering import cover_numbers
from app.registry.queries.moving import brief_for

_TOUCHES: Final = frozenset(
    {BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE, BookingStatus.NO_SHOW}
)
_TWO_WEEKS: Final = timedelta(weeks=2)
_DEEDS: Final[Mapping[str, LazyString]] = {
    "clinic.moved": say("Dipindah ke jam lain"),
    "clinic.client_agreed": say("Orangnya setuju dipindah"),
    "clinic.unreached": say("Tidak bisa dihubungi"),
    "clinic.keeps_time": say("Tetap di jam semula"),
    "clinic.noted": say("Hasil dicatat"),
    "clinic.link_set": say("Tautan Zoom diubah"),
    "clinic.walk_in": say("Datang tanpa janji"),
    "clinic.wish_scheduled": say("Dijadwalkan dari permintaan"),
    "submission.sender_told": say("Sudah dikabari"),
}


@room.get("/petugas/klinik/saya", access=Access.ADVISE)
def desk_own() -> Response:
    """The expert's own page: today, and what is coming."""
    return _own()


def _own(problems: Any = (), status: int = 200) -> Response:
    session, actor = db.session(), current_actor()
    found = list_own_sessions(session, actor, today())
    return page(
        "clinic/desk_own.html",
        fragments=("saya",),
        status=status,
        expert=expert_of(session, actor),
        day=today(),
        now_seats=[seat for seat in found if seat.day == today()],
        later=[seat for seat in found if seat.day > today()],
        steps=steps_of(found),
        undoable=undoable(found),
        problems=problems,
        **WORDS,
    )


@room.get("/petugas/klinik/janji/<int:booking_id>", access=Access.ADVISE)
def desk_booking(booking_id: int) -> Response:
    """One appointment."""
    return _show(_seat_or_404(booking_id))


def _seat_or_404(booking_id: int) -> Seat:
    seat = seat_for(db.session(), current_actor(), booking_id)
    if seat is None:
        not_found()
    return seat


def _show(
    seat: Seat,
    *,
    forms: Mapping[str, PlainForm] | None = None,
    revealed: Revealed | None = None,
    status: int = 200,
) -> Response:
    session, forms = db.session(), forms or {}
    note, soon = note_of(session, seat.id), today() + _TWO_WEEKS
    return page(
        "clinic/desk_booking.html",
        fragments=("janji",),
        status=status,
        seat=seat,
        question=cover_numbers(seat.person.question),
        note=note,
        note_form=forms.get("note") or _note_form(note),
        may_note=seat.status in MAY_BE_NOTED,
        example=f"{soon.day}-{soon.month}-{soon.year}",
        reveal_form=forms.get("reveal") or RevealForm(formdata=None, data={"purpose": _likely_purpose(seat)}),
        revealed=revealed,
        link_form=forms.get("link") or LinkForm(formdata=None, data={"meeting_link": seat.own_link}),
        may_set_link=seat.mode is Mode.ONLINE and seat.status in {*WAITING, BookingStatus.IN_SESSION},
        brief=brief_for(session, current_actor(), seat.record_code) if seat.record_code else None,
        earlier=list_earlier(session, seat.id),
        timeline=[_entry(line) for line in list_history(session, subject_of(seat.id))],
        steps=steps_of([seat]),
        undoable=undoable([seat]),
        may_cancel=seat.status in WAITING and current_actor().may(Access.SERVE_CLINIC),
        problems=[problem for form in forms.values() for problem in form.problems],
        client_words=CLIENT_WORDS,
        outcome_words=OUTCOME_WORDS,
        **WORDS,
    )


def _note_form(note: Any) -> NoteForm:
    """As kept, to go on writing."""
    day = note.follow_up_on if note else None
    return NoteForm(
        formdata=None,
        data={
            "text": note.text if note else "",
            "outcome": note.outcome.value if note else "",
            "follow_up_on": f"{day.day}-{day.month}-{day.year}" if day else "",
        },
    )


def _likely_purpose(seat: Seat) -> str:
    return "session" if seat.mode is Mode.PHONE else "tell"


def _entry(line: Line) -> dict[str, Any]:
    status = line.after.get("status", "")
    known = STATUS_WORDS[BookingStatus(status)] if status in set(BookingStatus) else ""
    title = say("Diurungkan: %(status)s", status=known) if line.deed == "clinic.undone" else known
    return {"at": line.at, "title": _DEEDS.get(line.deed) or title or line.deed, "who": line.who}


# --- deeds --------------------------------------------------------------------------------------------------------


@room.post("/petugas/klinik/janji/<int:booking_id>/keadaan", access=Access.ADVISE)
def desk_step(booking_id: int) -> BaseResponse:
    """Has come, is called, is over, did not come. Touched twice it is one touch."""
    seat, form, actor = _seat_or_404(booking_id), StepForm(), current_actor()
    wanted = form.wanted
    if wanted not in _TOUCHES or wanted is None:
        return _refuse(seat, RuleBroken("", say("Tekan salah satu tombolnya.")))
    if seat.status is not wanted:
        try:
            check_day(seat.starts_at, today())
            atomically(lambda s: change_status(s, booking_id, wanted, actor=actor))
        except RuleBroken as problem:
            return _refuse(seat, problem)
    return back_to(form.asal.data or "", seat)


@room.post("/petugas/klinik/janji/<int:booking_id>/urungkan", access=Access.ADVISE)
def desk_undo(booking_id: int) -> BaseResponse:
    """Take a wrong touch back: one step."""
    seat, form, actor = _seat_or_404(booking_id), StepForm(), current_actor()
    seen = form.wanted or seat.status
    try:
        atomically(lambda s: undo(s, booking_id, seen, actor=actor))
    except RuleBroken as problem:
        return _refuse(seat, problem)
    return back_to(form.asal.data or "", seat)


def _refuse(seat: Seat, problem: RuleBroken) -> Response:
    """The page that was touched, with the reason on top and everything as it is now."""
    form = StepForm()
    form.reject(problem)
    status, origin = 409 if problem.code else 422, form.asal.data or ""
    if origin == "hari" and current_actor().may(Access.SERVE_CLINIC):
        return show_day(seat.day, problems=form.problems, status=status)
    if origin == "saya":
        return _own(form.problems, status)
    return _show(_seat_or_404(seat.id), forms={"step": form}, status=status)


@room.post("/petugas/klinik/janji/<int:booking_id>/batal", access=Access.SERVE_CLINIC)
def desk_cancel(booking_id: int) -> BaseResponse:
    """The office cancels; the half hour is offered again."""
    seat, actor = _seat_or_404(booking_id), current_actor()
    try:
        atomically(lambda s: cancel(s, booking_id, actor=actor, by_office=True))
    except RuleBroken as problem:
        return _refuse(seat, problem)
    return back_to("", seat)


@room.post("/petugas/klinik/janji/<int:booking_id>/tautan", access=Access.ADVISE)
def desk_set_link(booking_id: int) -> BaseResponse:
    """An address of its own for an online session; empty: the room of the expert."""
    seat, form, actor = _seat_or_404(booking_id), LinkForm(), current_actor()
    if not form.validate():
        return _show(seat, forms={"link": form}, status=422)
    link = form.meeting_link.value or ""
    try:
        atomically(lambda s: set_meeting_link(s, booking_id, link, actor=actor))
    except RuleBroken as problem:
        return _refuse(seat, problem)
    return back_to("", seat)


@room.post("/petugas/klinik/janji/<int:booking_id>/nomor", access=Access.ADVISE)
def desk_reveal_booking(booking_id: int) -> Response:
    """Show the telephone number, for one purpose."""
    seat, form = _seat_or_404(booking_id), RevealForm()
    if not form.validate():
        return _show(seat, forms={"reveal": form}, status=422)
    text = appointment_text(Appointment(seat.submission_id, seat.starts_at, seat.mode))
    revealed = reveal(
        current_actor(),
        subject=subject_of(seat.id),
        submission_id=seat.submission_id,
        purpose=form.purpose.data or "tell",
        text=text,
    )
    return _show(seat, forms={"reveal": form}, revealed=revealed)


@room.post("/petugas/klinik/janji/<int:booking_id>/catatan", access=Access.ADVISE)
def desk_note(booking_id: int) -> BaseResponse:
    """What came of it; with ``akhiri`` the session is over too."""
    seat, form, actor = _seat_or_404(booking_id), NoteForm(), current_actor()
    if not form.validate():
        return _show(seat, forms={"note": form}, status=422)
    written = Written(form.text.value or "", Outcome(form.outcome.data), form.follow_up_on.value)
    ends = "akhiri" in request.form
    try:
        atomically(lambda s: write_note(s, booking_id, written, actor=actor, ends=ends))
    except RuleBroken as problem:
        form.reject(problem)
        return _show(_seat_or_404(booking_id), forms={"note": form}, status=409)
    return back_to("", seat)
