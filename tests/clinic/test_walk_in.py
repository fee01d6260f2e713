"""Somebody comes without an appointment: a free half hour of today, once, with the consent spoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.queries.today import FreeSlot, list_free_slots
from app.clinic.rules.booking import BookingStatus, ClientType, Mode, Topic
from app.clinic.services.booking import Wanted
from app.clinic.services.day import take_walk_in
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import Consent, Submission
from app.registry.rules import Source, SubmissionKind
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, asked, incoming, make_expert, open_clinic, put_on_duty, slots, wib
from tests.factories.clinic_day import CLINIC, PHONE, SITI, appointment, booking, bookings, put
from tests.factories.cooperatives import new_id
from tests.factories.desk import history

Enter = Callable[[str], CheckedClient]
FORM = f"{CLINIC}/tamu"


@pytest.fixture(autouse=True)
def tuesday(at: Callable[[str], None]) -> None:
    """Ten past nine on the Tuesday."""
    at("2026-11-24T09:10+07:00")


def free() -> list[FreeSlot]:
    """Half hours that can be given away at the desk."""
    return list_free_slots(db.session(), TUESDAY, now=now(), mode=Mode.IN_PERSON)


def filled(slot: FreeSlot, /, **fields: Any) -> dict[str, Any]:
    """The form as an officer fills it."""
    given = {
        "submission_id": new_id(),
        "slot": str(slot.id),
        "name": SITI,
        "phone": PHONE,
        "client_type": "koperasi",
        "topic": "keuangan",
        "spoken_consent": "y",
    }
    return {name: value for name, value in {**given, **fields}.items() if value is not None}


def open_today(experts: int = 1) -> list[int]:
    """The clinic of the Tuesday."""
    return open_clinic(experts)


def test_the_half_hour_that_has_just_begun_can_be_had(sign_in: Enter, cast: Any) -> None:
    open_today()
    officer, first = sign_in("officer"), free()[0]
    assert first.starts_at == wib(TUESDAY, "09.00")
    answer = officer.post(FORM, data=filled(first))
    assert answer.status_code == 303, answer.text
    (one,) = bookings()
    assert answer.location == f"{CLINIC}/janji/{one.id}"
    assert (one.status, one.walk_in, one.starts_at) == (BookingStatus.ARRIVED, True, wib(TUESDAY, "09.00"))
    assert SITI in officer.get(answer.location).text
    sent = db.session.scalars(select(Submission)).one()
    assert (sent.kind, sent.source, sent.entered_by) == (
        SubmissionKind.CLINIC_BOOKING,
        Source.ASSISTED,
        cast["officer"].account_id,
    )
    assert "Siti" not in sent.title
    assert [line.deed for line in history(f"klinik:{one.id}")] == ["clinic.walk_in", "clinic.status"]


def test_the_consent_was_spoken_and_says_who_heard_it(sign_in: Enter, cast: Any) -> None:
    open_today()
    sign_in("officer").post(FORM, data=filled(free()[0]))
    (consent,) = db.session.scalars(select(Consent))
    assert (consent.how, consent.witness_id) == ("spoken", cast["officer"].account_id)


def test_sent_twice_it_is_one(sign_in: Enter) -> None:
    open_today()
    sent = filled(free()[0])
    first, second = (sign_in("officer").post(FORM, data=sent) for _ in range(2))
    assert first.location == second.location
    assert len(bookings()) == 1
    assert len(history(f"klinik:{bookings()[0].id}")) == 2


def test_two_sends_at_once_note_one_arrival(app: Flask) -> None:
    """Both passed the look for a replay; the slower one meets it inside the block."""
    open_today()
    sent = incoming()
    wanted = Wanted(
        asked=asked(),
        starts_at=wib(TUESDAY, "09.30"),
        client_type=ClientType.COOPERATIVE,
        topic=Topic.FINANCE,
        mode=Mode.IN_PERSON,
        phone=None,
        walk_in=True,
        at_desk=True,
    )
    first, second = (atomically(lambda s: take_walk_in(s, wanted, sent)) for _ in range(2))
    assert (first.replay, second.replay) == (False, True)
    assert len(history(f"klinik:{bookings()[0].id}")) == 2


def test_the_expert_that_was_chosen_is_the_one(sign_in: Enter) -> None:
    experts = open_today(3)
    slot = next(s for s in free() if s.expert_id == experts[2] and s.starts_at == wib(TUESDAY, "10.00"))
    sign_in("officer").post(FORM, data=filled(slot))
    assert (bookings()[0].expert_id, bookings()[0].starts_at) == (experts[2], wib(TUESDAY, "10.00"))


def test_a_place_of_somebody_who_did_not_come_is_free(sign_in: Enter) -> None:
    open_today()
    gone = appointment(wib(TUESDAY, "09.00"), phone=None, at_desk=True)
    put(gone, BookingStatus.NO_SHOW)
    sign_in("officer").post(FORM, data=filled(free()[0]))
    assert [one.status for one in bookings()] == [BookingStatus.NO_SHOW, BookingStatus.ARRIVED]


def test_what_was_taken_meanwhile_is_said_and_nothing_is_lost(sign_in: Enter) -> None:
    open_today()
    officer, sent = sign_in("officer"), filled(free()[0], description="Soal pembukuan")
    officer.post(FORM, data=filled(free()[0], name="Pak Ujang", phone="0812-9999-1111"))
    answer = officer.post(FORM, data=sent)
    assert answer.status_code in {409, 422}
    assert "Soal pembukuan" in answer.text
    assert "slot-error" in answer.text
    assert len(bookings()) == 1


def test_one_telephone_is_not_at_two_desks_at_one_time(sign_in: Enter) -> None:
    open_today(2)
    officer = sign_in("officer")
    officer.post(FORM, data=filled(free()[0]))
    again = next(slot for slot in free() if slot.starts_at == wib(TUESDAY, "09.00"))
    answer = officer.post(FORM, data=filled(again, name="Orang lain"))
    assert answer.status_code == 422
    assert "phone-error" in answer.text


@pytest.mark.parametrize("missing", ["slot", "name", "phone", "client_type", "topic", "spoken_consent"])
def test_what_is_missing_is_said_at_its_field(sign_in: Enter, missing: str) -> None:
    open_today()
    sent = filled(free()[0], description="Soal pembukuan", **{missing: None})
    answer = sign_in("officer").post(FORM, data=sent)
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert "Soal pembukuan" in answer.text
    assert bookings() == []


def test_without_a_telephone_it_works_too(sign_in: Enter) -> None:
    open_today()
    answer = sign_in("officer").post(FORM, data=filled(free()[0], phone=None, phone_owner="none"))
    assert answer.status_code == 303
    assert bookings()[0].phone_index is None
    assert "Tidak punya nomor HP" in sign_in("officer").get(answer.location).text


def test_a_free_place_of_the_day_leads_here_with_the_time_chosen(sign_in: Enter) -> None:
    open_today()
    slot = free()[2]
    page = sign_in("officer").page(CLINIC)
    links = [a.get("href") for a in page.all("a")]
    assert f"{FORM}?jam={slot.id}" in links
    form = sign_in("officer").page(f"{FORM}?jam={slot.id}")
    chosen = [o.get("value") for o in form.all("option") if o.get("selected") is not None]
    assert str(slot.id) in chosen


def test_who_serves_only_from_afar_is_not_offered(sign_in: Enter) -> None:
    expert = make_expert()
    put_on_duty(expert, TUESDAY)
    slots()
    assert "tidak ada jam yang kosong" in sign_in("officer").get(FORM).text


def test_tomorrow_cannot_be_had_here(sign_in: Enter, at: Callable[[str], None]) -> None:
    open_today()
    slot = free()[3]
    at("2026-11-23T09:00+07:00")
    answer = sign_in("officer").post(FORM, data=filled(slot))
    assert answer.status_code == 422
    assert bookings() == []


def test_it_counts_like_every_appointment(sign_in: Enter) -> None:
    open_today()
    sign_in("officer").post(FORM, data=filled(free()[0]))
    assert "tanpa janji" in sign_in("officer").get(CLINIC).text
    assert booking(bookings()[0].id).arrived_at is not None


@pytest.mark.parametrize("name", ["expert", "companion", "leader", "media"])
def test_others_cannot_take_walk_ins(sign_in: Enter, name: str) -> None:
    open_today()
    assert sign_in(name).post(FORM, data=filled(free()[0])).status_code == 403
    assert bookings() == []
