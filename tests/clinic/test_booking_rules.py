"""The life of a booking: truth tables, and each limit at its very edge."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.clinic.rules.booking import (
    ALLOWED,
    KEEPS_SLOT,
    BookingStatus,
    ClientType,
    Topic,
    check_change,
    check_move,
    check_no_show,
    may_arrive,
    may_change,
    service_for,
)
from app.clinic.rules.timetable import Service
from app.core.clock import WIB
from app.core.errors import RuleBroken

NINE = datetime(2026, 11, 24, 9, tzinfo=WIB)
BLINK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("before", "may"),
    [(timedelta(days=1), True), (timedelta(hours=2), True), (timedelta(hours=2) - BLINK, False)],
)
def test_until_two_hours_before_that_instant_included(before: timedelta, may: bool) -> None:
    assert may_change(NINE, NINE - before) is may
    if may:
        check_change(BookingStatus.BOOKED, NINE, NINE - before)
    else:
        with pytest.raises(RuleBroken, match="closed"):
            check_change(BookingStatus.BOOKED, NINE, NINE - before)


@pytest.mark.parametrize("status", sorted(set(BookingStatus) - {BookingStatus.BOOKED}))
def test_only_what_waits_is_changed_by_its_client(status: BookingStatus) -> None:
    with pytest.raises(RuleBroken, match="closed"):
        check_change(status, NINE, NINE - timedelta(days=1))


def test_ten_minutes_are_waited_to_the_end() -> None:
    with pytest.raises(RuleBroken, match="closed"):
        check_no_show(NINE, NINE + timedelta(minutes=10) - BLINK)
    check_no_show(NINE, NINE + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 11, 23, 23, 59, tzinfo=WIB), False),
        (datetime(2026, 11, 24, 0, 0, tzinfo=WIB), False),
        (datetime(2026, 11, 24, 7, 0, tzinfo=WIB), False),
        (datetime(2026, 11, 24, 7, 0, 1, tzinfo=WIB), True),
        (datetime(2026, 11, 24, 23, 59, tzinfo=WIB), True),
        (datetime(2026, 11, 25, 0, 0, tzinfo=WIB), False),
    ],
)
def test_who_is_at_home_is_not_here_and_the_day_is_that_of_bogor(moment: datetime, may: bool) -> None:
    assert may_arrive(BookingStatus.BOOKED, NINE, moment) is may
    assert not may_arrive(BookingStatus.DONE, NINE, moment)


def test_who_was_not_there_or_cancelled_stays_so() -> None:
    ends = set(BookingStatus) - KEEPS_SLOT
    for old in ends:
        for new in BookingStatus:
            with pytest.raises(RuleBroken, match="closed"):
                check_move(old, new)
    for old, new in ALLOWED:
        check_move(old, new)


@pytest.mark.parametrize("topic", list(Topic))
def test_who_founds_something_is_the_mornings_and_the_rest_of_the_public_the_afternoons(topic: Topic) -> None:
    morning = topic is Topic.FOUNDING
    assert service_for(ClientType.COOPERATIVE, topic) is Service.COOPERATIVE
    assert service_for(ClientType.BUSINESS, topic) is Service.BUSINESS
    assert service_for(ClientType.PUBLIC, topic) is (Service.COOPERATIVE if morning else Service.BUSINESS)
