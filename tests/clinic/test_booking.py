"""Booking, holding, moving, cancelling: one half hour for one, and the loser is led on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clinic.models import Booking, ClosedTime, ExpertTopic, OpeningHours, Slot
from app.clinic.queries.free import list_free_times
from app.clinic.rules.booking import BookingStatus, Mode, Topic
from app.clinic.rules.timetable import Service
from app.clinic.services.cancelling import cancel
from app.clinic.services.holding import hold
from app.clinic.services.moving import move
from app.clinic.services.status import change_status
from app.clinic.services.taking import SlotTaken
from app.core.access import ANONYMOUS
from app.core.clock import now
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from app.registry.models import Submission
from app.registry.queries.submissions import Received
from tests.databases import TEST_DATABASE
from tests.factories.clinic import (
    OFFICE,
    TUESDAY,
    asked,
    booked,
    booking_of,
    incoming,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)

WEDNESDAY = TUESDAY + timedelta(days=1)
NINE, HALF_PAST = wib(TUESDAY, "09.00"), wib(TUESDAY, "09.30")
PHONE = "6281299997531"


def free(day: date = TUESDAY, **values: object) -> dict[str, int]:
    db.session.rollback()
    found = list_free_times(db.session(), asked(**values), day, now=now())
    return {f"{time.starts_at.astimezone(NINE.tzinfo):%H.%M}": time.free for time in found}


def test_slots_are_made_once(app: Flask) -> None:
    expert = make_expert()
    put_on_duty(expert, TUESDAY)
    assert slots().added == 6
    assert slots().added == 0


def test_a_booked_time_is_gone(app: Flask) -> None:
    open_clinic()
    booked(NINE)
    assert "09.00" not in free()
    with pytest.raises(SlotTaken):
        booked(NINE)


def test_the_loser_is_told_the_three_nearest_times_and_nothing_of_theirs_is_kept(app: Flask) -> None:
    open_clinic()
    booked(HALF_PAST)
    sent = incoming()
    with pytest.raises(SlotTaken) as taken:
        booked(HALF_PAST, submission=sent)
    assert [f"{time.starts_at.astimezone(NINE.tzinfo):%H.%M}" for time in taken.value.alternatives] == [
        "09.00",
        "10.00",
        "10.30",
    ]
    assert db.session().get(Submission, sent.submission_id) is None
    assert booked(NINE, submission=sent).replay is False


def test_the_same_submission_again_is_the_same_booking(app: Flask) -> None:
    open_clinic()
    sent = incoming()
    first, second = booked(NINE, submission=sent), booked(NINE, submission=sent)
    assert (second.receipt_number, second.replay) == (first.receipt_number, True)
    assert db.session().scalars(select(Booking.id)).all() == [booking_of(first).id]


def test_whoever_has_least_to_do_is_chosen(app: Flask) -> None:
    open_clinic(experts=2)
    first = booking_of(booked(NINE)).expert_id
    second = booking_of(booked(HALF_PAST)).expert_id
    assert first != second


def test_who_knows_the_topic_comes_first_then_who_knows_of_everything(app: Flask) -> None:
    other, all_round, knows = open_clinic(experts=3)
    rows = [{"expert_id": other, "topic": Topic.LEGAL}, {"expert_id": knows, "topic": Topic.FINANCE}]
    atomically(lambda s: s.execute(insert(ExpertTopic), rows))
    about_money = asked(topic=Topic.FINANCE)
    order = [booking_of(booked(NINE, asked=about_money)).expert_id for _ in range(3)]
    assert order == [knows, all_round, other]


def test_from_afar_no_desk_is_taken_and_without_one_nobody_is_asked_to_come(app: Flask) -> None:
    put_on_duty(make_expert(), TUESDAY)
    slots()
    assert free() == {}
    assert len(free(mode=Mode.ONLINE)) == 6
    assert booking_of(booked(NINE, asked=asked(mode=Mode.ONLINE))).desk_id is None


def test_one_telephone_is_in_one_place_at_a_time(app: Flask) -> None:
    open_clinic(experts=2)
    booked(NINE, phone=PHONE)
    with pytest.raises(RuleBroken) as broken:
        booked(NINE, phone=PHONE, another=True)
    assert broken.value.field == "phone"


def test_a_second_booking_of_a_telephone_has_to_be_meant(app: Flask) -> None:
    open_clinic()
    booked(NINE, phone=PHONE)
    with pytest.raises(RuleBroken) as broken:
        booked(HALF_PAST, phone=PHONE)
    assert broken.value.field == "phone"
    assert booked(HALF_PAST, phone=PHONE, another=True).replay is False


def held_by(asker: str) -> None:
    atomically(lambda s: hold(s, asked(hold=asker), NINE))


def test_a_held_time_is_free_for_its_holder_only(app: Flask, at: Callable[[str], None]) -> None:
    open_clinic()
    held_by("ani")
    assert "09.00" not in free()
    assert "09.00" in free(hold="ani")
    with pytest.raises(SlotTaken):
        held_by("budi")
    at("2026-11-23T09:06+07:00")
    assert "09.00" in free()


def test_whoever_holds_another_time_lets_the_first_go(app: Flask) -> None:
    open_clinic()
    held_by("ani")
    atomically(lambda s: hold(s, asked(hold="ani"), HALF_PAST))
    assert "09.00" in free()


def cancelled(received: Received, **how: bool) -> None:
    identity = booking_of(received).id
    atomically(lambda s: cancel(s, identity, actor=ANONYMOUS, **how))


def test_two_hours_before_it_is_too_late_for_the_client(app: Flask, at: Callable[[str], None]) -> None:
    open_clinic()
    received = booked(NINE)
    at("2026-11-24T07:01+07:00")
    with pytest.raises(RuleBroken):
        cancelled(received)
    cancelled(received, by_office=True)
    assert booking_of(received).status is BookingStatus.CANCELLED_BY_OFFICE


def test_a_move_keeps_the_old_time_where_the_new_one_is_taken(app: Flask) -> None:
    open_clinic()
    mine = booked(NINE)
    booked(HALF_PAST)
    identity = booking_of(mine).id
    with pytest.raises(SlotTaken):
        atomically(lambda s: move(s, identity, asked(), HALF_PAST, actor=ANONYMOUS))
    assert booking_of(mine).starts_at == NINE
    atomically(lambda s: move(s, identity, asked(), wib(TUESDAY, "10.00"), actor=ANONYMOUS))
    assert booking_of(mine).starts_at == wib(TUESDAY, "10.00")
    assert booking_of(mine).sequence == 1


def test_nobody_is_absent_before_ten_minutes_are_over(app: Flask, at: Callable[[str], None]) -> None:
    open_clinic()
    identity = booking_of(booked(NINE)).id

    def absent() -> None:
        atomically(lambda s: change_status(s, identity, BookingStatus.NO_SHOW, actor=OFFICE))

    at("2026-11-24T09:09+07:00")
    with pytest.raises(RuleBroken):
        absent()
    at("2026-11-24T09:10+07:00")
    absent()


def close(expert_id: int) -> None:
    row = {"first_day": TUESDAY, "last_day": TUESDAY, "expert_id": expert_id, "reason": "sakit"}
    atomically(lambda s: s.execute(insert(ClosedTime), row))


def test_an_absence_loses_no_booking(app: Flask) -> None:
    (expert,) = open_clinic()
    received = booked(NINE)
    close(expert)
    made = slots()
    assert (made.removed, made.to_move) == (6, 1)
    assert booking_of(received).must_move
    assert free() == {}


def test_an_absence_taken_back_takes_its_bookings_back(app: Flask) -> None:
    (expert,) = open_clinic()
    received = booked(NINE)
    close(expert)
    slots()
    atomically(lambda s: s.execute(delete(ClosedTime)))
    assert slots().to_move == 0
    assert not booking_of(received).must_move
    assert len(free()) == 5


@pytest.mark.parametrize("shared", ["expert_id", "desk_id", "phone_index"])
def test_the_database_itself_refuses_two_at_once_of(app: Flask, shared: str) -> None:
    """Each index alone: the two differ in all but the one thing."""
    open_clinic(experts=2)
    first, other = booking_of(booked(NINE, phone=PHONE)), booking_of(booked(HALF_PAST))
    apart = {"expert_id": other.expert_id, "desk_id": other.desk_id, "phone_index": None}
    assert (first.expert_id, first.desk_id) != (other.expert_id, other.desk_id)
    values = {**apart, shared: getattr(first, shared), "starts_at": NINE, "ends_at": HALF_PAST}

    def double(session: Session) -> None:
        session.execute(update(Booking).where(Booking.id == other.id).values(**values))

    with pytest.raises(IntegrityError, match=shared):
        atomically(double)
    atomically(
        lambda s: s.execute(update(Booking).where(Booking.id == other.id).values(**{**values, **apart}))
    )


def special_hours(starts: str) -> None:
    row = {
        "service": Service.COOPERATIVE,
        "weekday": 1,
        "starts": wib(TUESDAY, starts).time(),
        "ends": time(11),
    }
    row |= {"valid_from": TUESDAY, "valid_until": TUESDAY, "special": True}
    atomically(lambda s: s.execute(insert(OpeningHours), row))


def test_hours_that_begin_at_other_minutes_do_not_overlap_a_booking(app: Flask) -> None:
    open_clinic()
    received = booked(HALF_PAST)
    special_hours("08.45")
    assert slots().to_move == 1
    assert list(free()) == ["08.45", "10.15"]
    cancelled(received, by_office=True)
    assert list(free()) == ["08.45", "09.15", "09.45", "10.15"]


@pytest.mark.skipif(TEST_DATABASE != "postgresql", reason="SQLite has no exclusion constraints")
def test_postgresql_itself_refuses_a_booking_that_overlaps_another(app: Flask) -> None:
    open_clinic()
    first, second = booking_of(booked(NINE)).id, booking_of(booked(HALF_PAST)).id

    def overlap(session: Session) -> None:
        quarter = timedelta(minutes=15)
        values = {"starts_at": NINE + quarter, "ends_at": HALF_PAST + quarter}
        session.execute(update(Booking).where(Booking.id == second).values(**values))

    with pytest.raises(IntegrityError, match="ex_clinic_booking"):
        atomically(overlap)
    assert first != second


def test_a_slot_that_was_ever_booked_only_closes(app: Flask) -> None:
    (expert,) = open_clinic()
    cancelled(booked(NINE))
    close(expert)
    slots()
    assert db.session().scalars(select(Slot.starts_at)).all() == [NINE]


def test_a_time_that_begins_now_is_neither_held_nor_moved_to(app: Flask, at: Callable[[str], None]) -> None:
    open_clinic()
    identity = booking_of(booked(wib(TUESDAY, "11.30"))).id
    at("2026-11-24T08:45+07:00")
    with pytest.raises(SlotTaken):
        atomically(lambda s: hold(s, asked(hold="a" * 36), NINE))
    with pytest.raises(SlotTaken):
        atomically(lambda s: move(s, identity, asked(), NINE, actor=ANONYMOUS))
    atomically(lambda s: move(s, identity, asked(), NINE, actor=OFFICE, by_office=True))


def test_beyond_the_weeks_only_the_office_books_and_moves(app: Flask) -> None:
    last, beyond = TUESDAY + timedelta(days=27), TUESDAY + timedelta(days=28)
    open_clinic(experts=2, days=(TUESDAY, last, beyond))
    identity = booking_of(booked(NINE)).id
    far = wib(beyond, "09.00")
    for deed in (
        lambda s: hold(s, asked(hold="a" * 36), far),
        lambda s: move(s, identity, asked(), far, actor=ANONYMOUS),
    ):
        with pytest.raises(RuleBroken) as refused:
            atomically(deed)
        assert refused.value.field == "slot"
    with pytest.raises(RuleBroken):
        booked(far)
    booked(wib(last, "09.00"))
    booked(far, at_desk=True)
    atomically(lambda s: move(s, identity, asked(), far, actor=OFFICE, by_office=True))


def test_the_loser_is_not_led_beyond_the_weeks(app: Flask) -> None:
    last, beyond = TUESDAY + timedelta(days=27), TUESDAY + timedelta(days=28)
    open_clinic(days=(last, beyond))
    times = [time.starts_at for time in list_free_times(db.session(), asked(), last, now=now())]
    for at in times:
        booked(at)
    with pytest.raises(SlotTaken) as taken:
        booked(times[-1])
    assert taken.value.alternatives == []
    with pytest.raises(SlotTaken) as at_desk:
        booked(wib(beyond, "12.00"), at_desk=True)
    assert len(at_desk.value.alternatives) == 3


# --- half hours of today ----------------------------------------------------------------------------------------------


def test_what_is_over_today_stays_as_it_was(app: Flask, at: Callable[[str], None]) -> None:
    (expert,) = open_clinic()
    at("2026-11-24T10:10+07:00")
    close(expert)
    assert slots().removed == 4, "10.00 runs still"
    kept = db.session.scalars(select(Slot.starts_at).order_by(Slot.starts_at)).all()
    assert kept == [NINE, HALF_PAST], "they were offered, and count"


def test_half_hours_that_are_over_are_not_made(app: Flask, at: Callable[[str], None]) -> None:
    expert = make_expert()
    put_on_duty(expert, TUESDAY)
    at("2026-11-24T10:10+07:00")
    assert slots().added == 4
