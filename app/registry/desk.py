"""Officers' door of the registry: the calendar of days off that promises are counted with."""

from __future__ import annotations

from datetime import date

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, current_actor
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.page import page
from app.core.transaction import atomically
from app.core.workdays import HolidayKind, load_holiday_file
from app.registry import room
from app.registry.desk_forms import DayOffForm
from app.registry.queries.holidays import list_holidays, years_with_holidays
from app.registry.services.holidays import add_day_off, load_days_off, remove_day_off


@room.get("/petugas/hari-libur", access=Access.MANAGE_CALENDAR)
def holidays() -> Response:
    """Days off of one year (``?tahun=``)."""
    return _page(DayOffForm(formdata=None), 200)


@room.post("/petugas/hari-libur", access=Access.MANAGE_CALENDAR)
def add_holiday() -> BaseResponse:
    """One more day off."""
    form = DayOffForm()
    if not form.validate() or form.day.value is None:
        return _page(form, 422)
    day, name, estimated = form.day.value, form.name.value or "", bool(form.estimated.data)
    kind, actor = HolidayKind(form.kind.data), current_actor()
    try:
        atomically(lambda s: add_day_off(s, day=day, name=name, kind=kind, estimated=estimated, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, 409 if problem.code else 422)
    return redirect(url_for("registry.holidays", tahun=day.year), 303)


@room.post("/petugas/hari-libur/hapus", access=Access.MANAGE_CALENDAR)
def remove_holiday() -> BaseResponse:
    """A working day after all (``day`` as ISO date). Twice is harmless."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        not_found()
    actor = current_actor()
    atomically(lambda s: remove_day_off(s, day=day, actor=actor))
    return redirect(url_for("registry.holidays", tahun=day.year), 303)


@room.post("/petugas/hari-libur/muat", access=Access.MANAGE_CALENDAR)
def load_holidays() -> BaseResponse:
    """Bring in the list that came with the application."""
    days, actor = load_holiday_file(), current_actor()
    atomically(lambda s: load_days_off(s, days, actor=actor))
    return redirect(url_for("registry.holidays"), 303)


def _page(form: DayOffForm, status: int) -> Response:
    session = db.session()
    years = years_with_holidays(session)
    asked = request.args.get("tahun", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today().year
    return page(
        "registry/holidays.html",
        form=form,
        rows=list_holidays(session, year),
        year=year,
        tabs=[
            (str(y), url_for("registry.holidays", tahun=y), y == year, None)
            for y in sorted({*years, today().year, year})
        ],
        empty=not years,
        joint_leave=HolidayKind.JOINT_LEAVE.value,
        status=status,
    )
