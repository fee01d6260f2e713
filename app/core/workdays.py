"""Working days of the office: Monday to Friday, except the days off given by the caller.

The file of holidays is the first filling of an editable list; days that depend on the moon or on a decree not
yet seen are marked as estimated.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

HOLIDAY_FILE: Final = Path(__file__).parent / "data" / "holidays.csv"

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


class HolidayKind(StrEnum):
    """The office is closed on both."""

    NATIONAL = "national"
    JOINT_LEAVE = "joint_leave"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off. ``estimated`` is True while the day may still move."""

    date: date
    name: str
    kind: HolidayKind
    estimated: bool


def load_holiday_file(path: Path = HOLIDAY_FILE) -> tuple[Holiday, ...]:
    """The days off of a file with the columns date, name, kind, estimated (yes or empty), in order of date.

    Raises OSError, and KeyError or ValueError for a file of another form.
    """
    with path.open(encoding="utf-8", newline="") as file:
        holidays = [_holiday(row) for row in csv.DictReader(file)]
    return tuple(sorted(holidays, key=lambda h: (h.date, h.name)))


def _holiday(row: dict[str, str]) -> Holiday:
    return Holiday(
        date.fromisoformat(row["date"]),
        row["name"],
        HolidayKind(row["kind"]),
        estimated=row["estimated"] == "yes",
    )


def days_off(holidays: Collection[Holiday]) -> frozenset[date]:
    """Only the dates, as the functions below want them."""
    return frozenset(h.date for h in holidays)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday and not a day off."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The ``days``-th working day after ``start``; the start itself never counts, 0 gives it back.

    A registration sent on Thursday with three working days to go is due on Tuesday. Raises ValueError for a
    negative number, OverflowError past the year 9999.
    """
    if days < 0:
        raise ValueError("only forward")
    off = frozenset(holidays)
    day = start
    while days:
        day += _ONE_DAY
        days -= is_working_day(day, off)
    return day


def working_days_between(start: date, end: date, holidays: Collection[date]) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    off = sum(1 for day in frozenset(holidays) if start < day <= end and day.weekday() < _SATURDAY)
    return _weekdays_until(end) - _weekdays_until(start) - off


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from 1 January of year 1 (a Monday) to ``day`` itself."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
