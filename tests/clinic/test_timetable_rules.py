"""Opening hours, closures and the slots that follow from them: truth tables."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.clinic.rules.timetable import (
    Closure,
    Duty,
    Hours,
    Service,
    Timetable,
    ordinary_hours,
    planned_slots,
    times_of,
)
from app.core.clock import in_wib

NEW_YEAR = date(2026, 1, 1)
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
HOURS = ordinary_hours(NEW_YEAR)


def clocks(day: date, service: Service, hours: tuple[Hours, ...] = HOURS) -> list[str]:
    return [f"{start:%H.%M}" for start in times_of(day, service, hours)]


def planned(
    *duties: Duty, hours: tuple[Hours, ...] = HOURS, **more: object
) -> list[tuple[str, int, int | None]]:
    table = Timetable(hours, duties, **more)  # type: ignore[arg-type]
    return [
        (f"{in_wib(slot.starts_at):%H.%M}", slot.expert_id, slot.desk_id)
        for slot in planned_slots(table, MONDAY, FRIDAY)
    ]


def test_six_half_hours_for_cooperatives_in_the_morning_and_six_for_businesses_after_noon() -> None:
    assert clocks(MONDAY, Service.COOPERATIVE) == ["09.00", "09.30", "10.00", "10.30", "11.00", "11.30"]
    assert clocks(MONDAY, Service.BUSINESS) == ["13.00", "13.30", "14.00", "14.30", "15.00", "15.30"]


def test_friday_ends_before_the_prayer() -> None:
    assert clocks(FRIDAY, Service.COOPERATIVE)[-1] == "11.00"
    assert clocks(FRIDAY, Service.BUSINESS)[0] == "13.00"


def test_nobody_is_there_on_saturday() -> None:
    assert clocks(SATURDAY, Service.COOPERATIVE) == []


def test_special_hours_stand_in_place_of_the_ordinary_ones() -> None:
    ramadan = Hours(Service.COOPERATIVE, 0, time(8, 15), time(10), MONDAY, MONDAY, special=True)
    assert clocks(MONDAY, Service.COOPERATIVE, (*HOURS, ramadan)) == ["08.15", "08.45", "09.15"]
    assert len(clocks(MONDAY + timedelta(days=7), Service.COOPERATIVE, (*HOURS, ramadan))) == 6


def test_hours_hold_from_their_first_to_their_last_day() -> None:
    hours = Hours(Service.COOPERATIVE, 0, time(9), time(10), MONDAY, MONDAY)
    found = [len(times_of(MONDAY + timedelta(weeks=n), Service.COOPERATIVE, [hours])) for n in (-1, 0, 1)]
    assert found == [0, 2, 0]


def test_a_day_off_has_no_slots() -> None:
    duty = Duty(MONDAY, Service.COOPERATIVE, 1, 1)
    assert planned(duty) != []
    assert planned(duty, days_off={MONDAY}) == []


@pytest.mark.parametrize(
    ("closure", "left"),
    [
        (Closure(MONDAY, MONDAY), 0),
        (Closure(FRIDAY, FRIDAY), 6),
        (Closure(MONDAY, MONDAY, ends=time(10)), 4),
        (Closure(MONDAY, MONDAY, starts=time(9, 45), ends=time(10, 15)), 4),
        (Closure(MONDAY, MONDAY, expert_id=1), 0),
        (Closure(MONDAY, MONDAY, expert_id=2), 6),
        (Closure(MONDAY, MONDAY, desk_id=7), 0),
        (Closure(MONDAY, MONDAY, desk_id=8), 6),
    ],
)
def test_a_closure_takes_what_it_names(closure: Closure, left: int) -> None:
    assert len(planned(Duty(MONDAY, Service.COOPERATIVE, 1, 7), closures=[closure])) == left


def test_two_at_one_desk_never() -> None:
    """The second serves from afar."""
    found = planned(Duty(MONDAY, Service.COOPERATIVE, 1, 7), Duty(MONDAY, Service.COOPERATIVE, 2, 7))
    assert found[:2] == [("09.00", 1, 7), ("09.00", 2, None)]


def test_hours_that_lie_over_each_other_give_nobody_two_conversations_at_once() -> None:
    ramadan = Hours(Service.COOPERATIVE, 0, time(9), time(10), MONDAY, MONDAY, special=True)
    flood = Hours(Service.COOPERATIVE, 0, time(9, 15), time(10, 45), MONDAY, MONDAY, special=True)
    found = planned(Duty(MONDAY, Service.COOPERATIVE, 1, 7), hours=(ramadan, flood))
    assert [clock for clock, _, _ in found] == ["09.00", "09.30", "10.15"]


def test_two_services_of_one_expert_do_not_lie_over_each_other() -> None:
    morning = Hours(Service.COOPERATIVE, 0, time(9), time(10), MONDAY)
    also = Hours(Service.BUSINESS, 0, time(9, 45), time(10, 45), MONDAY)
    duties = [Duty(MONDAY, service, 1, 7) for service in (Service.BUSINESS, Service.COOPERATIVE)]
    found = planned(*duties, hours=(morning, also))
    begins = [clock for clock, _, _ in found]
    assert begins == ["09.00", "09.45", "10.15"]


def test_a_desk_that_is_busy_for_a_part_of_it_is_busy() -> None:
    morning = Hours(Service.COOPERATIVE, 0, time(9), time(9, 30), MONDAY)
    also = Hours(Service.BUSINESS, 0, time(9, 15), time(9, 45), MONDAY)
    duties = [Duty(MONDAY, Service.COOPERATIVE, 1, 7), Duty(MONDAY, Service.BUSINESS, 2, 7)]
    assert planned(*duties, hours=(morning, also)) == [("09.00", 1, None), ("09.15", 2, 7)]
