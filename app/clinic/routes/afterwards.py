"""The appointment by its link: when and where, calendar, another time, cancelling, "I am here"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from flask import Response, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.clinic import room
from app.clinic.forms.booking import MoveForm, tidy_key
from app.clinic.queries.afterwards import Appointment, find_appointment
from app.clinic.queries.free import Asked, FreeTime, next_free_times
from app.clinic.routes.offering import last_day, nearest_to, offer
from app.clinic.rules.booking import BookingStatus, Mode, may_arrive, may_change
from app.clinic.services.cancelling import cancel
from app.clinic.services.moving import move
from app.clinic.services.status import arrive
from app.clinic.services.taking import SlotTaken
from app.clinic.slot_codes import read_day, slot_code
from app.clinic.words import MODE_WORDS, STATUS_KINDS, STATUS_WORDS, TOPIC_WORDS
from app.core.access import Access, current_actor
from app.core.calendar_file import Entry, calendar_file
from app.core.clock import in_wib, now
from app.core.cross_site import token_missing
from app.core.crypt import personal_index
from app.core.db import db
from app.core.errors import RuleBroken, not_found, wants_json
from app.core.language import page_language, say
from app.core.limits import Limit, hit
from app.core.links import outside_url
from app.core.page import page
from app.core.qr import qr_svg
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_phone
from app.core.words import datetime_wib
from app.registry.kinds import DOORS, Content, KindDoor, ReceiptPage
from app.registry.queries.submissions import ReceiptView, content_of
from app.registry.rules import SubmissionKind

_TITLE = say("Janji konsultasi")

# Each move keeps the time that was left from everybody for a while: one appointment could empty a whole week.
MOVES_PER_APPOINTMENT: Final = Limit("clinic-moves", 10, 24 * 60 * 60)


# --- the page -----------------------------------------------------------------------------------------------------


@room.get("/klinik/pesanan/<token>", access=Access.PUBLIC)
def appointment(token: str) -> Response:
    """Everything about one appointment, in every state; whoever holds the link may see and change it."""
    return _show(token, _found(token))


def _found(token: str) -> Appointment:
    found = find_appointment(db.session(), token)
    if found is None:
        not_found()
    return found


def _show(token: str, found: Appointment, status: int = 200, problem: str = "") -> Response:
    moment = now()
    open_ = found.status is BookingStatus.BOOKED
    changeable = open_ and may_change(found.starts_at, moment)
    link = outside_url(url_for("clinic.appointment", token=token))
    return page(
        "clinic/appointment.html",
        status=status,
        token=token,
        found=found,
        problem=problem,
        title=_TITLE,
        topic=TOPIC_WORDS[found.topic],
        mode=MODE_WORDS[found.mode],
        state=STATUS_WORDS[found.status],
        kind=STATUS_KINDS[found.status],
        changeable=changeable,
        past=open_ and found.ends_at < moment,
        meeting=_meeting_today(found, moment),
        here=found.mode is Mode.IN_PERSON and may_arrive(found.status, found.starts_at, moment),
        earlier=_earlier(found) if changeable and found.wants_earlier and not found.must_move else None,
        offers=_next_times(found) if changeable and found.must_move else (),
        phone=_phone(found) if found.mode is Mode.PHONE else None,
        link=link,
        share=_words_to_share(found),
        qr=qr_svg(link, scale=3),
    )


def _meeting_today(found: Appointment, moment: datetime) -> str:
    """Where they meet by Zoom, on the day itself until the end: one touch, and no search for it."""
    waits = found.status in (BookingStatus.BOOKED, BookingStatus.IN_SESSION)
    its_day = in_wib(found.starts_at).date() == in_wib(moment).date() and moment < found.ends_at
    return _meeting(found) if waits and its_day else ""


def _asked(found: Appointment, hold: str = "") -> Asked:
    return Asked(found.service, found.mode, topic=found.topic, hold=hold, moving=found.id)


def _earlier(found: Appointment) -> tuple[str, FreeTime] | None:
    """The first free time before the booked one."""
    day = in_wib(found.starts_at).date()
    for time in next_free_times(db.session(), _asked(found), now=now(), until=day, most=1):
        if time.starts_at < found.starts_at:
            return slot_code(found.service, time.starts_at), time
    return None


def _next_times(found: Appointment) -> list[tuple[str, FreeTime]]:
    """Where a booking that must move may go: the first times that there are."""
    times = next_free_times(db.session(), _asked(found), now=now(), until=last_day(), most=3)
    return [(slot_code(found.service, time.starts_at), time) for time in times]


def _phone(found: Appointment) -> str | None:
    """The number that the office will call; shown masked."""
    try:
        return parse_phone(dict(content_of(db.session(), found.submission_id)).get("phone", ""))
    except ValueProblem:
        return None


def _words_to_share(found: Appointment) -> str:
    when = datetime_wib(found.starts_at, page_language())
    return str(say("Janji konsultasi gratis %(when)s. %(place)s.", when=when, place=_place(found)))


def _place(found: Appointment) -> str:
    """Where, in words for calendars and messages."""
    if found.mode is not Mode.IN_PERSON:
        return str(MODE_WORDS[found.mode])
    office = current_app.config["SETTINGS"].office
    return ", ".join(part for part in (found.desk, office.name, office.address) if part)


# --- calendar -----------------------------------------------------------------------------------------------------


@room.get("/klinik/pesanan/<token>/janji.ics", access=Access.PUBLIC)
def calendar(token: str) -> Response:
    """For the phone's own calendar; a cancelled appointment takes itself out again."""
    found = _found(token)
    link = outside_url(url_for("clinic.appointment", token=token))
    entry = Entry(
        uid=f"{personal_index(found.submission_id, purpose='calendar')}@kop-ukm",
        sequence=found.sequence + found.cancelled,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=str(say("Konsultasi gratis: %(topic)s", topic=TOPIC_WORDS[found.topic])),
        place=_place(found),
        text="\n".join(part for part in (link, _meeting(found)) if part),
        url=link,
        organizer=current_app.config["SETTINGS"].office.email,
        cancelled=found.cancelled,
    )
    answer = make_response(calendar_file(entry, now=now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="janji-konsultasi.ics"'
    return answer


def _meeting(found: Appointment) -> str:
    return found.meeting_link if found.mode is Mode.ONLINE else ""


# --- changing it --------------------------------------------------------------------------------------------------


@room.get("/klinik/pesanan/<token>/ubah", access=Access.PUBLIC)
def change(token: str) -> AnyResponse:
    """Free times for another one; the old one stays until the new one is taken."""
    found = _found(token)
    if not _changeable(found):
        return redirect(url_for("clinic.appointment", token=token), 303)
    return _show_change(
        token, found, MoveForm(formdata=None), 200, day=read_day(request.args.get("tanggal", ""))
    )


def _changeable(found: Appointment) -> bool:
    return found.status is BookingStatus.BOOKED and may_change(found.starts_at, now())


def _show_change(
    token: str,
    found: Appointment,
    form: MoveForm,
    status: int,
    *,
    day: date | None = None,
    nearest: list[FreeTime] | None = None,
) -> Response:
    def address(day: date) -> str:
        return url_for("clinic.change", token=token, tanggal=day.isoformat())

    made = offer(_asked(found), address, day=day, chosen=form.slot.data or "", nearest=nearest or ())
    return page(
        "clinic/change.html",
        fragments=("day",),
        status=status,
        token=token,
        found=found,
        form=form,
        offer=made,
    )


@room.post("/klinik/pesanan/<token>/ubah", access=Access.PUBLIC, submission=False)
def take_change(token: str) -> AnyResponse:
    """Move it. The same time asked for twice is one move."""
    found = _found(token)
    form = MoveForm()
    if token_missing():
        form.form_errors.append(say("Tekan tombolnya sekali lagi."))
        return _show_change(token, found, form, 422)
    if not form.validate() or form.slot.value is None:
        return _show_change(token, found, form, 422)
    starts_at = form.slot.value[1]
    if starts_at == found.starts_at:
        return redirect(url_for("clinic.appointment", token=token), 303)
    wait = hit(MOVES_PER_APPOINTMENT, found.submission_id)
    if wait:
        form.form_errors.append(say("Janji ini sudah terlalu sering dipindah. Telepon kantor Dinas."))
        answer = _show_change(token, found, form, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    asked, actor = _asked(found, tidy_key(request.form.get("hold"))), current_actor()
    try:
        atomically(lambda s: move(s, found.id, asked, starts_at, actor=actor))
    except SlotTaken as problem:
        form.reject(problem)
        near = nearest_to(problem, asked, starts_at)
        return _show_change(token, found, form, 409, day=in_wib(starts_at).date(), nearest=near)
    except RuleBroken as problem:
        if problem.field != "slot":
            return _refused(token, problem)
        form.reject(problem)
        return _show_change(token, found, form, 422)
    return _done(token)


@room.post("/klinik/pesanan/<token>/batal", access=Access.PUBLIC, submission=False)
def take_cancel(token: str) -> AnyResponse:
    """Cancel it; two hours before at the latest."""
    actor = current_actor()
    wanted = BookingStatus.CANCELLED_BY_CLIENT
    return _deed(token, wanted, lambda found: atomically(lambda s: cancel(s, found.id, actor=actor)))


@room.post("/klinik/pesanan/<token>/datang", access=Access.PUBLIC, submission=False)
def take_arrival(token: str) -> AnyResponse:
    """I am here: on the day itself."""
    actor = current_actor()
    wanted = BookingStatus.ARRIVED
    return _deed(token, wanted, lambda found: atomically(lambda s: arrive(s, found.id, actor=actor)))


@room.get("/klinik/pesanan/<token>/batal", access=Access.PUBLIC, endpoint="after_cancel")
@room.get("/klinik/pesanan/<token>/datang", access=Access.PUBLIC, endpoint="after_arrival")
def back_to_appointment(token: str) -> AnyResponse:
    """A page that came as the answer to a button, opened again by a phone that had put it away."""
    return _done(token)


def _deed(token: str, wanted: BookingStatus, deed: Callable[[Appointment], None]) -> AnyResponse:
    """One press of a button of the page. Pressed twice, it was done once."""
    found = _found(token)
    if token_missing():
        return _show(token, found, 422, str(say("Tekan tombolnya sekali lagi.")))
    try:
        deed(found)
    except RuleBroken as problem:
        return _done(token) if _found(token).status is wanted else _refused(token, problem)
    return _done(token)


def _refused(token: str, problem: RuleBroken) -> AnyResponse:
    if wants_json():
        return make_response({"ok": False, "error": problem.code or "closed", "alternatives": []}, 409)
    return _show(token, _found(token), 409, str(problem.sentence))


def _done(token: str) -> AnyResponse:
    return redirect(url_for("clinic.appointment", token=token), 303)


# --- as a receipt -------------------------------------------------------------------------------------------------


def _describe(view: ReceiptView, content: Content) -> ReceiptPage:
    return ReceiptPage()


def _address(view: ReceiptView) -> str:
    return url_for("clinic.appointment", token=view.token)


DOORS[SubmissionKind.CLINIC_BOOKING] = KindDoor(_TITLE, _describe, address=_address)
