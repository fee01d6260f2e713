"""Working days and the file of holidays."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.workdays import (
    Holiday,
    HolidayKind,
    add_working_days,
    days_off,
    is_working_day,
    load_holiday_file,
    working_days_between,
)

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
holiday_sets = st.frozensets(days, max_size=40)


@pytest.mark.parametrize(
    ("start", "count", "holidays", "due"),
    [
        (date(2026, 11, 23), 3, [], date(2026, 11, 26)),  # Monday -> Thursday
        (date(2026, 11, 26), 3, [], date(2026, 12, 1)),  # Thursday -> Tuesday
        (date(2026, 11, 27), 3, [], date(2026, 12, 2)),  # Friday -> Wednesday
        (date(2026, 11, 28), 3, [], date(2026, 12, 2)),  # Saturday -> Wednesday
        (date(2026, 11, 29), 3, [], date(2026, 12, 2)),  # Sunday -> Wednesday
        (date(2026, 12, 23), 1, [date(2026, 12, 24), date(2026, 12, 25)], date(2026, 12, 28)),
        (
            date(2026, 11, 23),
            3,
            [date(2026, 11, 28)],
            date(2026, 11, 26),
        ),  # off on a Saturday changes nothing
        (date(2026, 11, 28), 0, [], date(2026, 11, 28)),
        (date(2026, 11, 23), 250, [], date(2027, 11, 8)),
    ],
)
def test_what_is_promised_falls_due_on(start: date, count: int, holidays: list[date], due: date) -> None:
    assert add_working_days(start, count, holidays) == due


@pytest.mark.parametrize(
    ("start", "end", "holidays", "count"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), [], 0),
        (date(2026, 11, 23), date(2026, 11, 30), [], 5),
        (date(2026, 11, 30), date(2026, 11, 23), [], -5),
        (date(2026, 11, 27), date(2026, 11, 29), [], 0),
        (
            date(2026, 12, 23),
            date(2026, 12, 28),
            [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)],
            1,
        ),
        (date(2026, 12, 24), date(2026, 12, 28), [date(2026, 12, 24)], 2),  # the start itself never counts
    ],
)
def test_working_days_passed(start: date, end: date, holidays: list[date], count: int) -> None:
    assert working_days_between(start, end, holidays) == count


def test_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 11, 23), -1, [])


@given(days, st.integers(0, 60), holiday_sets)
def test_going_forward_and_counting_agree(start: date, count: int, holidays: frozenset[date]) -> None:
    due = add_working_days(start, count, holidays)
    assert working_days_between(start, due, holidays) == count
    assert count == 0 or is_working_day(due, holidays)


@given(days, st.integers(0, 400), holiday_sets)
def test_counting_is_the_same_day_by_day(start: date, span: int, holidays: frozenset[date]) -> None:
    passed = (start + timedelta(days=step) for step in range(1, span + 1))
    slowly = sum(is_working_day(day, holidays) for day in passed)
    assert working_days_between(start, start + timedelta(days=span), holidays) == slowly


def test_the_file_holds_three_years_with_known_days() -> None:
    holidays = load_holiday_file()
    assert {h.date.year for h in holidays} == {2025, 2026, 2027}
    by_day = {h.date: h for h in holidays}
    assert by_day[date(2026, 8, 17)] == Holiday(
        date(2026, 8, 17), "Hari Kemerdekaan Republik Indonesia", HolidayKind.NATIONAL, estimated=False
    )
    assert by_day[date(2026, 12, 24)].kind is HolidayKind.JOINT_LEAVE
    assert by_day[date(2026, 12, 25)].kind is HolidayKind.NATIONAL
    assert date(2026, 11, 26) not in days_off(holidays)
    assert add_working_days(date(2026, 12, 23), 3, days_off(holidays)) == date(2026, 12, 30)


def test_the_file_is_in_order_without_doubles() -> None:
    holidays = load_holiday_file()
    dates = [h.date for h in holidays]
    assert all(one < next_one for one, next_one in itertools.pairwise(dates))
    for year in (2025, 2026, 2027):
        assert sum(h.date.year == year and h.kind is HolidayKind.NATIONAL for h in holidays) >= 16


def test_only_days_that_may_still_move_are_estimated() -> None:
    holidays = load_holiday_file()
    moving = [h for h in holidays if h.estimated]
    assert {h.date.year for h in moving} == {2027}
    assert {"Hari Raya Idul Fitri", "Tahun Baru Islam"} <= {h.name for h in moving}
    assert not any(h.estimated for h in holidays if h.name.startswith(("Hari Buruh", "Hari Raya Natal")))


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text("date,name,kind,estimated\n2026-01-01,Tahun Baru,party,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="party"):
        load_holiday_file(path)
