"""A walk-in noted where there is no signal: it arrives later, once, and lands where the office sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.clinic.models import Slot, Wish
from app.clinic.queries.today import FreeSlot, list_free_slots
from app.clinic.rules.booking import BookingStatus, Mode
from app.clinic.rules.timetable import Service
from app.clinic.slot_codes import slot_code
from app.core.access import Actor
from app.core.clock import now
from app.core.db import db
from app.core.office_key import public_key
from app.core.owner import owner_uid
from app.core.transaction import atomically
from app.registry.models import Consent, Submission
from app.registry.rules import Source, SubmissionKind
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.clinic import TUESDAY, asked, open_clinic, wib
from tests.factories.clinic_day import CLINIC, PHONE, SITI, STORED, appointment, bookings, change
from tests.factories.cooperatives import new_id, said
from tests.factories.sealing import JSON, SealedItem, seal_item
from tests.imports.bringing import still_signed_in

At = Callable[[str], None]
Enter = Callable[[str], CheckedClient]
FORM = f"{CLINIC}/tamu"
QUESTION = "Soal pembukuan warung"


@pytest.fixture(autouse=True)
def tuesday(app: Flask, at: At) -> None:
    """Ten past nine on the Tuesday, at a desk with one expert."""
    at("2026-11-24T09:10+07:00")
    open_clinic()


def half_past_nine() -> FreeSlot:
    """The half hour that the officer chooses."""
    free = list_free_slots(db.session(), TUESDAY, now=now(), mode=Mode.IN_PERSON)
    return next(slot for slot in free if slot.starts_at == wib(TUESDAY, "09.30"))


@pytest.fixture
def later(at: At) -> At:
    """The clock goes on; the officer is signed in again."""

    def moment(text: str) -> None:
        at(text)
        still_signed_in()

    return moment


@pytest.fixture
def item(cast: Cast) -> SealedItem:
    """What lies in the officer's phone, written at ten past nine."""
    answers: dict[str, Any] = {
        "slot": str(half_past_nine().id),
        "name": SITI,
        "phone": PHONE,
        "client_type": "koperasi",
        "topic": "keuangan",
        "description": QUESTION,
        "spoken_consent": "y",
        "uid": owner_uid(Actor(account_id=cast["officer"].account_id)),
    }
    return seal_item(public_key(), FORM, new_id(), answers)


def flush(browser: CheckedClient, item: SealedItem) -> Any:
    """As the outbox does: a fresh token first, then the form."""
    token = browser.get("/sesi/token", headers=JSON)
    fresh = {"X-CSRFToken": said(token)["csrf"]} if token.status_code == 200 else {}
    return browser.post(FORM, data=item.fields, headers={**item.proof, **fresh}, token=False)


def wishes() -> list[Wish]:
    """All of them, as they are now."""
    db.session.rollback()
    return list(db.session.scalars(select(Wish)))


def test_in_time_it_is_booked_once_and_they_are_there(sign_in: Enter, cast: Cast, item: SealedItem) -> None:
    officer = sign_in("officer")
    first, again = (flush(officer, item) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first)["no"] == said(again)["no"]
    (one,) = bookings()
    assert (one.status, one.walk_in, one.starts_at) == (BookingStatus.ARRIVED, True, wib(TUESDAY, "09.30"))
    assert said(first)["url"] == said(again)["url"] == f"{CLINIC}/janji/{one.id}"
    sent = db.session.scalars(select(Submission)).one()
    assert (sent.source, sent.entered_by, sent.came_sealed) == (
        Source.ASSISTED,
        cast["officer"].account_id,
        True,
    )


@pytest.mark.parametrize("moment", ["2026-11-24T13:00+07:00", "2026-11-27T08:00+07:00"])
def test_after_the_half_hour_it_counts_as_held_without_invented_times(
    sign_in: Enter, later: At, item: SealedItem, moment: str
) -> None:
    later(moment)
    officer = sign_in("officer")
    assert [flush(officer, item).status_code for _ in range(2)] == [201, 200]
    (one,) = bookings()
    assert (one.status, one.walk_in, one.starts_at) == (BookingStatus.DONE, True, wib(TUESDAY, "09.30"))
    assert (one.arrived_at, one.called_at, one.ended_at) == (None, None, None)
    page = officer.get(f"{CLINIC}/janji/{one.id}").text
    assert QUESTION in page
    assert "Hasil konsultasi" in page, "the expert is asked what came of it"
    assert "terlambat" not in officer.get(f"{CLINIC}?tanggal={TUESDAY}").text


@pytest.mark.parametrize("moment", ["2026-11-24T09:20+07:00", "2026-11-24T13:00+07:00"])
def test_given_to_somebody_else_meanwhile_it_waits_for_the_office(
    sign_in: Enter, later: At, item: SealedItem, moment: str
) -> None:
    appointment(wib(TUESDAY, "09.30"), "Pak Ujang", None, at_desk=True)
    later(moment)
    officer = sign_in("officer")
    first, again = (flush(officer, item) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(bookings()) == 1
    assert [(one.mode, one.weekdays, one.closed_at) for one in wishes()] == [(Mode.IN_PERSON, "", None)]
    assert said(first)["url"] == said(again)["url"] == f"{CLINIC}/permintaan/{said(first)['no']}"
    page = officer.get(said(first)["url"]).text
    for words in (SITI, QUESTION, "Orangnya datang tanpa janji", "Jam yang dipilih"):
        assert words in page
    assert "tanpa janji" in officer.get(f"{CLINIC}/permintaan").text
    assert "Permintaan jadwal (1)" in officer.get(CLINIC).text
    sent = db.session.scalars(select(Submission).where(Submission.kind == SubmissionKind.CLINIC_WISH)).one()
    consents = db.session.scalars(select(Consent.how).where(Consent.submission_id == sent.id)).all()
    assert consents == ["spoken"]


def test_who_still_stands_there_is_offered_what_begins_next(
    sign_in: Enter, later: At, item: SealedItem
) -> None:
    appointment(wib(TUESDAY, "09.30"), "Pak Ujang", None, at_desk=True)
    later("2026-11-24T09:45+07:00")
    officer = sign_in("officer")
    page = officer.page(said(flush(officer, item))["url"])
    offered = [str(one.get("value")) for one in page.all("input") if one.get("name") == "slot"]
    assert offered[0] == slot_code(Service.COOPERATIVE, wib(TUESDAY, "10.00")), "in a quarter of an hour"
    answer = officer.post(f"{CLINIC}/permintaan/{wish_number()}/jadwalkan", data={"slot": offered[0]})
    assert answer.status_code == 303
    assert [one.starts_at for one in bookings()][-1] == wib(TUESDAY, "10.00")


def wish_number() -> str:
    """Of the only wish."""
    kind = Submission.kind == SubmissionKind.CLINIC_WISH
    return db.session.scalars(select(Submission.receipt_number).where(kind)).one()


def test_a_half_hour_that_is_no_longer_in_the_timetable(sign_in: Enter, item: SealedItem) -> None:
    slot = half_past_nine().id
    atomically(lambda s: s.execute(delete(Slot).where(Slot.id == slot)))
    assert flush(sign_in("officer"), item).status_code == 201
    assert (len(bookings()), len(wishes())) == (0, 1)
    assert SITI in sign_in("officer").get(f"{CLINIC}/permintaan/{wish_number()}").text


def test_a_telephone_that_sits_elsewhere_at_that_time(sign_in: Enter, item: SealedItem) -> None:
    [other] = open_clinic()
    theirs = asked(expert_id=other)
    appointment(wib(TUESDAY, "09.30"), "Pak Ujang", STORED, at_desk=True, asked=theirs)
    assert flush(sign_in("officer"), item).status_code == 201
    assert (len(bookings()), len(wishes())) == (1, 1)


def test_days_later_what_lay_over_it_is_still_seen(sign_in: Enter, later: At, item: SealedItem) -> None:
    """Other hours begin at other minutes; the unique indexes know only the same ones."""
    one = appointment(wib(TUESDAY, "10.00"), "Pak Ujang", None, at_desk=True)
    quarter = timedelta(minutes=15)
    change(one, starts_at=wib(TUESDAY, "09.30") + quarter, ends_at=wib(TUESDAY, "10.00") + quarter)
    later("2026-11-27T08:00+07:00")
    assert flush(sign_in("officer"), item).status_code == 201
    assert (len(bookings()), len(wishes())) == (1, 1)


def test_another_officer_takes_nothing_of_it(sign_in: Enter, item: SealedItem) -> None:
    answer = flush(sign_in("dinas_officer"), item)
    assert (answer.status_code, said(answer)["error"]) == (401, "sign_in")
    assert (bookings(), wishes()) == ([], [])


def test_what_was_typed_wrong_goes_back_to_its_field(sign_in: Enter, cast: Cast) -> None:
    uid = owner_uid(Actor(account_id=cast["officer"].account_id))
    wrong = {"slot": str(half_past_nine().id), "name": SITI, "phone": PHONE, "topic": "keuangan", "uid": uid}
    answer = flush(sign_in("officer"), seal_item(public_key(), FORM, new_id(), wrong))
    assert answer.status_code == 422
    assert set(said(answer)["errors"]) == {"client_type", "spoken_consent"}
    assert said(answer)["values"]["name"] == [SITI]
    assert (bookings(), wishes()) == ([], [])


def test_a_day_to_come_cannot_be_had_by_the_outbox_either(
    sign_in: Enter, later: At, item: SealedItem
) -> None:
    later("2026-11-23T09:00+07:00")
    answer = flush(sign_in("officer"), item)
    assert (answer.status_code, list(said(answer)["errors"])) == (422, ["slot"])
    assert (bookings(), wishes()) == ([], [])


def test_the_form_is_kept_for_its_officer(sign_in: Enter, cast: Cast) -> None:
    page = sign_in("officer").get(FORM).text
    uid = owner_uid(Actor(account_id=cast["officer"].account_id))
    assert 'data-outbox="Tamu klinik tanpa janji"' in page
    assert f'name="uid" value="{uid}"' in page
    assert f'data-owner="{uid}"' in page
