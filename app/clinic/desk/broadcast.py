"""Making the clinic known: posters from the timetable, a text for WhatsApp, tracked links, posts and their figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask import Response, current_app, redirect, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import room
from app.clinic.broadcast_words import CHANNEL_WORDS
from app.clinic.forms.broadcast import PostForm
from app.clinic.poster import Drawing, PosterDay, PosterText, as_png, as_svg, draw
from app.clinic.queries.numbers import (
    Post,
    find_post,
    list_channels,
    list_posts,
)
from app.clinic.queries.open_hours import OpenDay, list_open_days
from app.clinic.rules.broadcast import Channel
from app.clinic.rules.counting import Step, begin_of
from app.clinic.services.broadcast import PostFacts, change_post, note_post
from app.clinic.words import SERVICE_WORDS
from app.core.access import Access, current_actor
from app.core.clock import in_wib, today
from app.core.db import db
from app.core.errors import RuleBroken, not_found
from app.core.language import DEFAULT_LANGUAGE, say
from app.core.links import outside_url
from app.core.page import page
from app.core.transaction import atomically
from app.core.words import date_long, date_plain, date_short, weekday
from app.registry.queries.holidays import list_holidays

_SHAPES: Final = {"persegi": False, "tegak": True}  # is it upright?
_POSTS_SHOWN: Final = timedelta(days=90)
_COUNTED: Final = timedelta(days=28)
_MOST_WEEKS_AHEAD: Final = 8
_MEDIA: Final = {"svg": "image/svg+xml", "png": "image/png"}


@room.get("/petugas/klinik/siaran", access=Access.SPREAD_WORD)
def broadcast() -> BaseResponse:
    """Posters and texts of a week (``?minggu=`` any day of it; without: the coming one), links, posts."""
    return _page(PostForm(formdata=None), 200)


@room.post("/petugas/klinik/siaran", access=Access.SPREAD_WORD)
def add_post() -> BaseResponse:
    """Write down a post."""
    form, actor = PostForm(), current_actor()
    try:
        facts = _facts(form)
        atomically(lambda session: note_post(session, facts, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _page(form, 422)
    return redirect(url_for("clinic.broadcast", kabar="pos", _anchor="pos"), 303)


@room.route("/petugas/klinik/siaran/<int:post_id>", methods=["GET", "POST"], access=Access.SPREAD_WORD)
def edit_post(post_id: int) -> BaseResponse:
    """New figures of a post: they grow for days."""
    post = find_post(db.session(), post_id)
    if post is None:
        not_found()
    if request.method == "GET":
        return _edit_page(_filled(post), post, 200)
    form, actor = PostForm(), current_actor()
    try:
        facts = _facts(form)
        atomically(lambda session: change_post(session, post_id, facts, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return _edit_page(form, post, 422)
    return redirect(url_for("clinic.broadcast", kabar="pos", _anchor="pos"), 303)


@room.get("/petugas/klinik/siaran/poster-<shape>.<kind>", access=Access.SPREAD_WORD)
def poster(shape: str, kind: str) -> Response:
    """A poster as a file: ``persegi`` (1080 x 1080) or ``tegak`` (1080 x 1920), ``svg`` or ``png``.

    It is of everybody's Indonesian, whatever language the desk is read in.
    """
    if shape not in _SHAPES or kind not in _MEDIA:
        not_found()
    monday = _monday()
    with force_locale(DEFAULT_LANGUAGE):
        drawing = _drawing(monday, upright=_SHAPES[shape])
    answer = Response(as_svg(drawing) if kind == "svg" else as_png(drawing), mimetype=_MEDIA[kind])
    if "unduh" in request.args:
        name = f"klinik-{monday:%Y-%m-%d}-{shape}.{kind}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- the week -----------------------------------------------------------------------------------------------------


def _monday() -> date:
    """The week asked for; without, the running one until Thursday, then the next."""
    usual = begin_of(today() + timedelta(days=3), Step.WEEK)
    try:
        asked = date.fromisoformat(request.args.get("minggu", ""))
    except ValueError:
        return usual
    first, last = (
        begin_of(today(), Step.WEEK),
        begin_of(today(), Step.WEEK) + timedelta(weeks=_MOST_WEEKS_AHEAD),
    )
    return min(max(begin_of(asked, Step.WEEK), first), last)


def _week(monday: date) -> list[PosterDay]:
    """Monday to Friday, and a weekend day when something is open then."""
    open_days = list_open_days(db.session(), monday, monday + timedelta(days=6))
    off = {
        row.day: row.name
        for year in {monday.year, (monday + timedelta(days=6)).year}
        for row in list_holidays(db.session(), year)
    }
    found = []
    for number in range(7):
        day = monday + timedelta(days=number)
        own = tuple((str(SERVICE_WORDS[one.service]), _hours(one)) for one in open_days if one.day == day)
        if own or number < 5:
            why = str(say("Libur: %(name)s", name=off[day])) if day in off else str(say("Tutup"))
            found.append(PosterDay(f"{weekday(day)}, {day.day} {date_short(day).split()[1]}", own, why))
    return found


def _hours(one: OpenDay) -> str:
    said = ", ".join(f"{in_wib(begins):%H.%M}-{in_wib(ends):%H.%M}" for begins, ends in one.stretches)
    return f"{said} WIB"


def _text(monday: date) -> PosterText:
    office = current_app.config["SETTINGS"].office
    days = _week(monday)
    link = _link(Channel.POSTER)
    return PosterText(
        title="Clean & Clear",
        lead=str(say("Konsultasi gratis untuk koperasi, usaha kecil, dan warga yang mau mulai usaha.")),
        week=_week_words(monday, monday + timedelta(days=max(len(days), 5) - 1)),
        days=days,
        how=str(say("Pesan jam lewat HP, tanpa akun. Pindai kode ini.")),
        address=outside_url("/klinik").split("://", 1)[-1],
        link=link,
        office=f"{office.name}, {office.address}. {say('Telepon')} {office.phone_display}",
    )


def _week_words(first_day: date, last_day: date) -> str:
    if first_day.month == last_day.month:
        return f"{first_day.day} - {date_plain(last_day)}"
    return f"{first_day.day} {date_plain(first_day).split()[1]} - {date_plain(last_day)}"


def _drawing(monday: date, *, upright: bool) -> Drawing:
    return draw(_text(monday), upright=upright)


def _link(channel: Channel) -> str:
    return outside_url(url_for("clinic.index", lewat=channel, bahasa=None))


def _message(text: PosterText, link: str) -> str:
    """For WhatsApp: short, and whole without its link."""
    lines = [f"*{text.title}*: {text.lead}", "", f"*{text.week}*"]
    for day in text.days:
        said = ", ".join(f"{service} {hours}" for service, hours in day.open) or day.closed
        lines.append(f"- {day.name}: {said}")
    return "\n".join([*lines, "", str(say("Pesan jam, tanpa akun:")), link, text.office])


# --- pages --------------------------------------------------------------------------------------------------------


def _page(form: PostForm, status: int) -> Response:
    monday, session = _monday(), db.session()
    with force_locale(DEFAULT_LANGUAGE):
        text = _text(monday)
        message = _message(text, _link(Channel.WHATSAPP))
    return page(
        "clinic/desk_broadcast.html",
        status=status,
        form=form,
        monday=monday,
        text=text,
        something_open=any(day.open for day in text.days),
        message=message,
        weeks=_weeks(monday),
        links=[(str(CHANNEL_WORDS[channel]), _link(channel)) for channel in Channel],
        channels=list_channels(session, tuple(Channel), today() - _COUNTED, today()),
        counted_since=today() - _COUNTED,
        posts=list_posts(session, today() - _POSTS_SHOWN, today()),
        words=CHANNEL_WORDS,
        saved=request.args.get("kabar") == "pos",
    )


def _weeks(monday: date) -> list[tuple[str, str, bool, None]]:
    first = begin_of(today(), Step.WEEK)
    mondays = [first + timedelta(weeks=number) for number in range(3)]
    return [
        (
            str(say("Mulai %(day)s", day=date_short(each))),
            url_for("clinic.broadcast", minggu=each.isoformat()),
            each == monday,
            None,
        )
        for each in mondays
    ]


def _edit_page(form: PostForm, post: Post, status: int) -> Response:
    return page(
        "clinic/desk_post.html",
        status=status,
        form=form,
        post=post,
        name=f"{CHANNEL_WORDS[Channel(post.channel)]}, {date_long(post.posted_on)}",
    )


def _filled(post: Post) -> PostForm:
    given: dict[str, Any] = {
        "channel": post.channel,
        "posted_on": f"{post.posted_on:%d-%m-%Y}",
        "address": post.address,
        "likes": str(post.likes),
        "comments": str(post.comments),
        "questions": str(post.questions),
    }
    return PostForm(formdata=None, data=given)


def _facts(form: PostForm) -> PostFacts:
    """What was typed. Raises RuleBroken when something is wrong (it stands at its field already)."""
    if not form.validate() or form.posted_on.value is None:
        raise RuleBroken("", say("Periksa lagi isiannya."))
    return PostFacts(
        Channel(form.channel.data),
        form.posted_on.value,
        form.address.value or "",
        form.likes.value or 0,
        form.comments.value or 0,
        form.questions.value or 0,
    )
