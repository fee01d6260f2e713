"""Somebody comes without an appointment: a free half hour, now or later today, exactly once.

Noted where there is no signal it arrives later, and the half hour may be over by then, or somebody else's. What the
timetable refuses then becomes a wish: the officer is no longer with the person, so the office goes on with it.
"""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.clinic import notices, room
from app.clinic.desk.today import slot_choices
from app.clinic.forms.booking import CHOOSE_A_TIME
from app.clinic.forms.walk_in import WalkInForm
from app.clinic.queries.free import Asked
from app.clinic.queries.today import FreeSlot, booking_of_submission, list_free_slots, slot_by_id
from app.clinic.rules.booking import ClientType, Mode, Topic, service_for
from app.clinic.services.booking import Wanted
from app.clinic.services.day import take_walk_in
from app.clinic.services.taking import SlotTaken
from app.clinic.services.wishing import Wished, take_wish
from app.clinic.words import topic_title
from app.core.access import Access
from app.core.clock import in_wib, now, today
from app.core.db import db
from app.core.errors import RuleBroken, wants_json
from app.core.forms import sent_pairs
from app.core.language import say
from app.core.page import page
from app.core.sealed_form import running_seal
from app.core.submitting import answer_form
from app.core.transaction import atomically
from app.registry.packing import pack
from app.registry.queries.submissions import Received, find_replay
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import GivenConsent, Incoming


@room.get("/petugas/klinik/tamu", access=Access.SERVE_CLINIC)
def desk_walk_in() -> Response:
    """The form; ``?jam=`` chooses a free half hour beforehand."""
    form = WalkInForm(formdata=None, data={"slot": request.args.get("jam", "")})
    form.fill_identity()
    return _page(form, 200)


@room.post("/petugas/klinik/tamu", access=Access.SERVE_CLINIC, submission=say("Tamu klinik tanpa janji"))
def desk_take_walk_in() -> BaseResponse:
    """Take it; on to the appointment, or to the wish that it became."""
    form = WalkInForm()
    form.fill_identity()
    form.slot.choices = _choices()
    if _from_a_phone() and form.slot_id:
        # it was free when it was chosen; ``_store`` sees what became of it
        form.slot.choices.append((form.slot.data, ""))
    return answer_form(
        form,
        find_replay=lambda: find_replay(db.session(), form.identity, sent_pairs()),
        store=lambda: _store(form),
        receipt_url=_receipt_url,
        show=lambda code, _problem: _page(form, code),
    )


def _from_a_phone() -> bool:
    """By the outbox, perhaps hours after it was written; else the page is still open in front of the officer."""
    return wants_json() or running_seal() is not None


def _store(form: WalkInForm) -> Received:
    slot = slot_by_id(db.session(), form.slot_id)
    day = in_wib(slot.starts_at).date() if slot else today()
    if day > today() or (not _from_a_phone() and (slot is None or day < today())):
        raise RuleBroken("slot", CHOOSE_A_TIME)
    if slot is None:
        return _store_wish(form, None)
    wanted = _wanted(form, slot)
    incoming = _incoming(form, SubmissionKind.CLINIC_BOOKING)
    try:
        return atomically(lambda s: take_walk_in(s, wanted, incoming))
    except RuleBroken as problem:
        of_the_timetable = isinstance(problem, SlotTaken) or problem.field == "phone"
        if of_the_timetable and _from_a_phone():
            return _store_wish(form, slot)
        raise


def _store_wish(form: WalkInForm, slot: FreeSlot | None) -> Received:
    """Any day, any hour: the office finds it, or closes it with what became of it."""
    topic = Topic(form.topic.data)
    service = slot.service if slot else service_for(ClientType(form.client_type.data), topic)
    wished = Wished(service, topic, Mode.IN_PERSON, weekdays="")
    incoming = _incoming(form, SubmissionKind.CLINIC_WISH)
    return atomically(lambda s: take_wish(s, wished, incoming))


def _wanted(form: WalkInForm, slot: FreeSlot) -> Wanted:
    asked = Asked(
        slot.service,
        Mode.IN_PERSON,
        expert_id=slot.expert_id,
        may_reserved=True,
        since=min(slot.starts_at, now()),
    )
    return Wanted(
        asked=asked,
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


def _incoming(form: WalkInForm, kind: SubmissionKind) -> Incoming:
    return pack(
        form,
        kind,
        title=topic_title(Topic(form.topic.data)),
        kecamatan_code=form.kecamatan.data or None,
        desa_code=None,
        phone=form.phone.value,
        record_code=form.record.value,
        to_dinas=True,
        source=Source.ASSISTED,
        consents=(GivenConsent("notice", notices.VERSION, given=True, how="spoken"),),
    )


def _receipt_url(received: Received) -> str:
    booking_id = booking_of_submission(db.session(), received.submission_id)
    if booking_id is None:
        return url_for("clinic.desk_wish", number=received.receipt_number)
    return url_for("clinic.desk_booking", booking_id=booking_id)


def _choices() -> list[tuple[str, str]]:
    return slot_choices(list_free_slots(db.session(), today(), now=now(), mode=Mode.IN_PERSON))


def _page(form: WalkInForm, code: int) -> Response:
    free = _choices()
    form.slot.choices = free
    return page("clinic/desk_walk_in.html", form=form, any_free=bool(free), notice=notices.TEXT, status=code)
