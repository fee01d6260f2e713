"""Two years after the session name, telephone, question and the expert's words are gone; the numbers stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app.clinic.keeping import forget_old
from app.clinic.models import Booking, Feedback, SessionNote
from app.clinic.queries.advising import note_of
from app.clinic.queries.bookings import has_come_before
from app.clinic.queries.people import people_of
from app.clinic.rules.booking import BookingStatus, Outcome
from app.clinic.services.advising import Written, write_note
from app.clinic.services.status import change_status
from app.core.access import Actor, Role
from app.core.audit import History
from app.core.crypt import phone_index
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.queries.submissions import Received, content_of
from app.staff.chores import run_chores
from tests.checked_client import CheckedClient
from tests.factories.accounts import make_account
from tests.factories.clinic import OFFICE, TUESDAY, booked, booking_of, incoming, open_clinic, wib

At = Callable[[str], None]
PHONE = "6281299997531"
LAST_DAY, A_DAY_LATER = "2028-11-22T10:00+07:00", "2028-11-24T10:00+07:00"


@pytest.fixture
def session_held(app: Flask, at: At) -> Received:
    """Ibu Wati was there on Tuesday at nine, and the expert wrote something down."""
    open_clinic()
    pairs = [("name", "Ibu Wati"), ("phone", "0812-9999-7531"), ("description", "Utang suami saya")]
    made = booked(
        wib(TUESDAY, "09.00"), submission=replace(incoming(), pairs=pairs, phone=PHONE), phone=PHONE
    )
    at("2026-11-24T09:20+07:00")
    identity, expert = (
        booking_of(made).id,
        Actor(account_id=make_account(Role.EXPERT).account_id, name="Narasumber"),
    )
    for status in (BookingStatus.IN_SESSION, BookingStatus.DONE):
        atomically(partial(change_status, booking_id=identity, new=status, actor=OFFICE))
    words = Written("Suaminya berutang ke tetangga", Outcome.REFERRED, None)
    atomically(lambda s: write_note(s, identity, words, actor=expert))
    return made


def test_until_then_everything_is_there(session_held: Received, at: At) -> None:
    at(LAST_DAY)
    assert forget_old() == 0
    assert (
        people_of(db.session(), [session_held.submission_id])[session_held.submission_id].name == "Ibu Wati"
    )


def test_afterwards_the_person_is_gone_and_the_session_is_counted_on(session_held: Received, at: At) -> None:
    at(A_DAY_LATER)
    assert forget_old() == 1
    db.session.rollback()
    assert content_of(db.session(), session_held.submission_id) == []
    sent = db.session().get_one(Submission, session_held.submission_id)
    assert (sent.phone_index, sent.fingerprint, sent.note) == (None, "", "")
    booking = booking_of(session_held)
    assert (booking.status, booking.phone_index) == (BookingStatus.DONE, None)
    assert not has_come_before(db.session(), phone_index(PHONE))
    note = note_of(db.session(), booking.id)
    assert note is not None
    assert (note.text, note.outcome) == ("", Outcome.REFERRED)
    line = db.session.scalars(select(History).where(History.deed == "clinic.forgotten")).one()
    assert line.after == {"submissions": 1}
    assert forget_old() == 0, "once"


def test_the_link_of_a_forgotten_appointment_still_opens(
    client: CheckedClient, session_held: Received, at: At
) -> None:
    at(A_DAY_LATER)
    forget_old()
    assert client.get(f"/klinik/pesanan/{session_held.token}").status_code == 200


def test_words_of_a_sheet_and_of_a_wish_go_too_and_scores_stay(client: CheckedClient, at: At) -> None:
    client.post("/klinik/penilaian", data={"score_2": "3", "comment": "Pak RT berisik."})
    wish = {"topic": "keuangan", "client_type": "koperasi", "name": "Ibu Neng", "phone": "081299997531"}
    assert client.post("/klinik/minta-jadwal", data={**wish, "days": "1"}).status_code == 303
    at("2028-11-22T10:00+07:00")
    assert forget_old() == 2
    db.session.rollback()
    for identity in db.session.scalars(select(Submission.id)):
        assert content_of(db.session(), identity) == []
    assert db.session.scalars(select(Feedback.score_2)).one() == 3


def test_an_appointment_booked_long_before_is_kept_from_its_session_on(app: Flask, at: At) -> None:
    four_weeks_later = TUESDAY + timedelta(weeks=4)
    open_clinic(days=[four_weeks_later])
    booked(wib(four_weeks_later, "09.00"), at_desk=True)
    at("2028-12-01T09:00+07:00")
    assert forget_old() == 0, "asked for on 23 November, held on 22 December"
    at("2028-12-22T10:00+07:00")
    assert forget_old() == 1


def test_it_is_a_daily_chore_and_a_command_that_counts_first(
    app: Flask, session_held: Received, at: At
) -> None:
    at(A_DAY_LATER)
    run = app.test_cli_runner().invoke
    assert "1 kiriman" in run(args=["clinic", "forget", "--dry-run"]).output
    assert run_chores()["old appointments"] == 1
    assert "0 kiriman" in run(args=["clinic", "forget"]).output
    db.session.rollback()
    assert db.session.scalars(select(Booking.phone_index)).one() is None
    assert db.session.scalars(select(SessionNote.outcome)).one() is Outcome.REFERRED
