"""Changing the weekly hours: what a new line means for those that stand."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from app.clinic.rules.timetable import SLOT_MINUTES
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.values import ValueProblem

_ONE_DAY: Final = timedelta(days=1)
_CLOCK: Final = re.compile(r"(?:jam|pukul|pkl)? ?\.?([0-9]{1,2})(?: ?[.:,] ?([0-9]{2}))? ?(?:wib)?")


class HoursKind(StrEnum):
    """What new hours are to those of the same service and weekday."""

    INSTEAD = "instead"
    BESIDE = "beside"
    SPECIAL = "special"


def read_clock(text: str) -> time:
    """A time of day as people write it: 9, 09.30, 9:30 WIB. Raises ValueProblem unclear."""
    found = _CLOCK.fullmatch(" ".join(text.lower().split()))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise ValueProblem("unclear", say("Jamnya belum bisa dibaca. Contoh: 09.30"))
    return time(hour, minute)


def check_hours(starts: time, ends: time) -> None:
    """Raise RuleBroken('ends') unless at least one session fits."""
    if _minutes(ends) - _minutes(starts) < SLOT_MINUTES:
        raise RuleBroken("ends", say("Jam selesai paling cepat setengah jam sesudah jam mulai."))


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def check_range(kind: HoursKind, valid_from: date, valid_until: date | None, today: date) -> None:
    """Raise RuleBroken unless these dates fit the kind: only special hours end by themselves."""
    if valid_from < today:
        raise RuleBroken("valid_from", say("Yang sudah lewat tidak bisa diubah. Mulai hari ini atau nanti."))
    if kind is HoursKind.SPECIAL and valid_until is None:
        raise RuleBroken("valid_until", say("Jam khusus perlu tanggal akhir, misalnya akhir Ramadan."))
    if kind is HoursKind.INSTEAD and valid_until is not None:
        raise RuleBroken("valid_until", say("Untuk beberapa hari saja, pilih jam khusus."))
    check_dates(valid_from, valid_until, field="valid_until")


def check_dates(first_day: date, last_day: date | None, *, field: str) -> None:
    """Raise RuleBroken at ``field`` when the end comes before the beginning."""
    if last_day is not None and last_day < first_day:
        raise RuleBroken(field, say("Tanggal akhir tidak boleh sebelum tanggal mulai."))


def ended_before(valid_from: date, valid_until: date | None, new_from: date) -> date | None:
    """The last day of hours that give way on ``new_from``; None when nothing of them is left.

    Hours that ended earlier keep their end.
    """
    last = new_from - _ONE_DAY
    if valid_until is not None and valid_until <= last:
        return valid_until
    return last if last >= valid_from else None
