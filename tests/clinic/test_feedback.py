"""The survey sheet: by link or at the door, exactly once, one per appointment, and nobody learns whose it is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clinic.models import Feedback
from app.clinic.queries.survey import comments_before, sheets_between
from app.clinic.rules.booking import BookingStatus
from app.clinic.services.cancelling import cancel
from app.clinic.services.feedback import give_feedback
from app.clinic.services.status import change_status
from app.core.audit import History
from app.core.clock import today
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import Received
from tests.checked_client import CheckedClient
from tests.factories.clinic import OFFICE, TUESDAY, booked, booking_of, incoming, open_clinic, wib
from tests.statement_watch import statements_sent

DOOR = "/klinik/penilaian"
AFTERWARDS = "2026-11-24T10:00+07:00"


@pytest.fixture
def visit(app: Flask, at: Callable[[str], None]) -> Received:
    """A session that took place on Tuesday at nine; it is ten now."""
    open_clinic()
    made = booked(wib(TUESDAY, "09.00"), phone="6281299997531")
    at(AFTERWARDS)
    for status in (BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE):
        turn(made, status)
    return made


def turn(made: Received, status: BookingStatus) -> None:
    booking = booking_of(made).id
    atomically(lambda s: change_status(s, booking, status, actor=OFFICE))


def sheet(**more: object) -> dict[str, object]:
    return {"submission_id": str(uuid.uuid4()), "score_2": "3", "score_5": "4", "score_7": "4", **more}


def kept() -> list[Feedback]:
    db.session.rollback()
    return list(db.session.scalars(select(Feedback).order_by(Feedback.given_at)))


def test_a_sheet_by_the_link_of_the_appointment(client: CheckedClient, visit: Received) -> None:
    sent = client.post(f"{DOOR}/{visit.token}", data=sheet(comment="Ruangannya terlalu ramai."))
    assert sent.status_code == 303
    receipt = client.get(sent.location).get_data(as_text=True)
    assert "Terima kasih" in receipt
    assert "Kami usahakan selesai" not in receipt, "nothing is decided about a sheet"
    (row,) = kept()
    assert (row.booking_id, row.score_1, row.score_2, row.score_5, row.score_7) == (
        booking_of(visit).id,
        None,
        3,
        4,
        4,
    )


def test_the_same_sheet_again_is_one_sheet(client: CheckedClient, visit: Received) -> None:
    once = sheet()
    first = client.post(f"{DOOR}/{visit.token}", data=once, headers={"Accept": "application/json"})
    again = client.post(f"{DOOR}/{visit.token}", data=once, headers={"Accept": "application/json"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json is not None
    assert again.json is not None
    assert again.json["replay"] is True
    assert first.json["no"] == again.json["no"]
    assert len(kept()) == 1


def test_two_sends_at_once_are_one_sheet(visit: Received) -> None:
    sent, booking = incoming(), booking_of(visit).id
    first, second = (
        atomically(lambda s: give_feedback(s, incoming=sent, scores={2: 4}, booking_id=booking))
        for _ in range(2)
    )
    assert (first.replay, second.replay) == (False, True)
    assert first.receipt_number == second.receipt_number
    assert len(kept()) == 1


def test_a_second_sheet_of_one_appointment_is_refused_in_words(
    client: CheckedClient, visit: Received
) -> None:
    client.post(f"{DOOR}/{visit.token}", data=sheet())
    second = client.post(f"{DOOR}/{visit.token}", data=sheet())
    assert second.status_code == 409
    assert "sudah dinilai" in second.get_data(as_text=True)
    assert len(kept()) == 1
    assert "sudah dinilai" in client.get(f"{DOOR}/{visit.token}").get_data(as_text=True)


def test_the_database_itself_refuses_a_second_sheet(
    client: CheckedClient, visit: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{DOOR}/{visit.token}", data=sheet())
    monkeypatch.setattr("app.clinic.services.feedback._check", lambda *_: None)  # two phones at once see none
    assert client.post(f"{DOOR}/{visit.token}", data=sheet()).status_code == 409
    assert len(kept()) == 1


def test_at_the_door_everybody_gives_a_sheet_of_their_own(client: CheckedClient) -> None:
    for _ in range(3):
        assert client.post(DOOR, data=sheet()).status_code == 303
    assert [row.booking_id for row in kept()] == [None, None, None]


def test_all_nine_may_be_answered_and_none_must(client: CheckedClient) -> None:
    nine = {f"score_{element}": str(1 + element % 4) for element in range(1, 10)}
    assert client.post(DOOR, data={"submission_id": str(uuid.uuid4()), **nine}).status_code == 303
    (row,) = kept()
    assert [getattr(row, name) for name in nine] == [int(score) for score in nine.values()]
    one = client.post(DOOR, data={"submission_id": str(uuid.uuid4()), "score_9": "1"})
    assert one.status_code == 303
    words_alone = client.post(DOOR, data={"submission_id": str(uuid.uuid4()), "comment": "Bagus"})
    assert words_alone.status_code == 303


def test_an_empty_sheet_gets_a_sentence_at_the_first_question(client: CheckedClient) -> None:
    answer = client.post(DOOR, data={"submission_id": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert 'id="score_2-error"' in answer.get_data(as_text=True)
    assert kept() == []


@pytest.mark.parametrize("score", ["0", "5", "4.5", "-1", "baik", "4 "])
def test_a_score_is_one_of_four(client: CheckedClient, score: str) -> None:
    answer = client.post(DOOR, data=sheet(score_8=score), headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["errors"]) == ["score_8"]


def test_a_wrong_answer_among_the_folded_ones_is_not_hidden(client: CheckedClient) -> None:
    page = client.post(DOOR, data=sheet(score_8="9")).get_data(as_text=True)
    assert re.search(r"<details[^>]* open>", page)
    assert not re.search(r"<details[^>]* open>", client.get(DOOR).get_data(as_text=True))


def test_before_the_session_and_after_a_cancellation_there_is_nothing_to_rate(
    client: CheckedClient, app: Flask, at: Callable[[str], None]
) -> None:
    open_clinic()
    made = booked(wib(TUESDAY, "09.00"))
    assert "Penilaian dibuka setelah" in client.get(f"{DOOR}/{made.token}").get_data(as_text=True)
    assert client.post(f"{DOOR}/{made.token}", data=sheet()).status_code == 409
    booking = booking_of(made).id
    atomically(lambda s: cancel(s, booking, actor=OFFICE, by_office=True))
    at(AFTERWARDS)
    assert client.post(f"{DOOR}/{made.token}", data=sheet()).status_code == 409
    assert kept() == []


def test_a_link_that_is_not_ours_leads_nowhere(client: CheckedClient, visit: Received) -> None:
    forged = visit.token[:-3] + ("AAA" if not visit.token.endswith("AAA") else "BBB")
    assert client.get(f"{DOOR}/{forged}").status_code == 404
    assert client.post(f"{DOOR}/{forged}", data=sheet()).status_code == 404
    own = client.post(f"{DOOR}/{visit.token}", data=sheet())
    of_the_sheet = own.location.split("?")[0].rsplit("/", 1)[1]
    assert client.get(f"{DOOR}/{of_the_sheet}").status_code == 404, "a sheet is no appointment"


def test_history_says_that_a_sheet_came_and_not_of_which_appointment(
    client: CheckedClient, visit: Received
) -> None:
    client.post(f"{DOOR}/{visit.token}", data=sheet())
    db.session.rollback()
    lines = db.session.execute(
        select(History.subject, History.after).where(History.deed == "clinic.feedback_given")
    ).all()
    assert [(line.subject, line.after) for line in lines] == [
        ("klinik:penilaian", {"answers": 3, "by_link": True})
    ]


def comments_seen_on(monday: date) -> list[tuple[date, date, tuple[str, ...]]]:
    db.session.rollback()
    found = comments_before(db.session(), monday, MONDAY)
    return [(part.first_day, part.last_day, part.comments) for part in found]


MONDAY = TUESDAY.replace(day=23)
NEXT, NEXT_BUT_ONE = MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2)


def others(client: CheckedClient, number: int) -> None:
    for _ in range(number):
        client.post(DOOR, data=sheet())


def test_comments_appear_when_their_week_is_over_without_a_day(
    client: CheckedClient, visit: Received, at: Callable[[str], None]
) -> None:
    client.post(f"{DOOR}/{visit.token}", data=sheet(comment="Ruangannya terlalu ramai."))
    others(client, 4)
    assert comments_seen_on(MONDAY) == []
    assert comments_seen_on(NEXT) == [(MONDAY, NEXT - timedelta(days=1), ("Ruangannya terlalu ramai.",))]


def test_the_comment_of_a_week_with_few_sheets_waits_for_company(
    client: CheckedClient, visit: Received, at: Callable[[str], None]
) -> None:
    client.post(f"{DOOR}/{visit.token}", data=sheet(comment="Ruangannya terlalu ramai."))
    others(client, 3)
    assert comments_seen_on(NEXT) == [], "four sheets: one of four is easily guessed"
    at("2026-12-01T09:00+07:00")
    client.post(DOOR, data=sheet(comment="Airnya habis."))
    both = ("Airnya habis.", "Ruangannya terlalu ramai.")
    assert comments_seen_on(NEXT_BUT_ONE) == [(MONDAY, NEXT_BUT_ONE - timedelta(days=1), both)]
    later = comments_before(db.session(), NEXT_BUT_ONE, NEXT)
    assert [part.comments for part in later] == [both], "the same part, whatever days are looked at"


def test_what_a_machine_filled_is_no_company(client: CheckedClient) -> None:
    for trap in ("", "", "", "", "https://beli.example"):
        client.post(DOOR, data=sheet(comment="Lumayan.", website=trap))
    assert comments_seen_on(NEXT) == []


def test_numbers_in_a_comment_are_covered(client: CheckedClient) -> None:
    others(client, 4)
    client.post(DOOR, data=sheet(comment="Telepon saya di 0812-9999-7531, ya."))
    ((_, _, (comment,)),) = comments_seen_on(NEXT)
    assert "9999" not in comment
    assert comment.startswith("Telepon saya di 0812")


def test_many_comments_are_one_reading(client: CheckedClient) -> None:
    for number in range(8):
        client.post(DOOR, data=sheet(comment=f"Pesan {number}."))
    db.session.rollback()
    with statements_sent() as seen:
        comments_before(db.session(), NEXT, MONDAY)
    assert len([words for words in seen if words.startswith("SELECT")]) == 2, seen


def test_sheets_that_a_machine_filled_are_kept_and_not_counted(client: CheckedClient) -> None:
    client.post(DOOR, data=sheet())
    client.post(DOOR, data=sheet(website="https://beli.example"))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Feedback)) == 2
    found = sheets_between(db.session(), today(), today())
    assert (len(found.sheets), found.automatic) == (1, 1)
    assert found.sheets[0] == {2: 3, 5: 4, 7: 4}


def test_the_page_opens_in_every_language_and_is_kept_on_the_phone(client: CheckedClient) -> None:
    for language in ("id", "su", "en"):
        answer = client.get(f"{DOOR}?bahasa={language}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert 'data-outbox="' in answer.get_data(as_text=True)
