"""The duty roster of a month: copying by weekday of the month, swapping two experts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from app.clinic.rules.timetable import Duty

_ONE_DAY: Final = timedelta(days=1)


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (first_of(day) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return first_of(first_of(day) - _ONE_DAY)


def days_of_month(month: date) -> list[date]:
    """All its days."""
    first, end = first_of(month), next_month(month)
    return [first + timedelta(days=n) for n in range((end - first).days)]


def place_in_month(day: date) -> tuple[int, int]:
    """(weekday, which of the month): the second Tuesday is (1, 2)."""
    return day.weekday(), (day.day - 1) // 7 + 1


def copied(duties: Iterable[Duty], month: date, days_off: Collection[date], first_day: date) -> list[Duty]:
    """The duties of another month on the same weekdays of ``month``: second Tuesday to second Tuesday.

    Days off, and days before ``first_day``, get nobody. A fifth Tuesday that the other month had not takes after
    its fourth, so that no week stays empty.
    """
    by_place: dict[tuple[int, int], list[Duty]] = {}
    for duty in duties:
        by_place.setdefault(place_in_month(duty.day), []).append(duty)
    made = []
    for day in days_of_month(month):
        if day < first_day or day in days_off:
            continue
        weekday, which = place_in_month(day)
        source = by_place.get((weekday, which)) or (by_place.get((weekday, 4), []) if which == 5 else [])
        made += [Duty(day, duty.service, duty.expert_id, duty.desk_id) for duty in source]
    return made


def swapped(duties: Iterable[Duty], one: int, other: int) -> list[Duty]:
    """The duties of a day with two experts in each other's place."""
    turned = {one: other, other: one}
    return [
        Duty(duty.day, duty.service, turned.get(duty.expert_id, duty.expert_id), duty.desk_id)
        for duty in duties
    ]
