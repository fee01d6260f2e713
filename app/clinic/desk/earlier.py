"""Another time for an appointment, agreed on the telephone: an earlier one, or any where its expert is not there."""

from __future__ import annotations

from flask import Response, current_app, redirect, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.contact import Revealed, appointment_link, reveal
from app.clinic.desk.today import WORDS
from app.clinic.forms.roster import MoveForm
from app.clinic.models import Booking
from app.clinic.queries.advising import seat_for, subject_of
from app.clinic.queries.earlier import find_waiting, other_times
from app.clinic.queries.free import FreeTime
from app.clinic.queries.today import Seat
from app.clinic.services.earlier import keep_time, move_as_agreed
from app.clinic.slot_codes import read_slot_code, slot_code
from app.core.access import Access, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import LANGUAGES, formatting_locale, say
from app.core.page import page
from app.core.transaction import atomically
from app.core.words import date_long, time_wib
from app.registry.queries.submissions import language_of


@room.get("/petugas/klinik/janji/<int:booking_id>/jam-lain", access=Access.SERVE_CLINIC)
def desk_other_time(booking_id: int) -> BaseResponse:
    """The times there are, and what to write or say."""
    seat = _seat_or_404(booking_id)
    booking = find_waiting(db.session(), booking_id)
    if booking is None:
        return _back(booking_id)
    return _show(seat, booking)


def _seat_or_404(booking_id: int) -> Seat:
    return seat_for(db.session(), current_actor(), booking_id) or not_found()


def _back(booking_id: int) -> BaseResponse:
    return redirect(url_for("clinic.desk_booking", booking_id=booking_id), 303)


def _times(seat: Seat, booking: Booking) -> list[FreeTime]:
    return other_times(db.session(), booking, seat.person, now=now())


def _show(
    seat: Seat,
    booking: Booking,
    form: MoveForm | None = None,
    *,
    revealed: Revealed | None = None,
    status: int = 200,
) -> Response:
    times = _times(seat, booking)
    form = form or _form(booking, times, formdata=None)
    return page(
        "clinic/desk_other_time.html",
        status=status,
        seat=seat,
        asks=booking.wants_earlier,
        form=form,
        problems=[(field if times else "", sentence) for field, sentence in form.problems],
        times=times,
        message=_message(seat, times),
        language=_language(seat),
        revealed=revealed,
        **WORDS,
    )


def _form(booking: Booking, times: list[FreeTime], **options: object) -> MoveForm:
    return MoveForm([(slot_code(booking.service, one.starts_at), _moment(one)) for one in times], **options)


def _moment(time: FreeTime) -> str:
    language = formatting_locale()
    return f"{date_long(time.starts_at, language)}, {time_wib(time.starts_at, language)}"


def _language(seat: Seat) -> str:
    code = language_of(db.session(), seat.submission_id)
    return code if code in LANGUAGES else "id"


def _message(seat: Seat, times: list[FreeTime]) -> str:
    """What the client is asked, in the language of the form; the link shows the same and moves it at a touch."""
    language, office = _language(seat), current_app.config["SETTINGS"].office
    with force_locale(language):
        moment = _moment(FreeTime(seat.starts_at, 0))
        lines: list[object] = [say("Bapak/Ibu,")]
        if seat.must_move:
            lines.append(
                say(
                    "Mohon maaf, konsultasi Bapak/Ibu pada %(moment)s tidak bisa dilayani narasumber yang semula.",
                    moment=moment,
                )
            )
            lines.append(say("Apakah bisa pada salah satu jam ini?") if times else "")
            lines += [f"- {_moment(one)}" for one in times[:3]]
        else:
            lines.append(say("Janji konsultasi Bapak/Ibu: %(moment)s.", moment=moment))
            lines.append(
                say("Ada jam yang lebih awal: %(moment)s.", moment=_moment(times[0])) if times else ""
            )
        lines.append(
            say("Kalau mau pindah, buka ini: %(link)s", link=appointment_link(seat.submission_id, language))
        )
        lines.append(say("Ada pertanyaan? Telepon %(phone)s.", phone=office.phone_display))
        return "\n".join(words for line in (*lines, office.name) if (words := str(line)))


@room.post("/petugas/klinik/janji/<int:booking_id>/jam-lain", access=Access.SERVE_CLINIC)
def desk_take_other_time(booking_id: int) -> BaseResponse:
    """Move it to the time that the client agreed to."""
    seat, actor = _seat_or_404(booking_id), current_actor()
    booking = find_waiting(db.session(), booking_id)
    if booking is None:
        return _back(booking_id)
    form = _form(booking, _times(seat, booking))
    if form.slot.data == slot_code(booking.service, booking.starts_at) and not booking.must_move:
        return _back(booking_id)  # pressed twice
    if not form.validate():
        return _show(seat, booking, form, status=422)
    _service, starts_at = read_slot_code(form.slot.data)
    person, how = seat.person, form.how_asked.data
    try:
        atomically(lambda s: move_as_agreed(s, booking_id, person, starts_at, how_asked=how, actor=actor))
    except RuleBroken as problem:
        form = _form(booking, _times(seat, booking))
        form.reject(problem)
        return _show(seat, booking, form, status=409)
    return _back(booking_id)


@room.post("/petugas/klinik/janji/<int:booking_id>/jam-lain/tetap", access=Access.SERVE_CLINIC)
def desk_keep_time(booking_id: int) -> BaseResponse:
    """The client keeps the old time: off the list of those who asked."""
    seat, actor = _seat_or_404(booking_id), current_actor()
    if find_waiting(db.session(), seat.id) is not None:
        atomically(lambda s: keep_time(s, booking_id, actor=actor))
    return _back(booking_id)


@room.post("/petugas/klinik/janji/<int:booking_id>/jam-lain/nomor", access=Access.SERVE_CLINIC)
def desk_other_time_phone(booking_id: int) -> BaseResponse:
    """Show the telephone number, with the message; the look is written down first."""
    seat = _seat_or_404(booking_id)
    booking = find_waiting(db.session(), booking_id)
    if booking is None:
        return _back(booking_id)
    revealed = reveal(
        current_actor(),
        subject=subject_of(booking_id),
        submission_id=seat.submission_id,
        purpose="move",
        text=_message(seat, _times(seat, booking)),
    )
    return _show(seat, booking, revealed=revealed)
