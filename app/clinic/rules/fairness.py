"""Who gets the half hours that are kept for those who seldom get one, and what not coming costs.

A share of each week's half hours (the office's number) is kept until two days before for who comes for the first time
or lives far away. Which ones follows from the half hours themselves, so that making slots again keeps the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final
from zlib import crc32

from app.clinic.rules.timetable import Service
from app.core.clock import in_wib

FREED_BEFORE: Final = timedelta(days=2)
# not having come counts for half a year
NO_SHOW_MEMORY: Final = timedelta(days=180)

# Cibinong, where the office stands.
OFFICE_KECAMATAN: Final = "32.01.01"
_EARTH_KM: Final = 6371.0


HalfHour = tuple[Service, datetime, int]
"""Service, beginning, and the number of its expert."""


def reserved(half_hours: Iterable[HalfHour], share: int) -> set[HalfHour]:
    """Those of whole weeks that are kept: of each week and service ``share`` of a hundred, never less.

    Rounded upwards, so that a small share of a small week is not nothing. Which ones is drawn by lot, but the lot
    of a half hour is always the same.
    """
    weeks: dict[tuple[Service, date], list[HalfHour]] = {}
    for one in half_hours:
        weeks.setdefault((one[0], _monday(in_wib(one[1]).date())), []).append(one)
    return {one for week in weeks.values() for one in sorted(week, key=_lot)[: -(-len(week) * share // 100)]}


def _lot(one: HalfHour) -> tuple[int, HalfHour]:
    service, starts_at, expert_id = one
    return crc32(f"{expert_id} {in_wib(starts_at):%Y%m%d%H%M}".encode()), (service, starts_at, expert_id)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def whole_weeks(first_day: date, last_day: date) -> tuple[date, date]:
    """Monday of the first day's week and Sunday of the last one's: a share is of weeks, not of days."""
    return _monday(first_day), _monday(last_day) + timedelta(days=6)


def is_far(office: tuple[float, float], home: tuple[float, float], more_than_km: int) -> bool:
    """Farther from the office than so many kilometres as the crow flies. Both as latitude and longitude."""
    lat1, lon1 = map(radians, office)
    lat2, lon2 = map(radians, home)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half)) > more_than_km
