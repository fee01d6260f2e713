"""The duty roster: a month at a glance, a day with what happens on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.frame import desk_page, made
from app.clinic.desk.lines import entries_of
from app.clinic.forms.roster import NO_DESK, AbsenceForm, DutyForm, Names, SwapForm
from app.clinic.queries.roster import (
    ClosureRow,
    DutyRow,
    bookings_per_expert,
    list_closure_rows,
    list_desks,
    list_duty_rows,
    list_experts,
    list_lines,
)
from app.clinic.queries.timetable import days_off_between
from app.clinic.rules.roster import days_of_month, first_of, month_before, next_month
from app.clinic.rules.timetable import Service
from app.clinic.services.roster import ROSTER, copy_month, put_on_roster, swap, take_off_roster
from app.clinic.services.timetable import close
from app.clinic.slot_codes import read_day
from app.clinic.words import SERVICE_WORDS
from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import formatting_locale
from app.core.transaction import atomically
from app.core.words import month_year, weekday
from app.registry.queries.holidays import names_of_days_off

HERE: Final = "clinic.desk_roster"
MANAGE: Final = Access.MANAGE_CLINIC


@dataclass(frozen=True)
class RosterDay:
    """A day of the month."""

    day: date
    holiday: str
    duties: dict[Service, list[DutyRow]]
    absent: dict[int, ClosureRow]
    closed: list[str]

    @property
    def words(self) -> str:
        """As 'Selasa, 24'."""
        return f"{weekday(self.day, formatting_locale())}, {self.day.day}"


@room.get("/petugas/klinik/piket", access=MANAGE)
def desk_roster() -> Response:
    """The roster of a month (``?bulan=2026-12``); prints under the office's name."""
    return _roster_page(_month(request.args.get("bulan", "")))


def _month(text: str) -> date:
    return read_day(f"{text}-01") or first_of(today())


def _roster_page(month: date, *, problem: object = "", status: int = 200) -> Response:
    session, days = db.session(), days_of_month(month)
    rows = [
        row for row in _days(month) if row.day >= today() or any(row.duties.values()) or days[-1] < today()
    ]
    return desk_page(
        "clinic/desk_roster.html",
        HERE,
        month=month,
        month_words=month_year(month, formatting_locale()),
        days=rows,
        empty=not any(any(day.duties.values()) for day in rows),
        before=month_before(month),
        after=next_month(month),
        past=days[-1] < today(),
        today=today(),
        services=list(SERVICE_WORDS.items()),
        experts=list_experts(session, only_active=True),
        history=entries_of(session, list_lines(session, ROSTER)),
        problem=problem,
        status=status,
    )


def _days(month: date) -> list[RosterDay]:
    session, days = db.session(), days_of_month(month)
    duties = list_duty_rows(session, days[0], days[-1])
    closures = list_closure_rows(session, days[0], days[-1])
    off = days_off_between(session, days[0], days[-1])
    names = names_of_days_off(session, days[0], days[-1])
    made = [
        RosterDay(
            day=day,
            holiday=names.get(day, "") if day in off else "",
            duties={
                service: [d for d in duties if d.day == day and d.service is service] for service in Service
            },
            absent=_absent(closures, day),
            closed=[
                row.closure.reason
                for row in closures
                if row.closure.expert_id is None and row.closure.first_day <= day <= row.closure.last_day
            ],
        )
        for day in days
    ]
    return [d for d in made if d.day.weekday() < 5 or any(d.duties.values())]


def _absent(closures: list[ClosureRow], day: date) -> dict[int, ClosureRow]:
    """Expert -> the absence."""
    return {
        row.closure.expert_id: row
        for row in closures
        if row.closure.expert_id is not None and row.closure.first_day <= day <= row.closure.last_day
    }


@room.post("/petugas/klinik/piket/salin", access=MANAGE)
def desk_copy_month() -> BaseResponse:
    """The roster of the month before (``bulan``: the month to be filled)."""
    month, actor = read_day(f"{request.form.get('bulan', '')}-01") or not_found(), current_actor()
    try:
        new = atomically(lambda s: copy_month(s, month=month, actor=actor))
    except RuleBroken as problem:
        return _roster_page(month, problem=problem.sentence, status=422)
    return made(HERE, "salin" if new else "sudah-sama", bulan=f"{month:%Y-%m}")


# --- somebody serves ------------------------------------------------------------------------------------------------


@room.get("/petugas/klinik/piket/isi", access=MANAGE)
def desk_fill_roster() -> Response:
    """The form: who, for whom, where, on which days (``?bulan=`` or ``?hari=``)."""
    form, day = _duty_form(formdata=None), read_day(request.args.get("hari", ""))
    days = days_of_month(_month(request.args.get("bulan", "")))
    form.first_day.data = f"{day or max(days[0], min(today(), days[-1])):%d-%m-%Y}"
    form.last_day.data = f"{day or days[-1]:%d-%m-%Y}"
    if day is not None:
        form.weekdays.data = [str(day.weekday())]
    return _duty_page(form)


def _duty_form(**options: object) -> DutyForm:
    session = db.session()
    experts = [(row.id, row.name) for row in list_experts(session, only_active=True)]
    desks = [(desk.id, desk.name) for desk in list_desks(session, only_active=True)]
    return DutyForm(experts, desks, **options)


@room.post("/petugas/klinik/piket/isi", access=MANAGE)
def desk_put_on_roster() -> BaseResponse:
    """Write it down."""
    form, actor = _duty_form(), current_actor()
    if not form.validate():
        return _duty_page(form, 422)
    first_day, last_day = form.first_day.value, form.last_day.value
    assert first_day is not None  # validate() refused empty ones
    assert last_day is not None
    desk_id = None if form.desk_id.data == NO_DESK else int(form.desk_id.data)
    try:
        atomically(
            lambda s: put_on_roster(
                s,
                expert_id=int(form.expert_id.data),
                desk_id=desk_id,
                services=form.services.values,
                weekdays=form.weekdays.values,
                first_day=first_day,
                last_day=last_day,
                actor=actor,
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _duty_page(form, 422)
    return made(HERE, "piket", bulan=f"{max(first_day, today()):%Y-%m}")


def _duty_page(form: DutyForm, status: int = 200) -> Response:
    return desk_page("clinic/desk_duty.html", HERE, form=form, status=status)


# --- one day --------------------------------------------------------------------------------------------------------


@room.get("/petugas/klinik/piket/<day>", access=MANAGE)
def desk_roster_day(day: str) -> Response:
    """A day of the roster: who serves, who cannot come, two who swap."""
    return _day_page(_day(day))


def _day(text: str) -> date:
    return read_day(text) or not_found()


def _forms(day: date, *, sent: str = "") -> tuple[SwapForm, AbsenceForm]:
    """Both forms of the page; only the one that was ``sent`` reads the request."""
    session = db.session()
    on_duty: Names = list(
        dict.fromkeys((duty.expert_id, duty.expert) for duty in list_duty_rows(session, day, day))
    )
    everybody: Names = [(row.id, row.name) for row in list_experts(session, only_active=True)]
    swap_form = SwapForm(on_duty, everybody, **({} if sent == "swap" else {"formdata": None}))
    absence = AbsenceForm(on_duty, **({} if sent == "absence" else {"formdata": None}))
    return swap_form, absence


def _day_page(
    day: date,
    *,
    forms: tuple[SwapForm, AbsenceForm] | None = None,
    problem: object = "",
    status: int = 200,
) -> Response:
    session = db.session()
    shown = next((one for one in _days(first_of(day)) if one.day == day), None)
    swap_form, absence = forms or _forms(day)
    return desk_page(
        "clinic/desk_roster_day.html",
        HERE,
        day=day,
        shown=shown,
        booked=bookings_per_expert(session, day),
        past=day < today(),
        today=today(),
        swap_form=swap_form,
        absence=absence,
        services=list(SERVICE_WORDS.items()),
        problem=problem,
        status=status,
    )


@room.post("/petugas/klinik/piket/<day>/absen", access=MANAGE)
def desk_absence(day: str) -> BaseResponse:
    """An expert cannot come that day, or for half of it."""
    that_day, actor = _day(day), current_actor()
    forms = _forms(that_day, sent="absence")
    form = forms[1]
    if not form.validate():
        return _day_page(that_day, forms=forms, status=422)
    expert_id, (starts, ends) = int(form.expert_id.data), form.hours
    try:
        atomically(
            lambda s: close(
                s,
                first_day=that_day,
                starts=starts,
                ends=ends,
                expert_id=expert_id,
                reason=form.reason.value or "",
                actor=actor,
            )
        )
    except RuleBroken as problem:
        return _day_page(that_day, forms=forms, problem=problem.sentence, status=422)
    return made("clinic.desk_roster_day", "absen", day=day)


@room.post("/petugas/klinik/piket/<day>/tukar", access=MANAGE)
def desk_swap(day: str) -> BaseResponse:
    """Two experts in each other's place."""
    that_day, actor = _day(day), current_actor()
    forms = _forms(that_day, sent="swap")
    form = forms[0]
    if not form.validate():
        return _day_page(that_day, forms=forms, status=422)
    one, other = int(form.one.data), int(form.other.data)
    try:
        atomically(lambda s: swap(s, day=that_day, one=one, other=other, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _day_page(that_day, forms=forms, status=422)
    return made("clinic.desk_roster_day", "tukar", day=day)


@room.post("/petugas/klinik/piket/<day>/hapus", access=MANAGE)
def desk_take_off_roster(day: str) -> BaseResponse:
    """One place of the roster is empty again (``duty``)."""
    that_day, actor = _day(day), current_actor()
    asked = request.form.get("duty", "")
    duty_id = next(
        (d.id for d in list_duty_rows(db.session(), that_day, that_day) if str(d.id) == asked), None
    )
    if duty_id is None:
        not_found()
    try:
        atomically(lambda s: take_off_roster(s, duty_id=duty_id, actor=actor))
    except RuleBroken as problem:
        return _day_page(that_day, problem=problem.sentence, status=422)
    return made("clinic.desk_roster_day", "kosong", day=day)
