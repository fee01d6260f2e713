"""The week as a table, special hours, the office's numbers, and what the coming weeks look like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.frame import desk_page, done, made
from app.clinic.desk.lines import Entry, entries_of
from app.clinic.forms.timetable import KIND_WORDS, WEEKDAY_WORDS, HoursForm, NumbersForm
from app.clinic.keeping import keep_ahead
from app.clinic.queries.far import far_kecamatan
from app.clinic.queries.roster import (
    Offered,
    list_closure_rows,
    list_duty_rows,
    list_hours_rows,
    list_lines,
    offered_per_day,
)
from app.clinic.queries.timetable import days_off_between, list_hours, number
from app.clinic.rules.hours import HoursKind
from app.clinic.rules.settings import NUMBERS
from app.clinic.rules.timetable import SLOT_MINUTES, Hours, Service, times_of
from app.clinic.services.slots import SUBJECT
from app.clinic.services.timetable import add_hours, end_hours, set_numbers
from app.clinic.slot_codes import read_day
from app.clinic.words import SERVICE_WORDS
from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import formatting_locale
from app.core.transaction import atomically
from app.core.words import date_short
from app.registry.queries.holidays import names_of_days_off

HERE: Final = "clinic.desk_timetable"
_WEEKS_SHOWN: Final = 4
_ONE_WEEK: Final = timedelta(weeks=1)
_SESSION: Final = timedelta(minutes=SLOT_MINUTES)
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Stretch:
    """Hours of one day and service without a break, as people say them."""

    starts: str
    ends: str
    sessions: int


@dataclass(frozen=True)
class Day:
    """A day of the coming weeks. ``unusual``: its hours are not those of this week (Ramadan, new ones)."""

    day: date
    hours: dict[Service, list[Stretch]]
    unusual: bool
    on_duty: int
    offered: Offered
    holiday: str
    closures: list[str]

    @property
    def words(self) -> str:
        """As '24 Nov'."""
        return date_short(self.day, formatting_locale()).rsplit(" ", 1)[0]

    @property
    def past(self) -> bool:
        """Gone."""
        return self.day < today()


@dataclass(frozen=True)
class Week:
    """A row of the calendar."""

    monday: date
    days: list[Day]


@room.get("/petugas/klinik/jadwal", access=Access.MANAGE_CLINIC)
def desk_timetable() -> Response:
    """The week, the lines it follows from, the coming weeks (``?mulai=`` a day of the first one shown)."""
    session = db.session()
    asked = read_day(request.args.get("mulai", "")) or today()
    first = max(_monday(asked), _monday(today()))
    this_week = _monday(today())
    usual = _week(this_week, list_hours(session, this_week, this_week + 2 * _ONE_WEEK))
    lines = list_hours_rows(session, today())
    width = 6 if any(line.weekday == _SATURDAY for line in lines) else 5
    return desk_page(
        "clinic/desk_timetable.html",
        HERE,
        fragments=("weeks",),
        week=usual,
        days=WEEKDAY_WORDS[:width],
        services=list(SERVICE_WORDS.items()),
        lines=lines,
        weekday_words=WEEKDAY_WORDS,
        service_words=SERVICE_WORDS,
        numbers={name: number(session, setting) for name, setting in NUMBERS.items()},
        far=list(far_kecamatan(session).values()),
        weeks=_weeks(session, first, usual, width),
        earlier=first - _WEEKS_SHOWN * _ONE_WEEK if first > this_week else None,
        later=first + _WEEKS_SHOWN * _ONE_WEEK,
        history=_history(session),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _history(session: Session) -> list[Entry]:
    return entries_of(session, list_lines(session, SUBJECT))


def _week(monday: date, hours: Iterable[Hours]) -> dict[Service, list[list[Stretch]]]:
    """Hours of a week by service and weekday.

    A day that is gone, and of which nothing is written, shows the next one of its name: hours begin to hold on the day
    they are written down, which as a rule is no Monday.
    """
    kept = list(hours)

    def shown(day: date, service: Service) -> list[Stretch]:
        found = _stretches(day, service, kept)
        return found if found or day >= today() else _stretches(day + _ONE_WEEK, service, kept)

    return {service: [shown(monday + timedelta(days=n), service) for n in range(6)] for service in Service}


def _stretches(day: date, service: Service, hours: Iterable[Hours]) -> list[Stretch]:
    found: list[tuple[datetime, datetime, int]] = []
    for at in times_of(day, service, hours):
        goes_on = bool(found) and found[-1][1] == at
        begins, _ends, sessions = found.pop() if goes_on else (at, at, 0)
        found.append((begins, at + _SESSION, sessions + 1))
    return [Stretch(f"{begins:%H.%M}", f"{ends:%H.%M}", sessions) for begins, ends, sessions in found]


def _weeks(
    session: Session, first: date, usual: dict[Service, list[list[Stretch]]], width: int
) -> list[Week]:
    last = first + _WEEKS_SHOWN * _ONE_WEEK - timedelta(days=1)
    hours, offered = list_hours(session, first, last), offered_per_day(session, first, last)
    off, names = days_off_between(session, first, last), names_of_days_off(session, first, last)
    closures, duties = list_closure_rows(session, first, last), list_duty_rows(session, first, last)

    def shown(day: date) -> Day:
        own = {service: _stretches(day, service, hours) for service in Service}
        return Day(
            day=day,
            hours=own,
            unusual=day >= today()
            and any(own[service] != usual[service][day.weekday()] for service in Service),
            on_duty=len({duty.expert_id for duty in duties if duty.day == day and duty.expert_active}),
            offered=offered.get(day, Offered()),
            holiday=names.get(day, "") if day in off else "",
            closures=[
                ", ".join(part for part in (row.expert or row.desk, row.closure.reason) if part)
                for row in closures
                if row.closure.first_day <= day <= row.closure.last_day
            ],
        )

    mondays = [first + n * _ONE_WEEK for n in range(_WEEKS_SHOWN)]
    return [Week(monday, [shown(monday + timedelta(days=n)) for n in range(width)]) for monday in mondays]


@room.post("/petugas/klinik/jadwal/buat", access=Access.MANAGE_CLINIC)
def desk_make_slots() -> BaseResponse:
    """Make the half hours of the coming weeks now."""
    keep_ahead(current_actor())
    return done(HERE, "buat")


@room.get("/petugas/klinik/jadwal/jam", access=Access.MANAGE_CLINIC)
def desk_hours() -> Response:
    """The form of new weekly hours."""
    form = HoursForm(formdata=None)
    form.valid_from.data = f"{today():%d-%m-%Y}"
    return _hours_page(form)


@room.post("/petugas/klinik/jadwal/jam", access=Access.MANAGE_CLINIC)
def desk_add_hours() -> BaseResponse:
    """New weekly hours: in place of the old, beside them, or for some dates only."""
    form = HoursForm()
    if not form.validate():
        return _hours_page(form, 422)
    starts, ends, valid_from = form.starts.value, form.ends.value, form.valid_from.value
    assert starts is not None  # validate() refused empty ones
    assert ends is not None
    assert valid_from is not None
    actor, kind = current_actor(), HoursKind(form.kind.data)
    try:
        atomically(
            lambda s: add_hours(
                s,
                services=form.services.values,
                weekdays=form.weekdays.values,
                starts=starts,
                ends=ends,
                kind=kind,
                valid_from=valid_from,
                valid_until=form.valid_until.value,
                actor=actor,
            )
        )
    except RuleBroken as problem:
        form.reject(problem)
        return _hours_page(form, 422)
    return made(HERE, "jam")


def _hours_page(form: HoursForm, status: int = 200) -> Response:
    return desk_page("clinic/desk_hours.html", HERE, form=form, kind_words=KIND_WORDS, status=status)


@room.post("/petugas/klinik/jadwal/jam/<int:hours_id>/akhiri", access=Access.MANAGE_CLINIC)
def desk_end_hours(hours_id: int) -> BaseResponse:
    """A line of hours holds no longer."""
    actor = current_actor()
    try:
        atomically(lambda s: end_hours(s, hours_id=hours_id, actor=actor))
    except LookupError:
        not_found()
    return made(HERE, "akhiri")


@room.get("/petugas/klinik/jadwal/angka", access=Access.MANAGE_CLINIC)
def desk_numbers_form() -> Response:
    """The office's numbers."""
    form, session = NumbersForm(formdata=None), db.session()
    form.show({name: number(session, setting) for name, setting in NUMBERS.items()})
    return _numbers_page(form)


@room.post("/petugas/klinik/jadwal/angka", access=Access.MANAGE_CLINIC)
def desk_set_numbers() -> BaseResponse:
    """Change them."""
    form, actor = NumbersForm(), current_actor()
    if not form.validate():
        return _numbers_page(form, 422)
    values = form.numbers
    atomically(lambda s: set_numbers(s, values, actor=actor))
    return made(HERE, "angka")


def _numbers_page(form: NumbersForm, status: int = 200) -> Response:
    return desk_page("clinic/desk_numbers_form.html", HERE, form=form, limits=NUMBERS, status=status)
