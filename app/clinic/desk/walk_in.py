"""Somebody comes without an appointment: a free half hour, now or later today, exactly once."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import notices, room
from app.clinic.desk.today import slot_choices
from app.clinic.forms.booking import CHOOSE_A_TIME
from app.clinic.forms.walk_in import WalkInForm
from app.clinic.queries.free import Asked
from app.clinic.queries.today import booking_of_submission, list_free_slots, slot_by_id
from app.clinic.rules.booking import ClientType, Mode, Topic
from app.clinic.services.booking import Wanted
from app.clinic.services.day import take_walk_in
from app.clinic.words import topic_title
from app.core.access import Access
from app.core.clock import in_wib, now, today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.forms import sent_pairs
from app.core.page import page
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.registry.packing import pack
from app.registry.queries.submissions import Received, find_replay
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import GivenConsent


@room.get("/petugas/klinik/tamu", access=Access.SERVE_CLINIC)
def desk_walk_in() -> Response:
    """The form; ``?jam=`` chooses a free half hour beforehand."""
    form = WalkInForm(formdata=None, data={"slot": request.args.get("jam", "")})
    form.fill_identity()
    return _page(form, 200)


@room.post("/petugas/klinik/tamu", access=Access.SERVE_CLINIC)
def desk_take_walk_in() -> BaseResponse:
    """Take it; on to the appointment."""
    form = WalkInForm()
    form.fill_identity()
    form.slot.choices = _choices()
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form),
        receipt_url=_appointment,
        show=lambda code, _problem: _page(form, code),
    )


def _store(form: WalkInForm) -> Received:
    slot = slot_by_id(db.session(), form.slot_id)
    if slot is None or in_wib(slot.starts_at).date() != today():
        raise RuleBroken("slot", CHOOSE_A_TIME)
    wanted = Wanted(
        asked=Asked(slot.service, Mode.IN_PERSON, expert_id=slot.expert_id, may_reserved=True),
        starts_at=slot.starts_at,
        client_type=ClientType(form.client_type.data),
        topic=Topic(form.topic.data),
        mode=Mode.IN_PERSON,
        phone=form.phone.value,
        kecamatan_code=form.kecamatan.data or None,
        record_code=form.record.value,
        walk_in=True,
        at_desk=True,
    )
    incoming = pack(
        form,
        SubmissionKind.CLINIC_BOOKING,
        title=topic_title(wanted.topic),
        kecamatan_code=form.kecamatan.data or None,
        desa_code=None,
        phone=form.phone.value,
        record_code=form.record.value,
        to_dinas=True,
        source=Source.ASSISTED,
        consents=(GivenConsent("notice", notices.VERSION, given=True, how="spoken"),),
    )
    return atomically(lambda s: take_walk_in(s, wanted, incoming))


def _appointment(received: Received) -> str:
    booking_id = booking_of_submission(db.session(), received.submission_id)
    return url_for("clinic.desk_booking", booking_id=booking_id)


def _choices() -> list[tuple[str, str]]:
    return slot_choices(list_free_slots(db.session(), today(), now=now(), mode=Mode.IN_PERSON))


def _page(form: WalkInForm, code: int) -> Response:
    free = _choices()
    form.slot.choices = free
    return page("clinic/desk_walk_in.html", form=form, any_free=bool(free), notice=notices.TEXT, status=code)
