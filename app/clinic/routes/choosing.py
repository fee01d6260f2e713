"""What the clinic is, and its free times: the front page, the next times, one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.clinic import notices, room
from app.clinic.forms.booking import BookingForm, client_of
from app.clinic.queries.free import Asked, FreeTime, next_free_times
from app.clinic.queries.timetable import list_hours, number
from app.clinic.routes.offering import last_day, offer
from app.clinic.rules.booking import Mode, Topic
from app.clinic.rules.settings import RESERVED_SHARE
from app.clinic.rules.timetable import Open, Service, open_days
from app.clinic.slot_codes import read_day, slot_code
from app.clinic.words import MODE_WORDS, SERVICE_SLUGS, SERVICE_WORDS, SLUG_OF_SERVICE, TOPIC_QUESTIONS
from app.core.access import Access
from app.core.clock import in_wib, now, today
from app.core.db import db
from app.core.headers import packed_well
from app.core.language import page_language, say
from app.core.page import page
from app.core.words import join_words, time_wib, weekday

_NEXT = 3
# Topics of the cooperatives' half of the day; all others may be asked in both.
_OF_COOPERATIVES = frozenset({Topic.FOUNDING})


@dataclass(frozen=True)
class Half:
    """One service on the front page: its hours, the times that come first."""

    service: Service
    slug: str
    opens: tuple[str, ...]
    next: tuple[tuple[FreeTime, str], ...]


@room.get("/klinik", access=Access.PUBLIC)
def index() -> Response:
    """What the clinic is, for whom, when and where; the times that come first."""
    return page(
        "clinic/index.html",
        halves=[_half(service) for service in Service],
        topics=[
            (words, url_for("clinic.timetable", layanan=_slug_for(topic), topik=topic))
            for topic, words in TOPIC_QUESTIONS.items()
        ],
        service_words=SERVICE_WORDS,
        mode_words=MODE_WORDS,
    )


def _slug_for(topic: Topic) -> str:
    """Where a topic leads when nothing else is known of the asker."""
    return SLUG_OF_SERVICE[Service.COOPERATIVE if topic in _OF_COOPERATIVES else Service.BUSINESS]


def _half(service: Service) -> Half:
    asked = Asked(service, Mode.IN_PERSON)
    found = next_free_times(db.session(), asked, now=now(), until=last_day(), most=_NEXT)
    slug = SLUG_OF_SERVICE[service]
    return Half(
        service,
        slug,
        _hours_of_this_week(service),
        tuple((one, _address(service, one.starts_at)) for one in found),
    )


def _hours_of_this_week(service: Service) -> tuple[str, ...]:
    """The days with their hours, in words: Fridays are shorter, and so is every day of Ramadan."""
    language, first = page_language(), today()
    hours = list_hours(db.session(), first, first + timedelta(days=6))
    return tuple(
        f"{_days(one, language)}: {join_words((_span(*span, language) for span in one.spans), language)}"
        for one in open_days(first, service, hours)
    )


def _days(one: Open, language: str) -> str:
    first, last = weekday(one.first, language), weekday(one.last, language)
    return first if one.first == one.last else str(say("%(first)s sampai %(last)s", first=first, last=last))


def _span(starts: time, ends: time, language: str) -> str:
    begins = time_wib(starts, language).partition("\N{NO-BREAK SPACE}")[0]
    return str(say("%(first)s sampai %(last)s", first=begins, last=time_wib(ends, language)))


def _address(service: Service, starts_at: datetime) -> str:
    """Its day, with the time chosen already."""
    day, slug = in_wib(starts_at).date(), SLUG_OF_SERVICE[service]
    return url_for(
        "clinic.timetable", layanan=slug, tanggal=day.isoformat(), slot=slot_code(service, starts_at)
    )


@room.get("/klinik/terdekat", access=Access.PUBLIC)
def nearest() -> Response:
    """The times that come first, for the front page of the site: the block, or a small page of its own."""
    return page(
        "clinic/nearest.html",
        fragments=("terdekat",),
        halves=[_half(service) for service in Service],
        service_words=SERVICE_WORDS,
    )


@room.get("/klinik/jadwal", access=Access.PUBLIC)
def timetable() -> Response:
    """The free times of a day and the form that books one; the block ``day`` alone when the day changes.

    ``?dekat=``: the day that was looked at before somebody chose another expert or another way to meet.
    """
    form = _form_of_address()
    form.fill_identity()
    near = read_day(request.args.get("dekat", ""))
    return show_booking(form, 200, day=read_day(form.tanggal.data or ""), near=near)


@room.get("/klinik/pesan", access=Access.PUBLIC)
def mend_booking() -> Response:
    """The same page at the form's own address: who sent without signal mends here what waits in the phone's box."""
    form = _form_of_address()
    form.fill_identity()
    return packed_well(show_booking(form, 200, day=read_day(form.tanggal.data or ""), kept=True))


@room.get("/klinik/tahan", access=Access.PUBLIC)
def back_to_times() -> AnyResponse:
    """A page that came as the answer to holding a time, opened again by a phone that had put it away."""
    return redirect(url_for("clinic.timetable"), 303)


def _form_of_address() -> BookingForm:
    """The form as the address asks for it."""
    asked = request.args
    service = SERVICE_SLUGS.get(asked.get("layanan", ""), Service.COOPERATIVE)
    mode = asked.get("cara") or asked.get("mode", "")
    topic = asked.get("topik", "")
    founding = topic == Topic.FOUNDING
    given = {
        "layanan": SLUG_OF_SERVICE[service],
        "tanggal": asked.get("tanggal", ""),
        "slot": asked.get("slot", ""),
        "narasumber": asked.get("narasumber", ""),
        "jatah": asked.get("jatah", ""),
        "mode": mode if mode in set(Mode) else str(Mode.IN_PERSON),
        "topic": topic if topic in set(Topic) else None,
        "client_type": None if founding else str(client_of(service)),
        "channel": asked.get("lewat", ""),
    }
    return BookingForm(formdata=None, data=given)


def asked_by(form: BookingForm) -> Asked:
    """Whose times the form is about."""
    service = form.slot.value[0] if form.slot.value else SERVICE_SLUGS.get(form.layanan.data or "")
    return Asked(
        service or Service.COOPERATIVE,
        form.chosen_mode(),
        topic=form.chosen_topic(),
        expert_id=form.expert_id,
        hold=form.hold_key,
        may_reserved=bool(form.jatah.data),
    )


def show_booking(
    form: BookingForm,
    status: int,
    *,
    day: date | None = None,
    nearest: list[FreeTime] | None = None,
    kept: bool = False,
    near: date | None = None,
) -> Response:
    """The page with a day's times and the questions, whatever was typed kept. ``kept``: out of the phone's box too."""
    asked = asked_by(form)
    slug = SLUG_OF_SERVICE[asked.service]
    carried: dict[str, Any] = {
        "cara": None if asked.mode is Mode.IN_PERSON else str(asked.mode),
        "narasumber": asked.expert_id,
        "topik": asked.topic,
        "jatah": "1" if asked.may_reserved else None,
        "lewat": form.channel_name or None,
    }

    def address(day: date) -> str:
        return url_for("clinic.timetable", layanan=slug, tanggal=day.isoformat(), **carried)

    made = offer(asked, address, day=day, near=near, chosen=form.slot.data or "", nearest=nearest or ())
    return page(
        "clinic/book.html",
        fragments=("day",),
        status=status,
        form=form,
        kept=kept,
        offer=made,
        slug=slug,
        services=_services(slug, carried),
        mode_words=MODE_WORDS,
        notice=notices.TEXT,
        shares=number(db.session(), RESERVED_SHARE) > 0,
    )


def _services(slug: str, carried: dict[str, Any]) -> list[tuple[object, str, bool]]:
    """The two halves of the day, as links."""
    kept = {**carried, "narasumber": None}
    return [
        (
            SERVICE_WORDS[service],
            url_for("clinic.timetable", layanan=SLUG_OF_SERVICE[service], **kept),
            SLUG_OF_SERVICE[service] == slug,
        )
        for service in Service
    ]
