"""The clinic's numbers: report 13 on the screen, on paper and as a spreadsheet; comments without names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Response, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.desk.report import Report, index_words, make_report, span_name
from app.clinic.desk.report_parts import figure, percent
from app.clinic.forms.numbers import PeriodForm
from app.clinic.queries.survey import comments_before, count_sheets_since
from app.clinic.rules.counting import Step, begin_of
from app.core.access import Access, current_actor
from app.core.audit import record
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.links import outside_url
from app.core.page import page
from app.core.qr import qr_svg
from app.core.sheet_out import MIME_TYPE, Column, Sheet, write_sheets
from app.core.transaction import atomically
from app.core.words import datetime_wib

MOST_DAYS: Final = 371
_WEEKS, _MONTHS = 8, 6


@dataclass(frozen=True)
class Period:
    """Days from..to in rows of a step."""

    first_day: date
    last_day: date
    step: Step


@room.get("/petugas/klinik/angka", access=Access.READ_CLINIC)
def numbers() -> BaseResponse:
    """The figures. ``?per=minggu|bulan&dari=&sampai=``; without days the last eight weeks or six months."""
    form = PeriodForm(formdata=request.args if "dari" in request.args else None)
    try:
        return _page(form, _period(form, request.args.get("per", "")), 200)
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, _usual(_step(request.args.get("per", ""))), 422)


@room.post("/petugas/klinik/angka/ekspor", access=Access.READ_CLINIC)
def export_numbers() -> BaseResponse:
    """The same as a spreadsheet, a sheet per table. Each export leaves a line in the history."""
    form, actor = PeriodForm(), current_actor()
    try:
        period = _period(form, request.form.get("per", ""))
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, _usual(_step(request.form.get("per", ""))), 422)
    report = _report(period)
    told = {"from": period.first_day.isoformat(), "to": period.last_day.isoformat(), "per": str(period.step)}
    atomically(lambda s: record(s, deed="clinic.exported", subject="klinik:angka", actor=actor, after=told))
    return _file(report)


@room.get("/petugas/klinik/penilaian", access=Access.SERVE_CLINIC)
def rating_sign() -> Response:
    """The sheet for the door: scan, rate."""
    link = outside_url(url_for("clinic.rate_at_the_door", bahasa=None))
    return page("clinic/desk_sign.html", link=link, qr=qr_svg(link, scale=10))


# --- which days ---------------------------------------------------------------------------------------------------


def _step(text: str) -> Step:
    return Step(text) if text in set(Step) else Step.WEEK


def _usual(step: Step) -> Period:
    """Rows up to the running one."""
    begin = end = begin_of(today(), step)
    for _ in range((_WEEKS if step is Step.WEEK else _MONTHS) - 1):
        begin = begin_of(begin - timedelta(days=1), step)
    following = end + timedelta(days=7 if step is Step.WEEK else 31)
    return Period(begin, begin_of(following, step) - timedelta(days=1), step)


def _period(form: PeriodForm, step_text: str) -> Period:
    """The days asked for. Raises RuleBroken at the field that cannot be."""
    step = _step(step_text)
    if "dari" not in request.values:
        return _usual(step)
    form.validate()
    first_day, last_day = form.dari.value, form.sampai.value
    if first_day is None or last_day is None:
        raise RuleBroken("", say("Periksa tanggalnya."))
    if last_day < first_day:
        raise RuleBroken("sampai", say("Tanggal akhir tidak boleh sebelum tanggal awal."))
    if (last_day - first_day).days >= MOST_DAYS:
        raise RuleBroken("sampai", say("Paling lama satu tahun sekali lihat."))
    return Period(first_day, last_day, step)


def _report(period: Period) -> Report:
    return make_report(db.session(), period.first_day, period.last_day, period.step, now())


# --- the page -----------------------------------------------------------------------------------------------------


def _page(form: PeriodForm, period: Period, status: int) -> Response:
    report, monday = _report(period), begin_of(today(), Step.WEEK)
    if not form.problems:
        form.dari.data, form.sampai.data = (f"{day:%d-%m-%Y}" for day in (period.first_day, period.last_day))
    return page(
        "clinic/desk_numbers.html",
        status=status,
        form=form,
        report=report,
        per=period.step,
        name=span_name(period.first_day, period.last_day, Step.WEEK),
        stats=_stats(report),
        tabs=_tabs(period.step),
        comments=comments_before(db.session(), monday, period.first_day),
        this_week=count_sheets_since(db.session(), monday),
        next_monday=monday + timedelta(days=7),
    )


def _tabs(step: Step) -> list[tuple[str, str, bool, None]]:
    words = {Step.WEEK: say("Per minggu"), Step.MONTH: say("Per bulan")}
    return [(str(words[each]), url_for("clinic.numbers", per=each), each is step, None) for each in Step]


def _stats(report: Report) -> list[tuple[str, str, str]]:
    """(figure, label, what it rests on)."""
    whole = report.whole
    value, basis = index_words(report.index)
    due = whole.came + whole.no_show
    return [
        (figure(whole.offered), str(say("jam dibuka")), ""),
        (
            figure(whole.booked),
            str(say("janji")),
            str(say("%(n)s di antaranya datang langsung", n=figure(whole.walk_ins))),
        ),
        (figure(whole.came), str(say("datang")), ""),
        (
            percent(whole.no_show_share),
            str(say("tidak datang tanpa kabar")),
            str(say("%(n)s dari %(due)s", n=figure(whole.no_show), due=figure(due))),
        ),
        (figure(whole.wait_days, 1), str(say("hari menunggu")), str(say("nilai tengah"))),
        (value, str(say("Indeks kepuasan (SKM)")), basis),
    ]


# --- the spreadsheet ----------------------------------------------------------------------------------------------


def _file(report: Report) -> Response:
    target = tempfile.TemporaryFile(prefix="klinik")  # noqa: SIM115 - send_file closes it
    write_sheets(target, [*_sheets(report), _about(report)])
    target.seek(0)
    answer = send_file(
        target, mimetype=MIME_TYPE, as_attachment=True, download_name=f"klinik-{today():%Y-%m-%d}.xlsx"
    )
    answer.headers["Cache-Control"] = "no-store"  # send_file would let browsers keep it
    return answer


def _sheets(report: Report) -> Iterator[Sheet]:
    for block in report.blocks:
        widths = [34, *[16] * (len(block.heads) - 1)]
        columns = [Column(head, width) for head, width in zip(block.heads, widths, strict=True)]
        yield Sheet(block.title, columns, [row.cells for row in block.rows])


def _about(report: Report) -> Sheet:
    """Of which days, from where, made when and by whom: a copy tells where it came from."""
    value, basis = index_words(report.index)
    rows = [
        (str(say("Laporan")), str(say("Laporan 13: Clean & Clear"))),
        (str(say("Masa")), span_name(report.first_day, report.last_day, Step.WEEK)),
        (str(say("Indeks kepuasan (SKM)")), f"{value}, {basis}"),
        (str(say("Data per")), datetime_wib(report.made_at)),
        (str(say("Dibuat oleh")), current_actor().name),
        *((block.title, f"{block.source} {block.note}".strip()) for block in report.blocks),
    ]
    return Sheet(
        str(say("Keterangan")), [Column(str(say("Hal")), 30), Column(str(say("Isi")), 90, wrapped=True)], rows
    )
