"""Booking a time, and holding one while somebody types."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from flask import Response, url_for

from app.clinic import notices, room
from app.clinic.forms.booking import BookingForm
from app.clinic.queries.free import FreeTime
from app.clinic.routes.choosing import asked_by, show_booking
from app.clinic.routes.offering import last_day, nearest_to
from app.clinic.rules.booking import ClientType, Topic
from app.clinic.services.booking import Wanted, book, refuse_taken
from app.clinic.services.holding import hold
from app.clinic.services.taking import SlotTaken
from app.clinic.slot_codes import read_day, slot_code
from app.clinic.words import topic_title
from app.core.access import Access
from app.core.clock import in_wib
from app.core.cross_site import token_missing
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.forms import sent_pairs
from app.core.language import page_language, say
from app.core.limits import Limit, client_address, hit
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.core.words import datetime_wib
from app.registry.packing import pack
from app.registry.queries.submissions import Received, find_replay
from app.registry.rules import SubmissionKind

# A village shares one address; who holds half hours by a machine holds ten at a time, five minutes each.
HOLDS_PER_ADDRESS: Final = Limit("clinic-holds", 120, 60 * 60)


@room.post("/klinik/pesan", access=Access.PUBLIC, submission=say("Janji konsultasi"))
def take_booking() -> Response:
    """Take it exactly once (contract.md section 5); the loser of a race gets the nearest times."""
    form = BookingForm()
    form.fill_identity()
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form),
        receipt_url=appointment_url,
        show=lambda status, problem: _show_again(form, status, problem),
        phone=lambda: form.phone.value,
        alternatives=lambda problem: [_for_machines(form, one) for one in _nearest(form, problem)],
    )


def appointment_url(received: Received) -> str:
    """Where the appointment stands from now on."""
    return url_for("clinic.appointment", token=received.token)


def _store(form: BookingForm) -> Received:
    wanted = _wanted(form)
    try:
        refuse_taken(db.session(), wanted.asked, wanted.starts_at)
    except SlotTaken:
        known = find_replay(db.session(), form.identity, sent_pairs())
        if known is None:
            raise
        return known  # taken by this very booking, which came in by another way a moment ago
    incoming = pack(
        form,
        SubmissionKind.CLINIC_BOOKING,
        title=topic_title(wanted.topic),
        kecamatan_code=wanted.kecamatan_code,
        desa_code=None,
        phone=wanted.phone,
        record_code=wanted.record_code,
        to_dinas=True,
        consents=notices.shown(),
    )
    return atomically(lambda session: book(session, wanted, incoming))


def _wanted(form: BookingForm) -> Wanted:
    """A valid form as a booking about to be made."""
    if form.slot.value is None:
        raise ValueError("call after validation")
    return Wanted(
        asked=asked_by(form),
        starts_at=form.slot.value[1],
        client_type=ClientType(form.client_type.data),
        topic=Topic(form.topic.data),
        mode=form.chosen_mode(),
        phone=form.phone.value,
        kecamatan_code=form.kecamatan.data or None,
        record_code=form.record.value,
        another=bool(form.another.data),
        promise=bool(form.promise.data),
        other_half=bool(form.other_half.data),
        wants_earlier=bool(form.wants_earlier.data),
        channel=form.channel_name,
    )


def _nearest(form: BookingForm, problem: RuleBroken | None) -> list[FreeTime]:
    if not isinstance(problem, SlotTaken) or form.slot.value is None:
        return []
    return nearest_to(problem, asked_by(form), form.slot.value[1])


def _for_machines(form: BookingForm, time: FreeTime) -> dict[str, object]:
    return {
        "slot": slot_code(asked_by(form).service, time.starts_at),
        "starts_at": in_wib(time.starts_at).isoformat(),
        "text": datetime_wib(time.starts_at, page_language()),
        "free": time.free,
    }


def _show_again(form: BookingForm, status: int, problem: RuleBroken | None = None) -> Response:
    return show_booking(form, status, day=_day_of(form), nearest=_nearest(form, problem))


def _day_of(form: BookingForm) -> date | None:
    """The day that was looked at: of the chosen time, else of the page; none where that day is not open yet."""
    if form.slot.value is not None:
        day = in_wib(form.slot.value[1]).date()
        return day if day <= last_day() else None
    return read_day(form.tanggal.data or "")


# --- holding ------------------------------------------------------------------------------------------------------


@room.post("/klinik/tahan", access=Access.PUBLIC, submission=False)
def hold_time() -> Response:
    """Keep a time for some minutes while the rest is typed. Nothing of what was typed is looked at or kept."""
    form = BookingForm()
    form.fill_identity()
    form.hold.data = form.hold_key or str(uuid.uuid4())
    if token_missing():
        form.form_errors.append(say("Tekan tombolnya sekali lagi. Isian tidak hilang."))
        return _show_again(form, 422)
    if not form.slot.validate(form):
        return _show_again(form, 422)
    wait = hit(HOLDS_PER_ADDRESS, client_address())
    if wait:
        form.form_errors.append(say("Jamnya belum bisa disimpan. Isi saja, lalu kirim."))
        answer = _show_again(form, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    return _hold(form)


def _hold(form: BookingForm) -> Response:
    assert form.slot.value is not None
    asked, starts_at = asked_by(form), form.slot.value[1]
    try:
        atomically(lambda session: hold(session, asked, starts_at))
    except SlotTaken as problem:
        form.reject(problem)
        return _show_again(form, 409, problem)
    except RuleBroken as problem:
        form.reject(problem)
        return _show_again(form, 422)
    return _show_again(form, 200)
