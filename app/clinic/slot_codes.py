"""A time that can be booked, as it travels in forms: service, day and time in WIB, such as ``koperasi-20261124-0930``.

It names no expert: whoever asks for a time gets the expert who has least to do (or the one asked for).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from app.clinic.rules.timetable import Service
from app.clinic.words import SERVICE_SLUGS, SLUG_OF_SERVICE
from app.core.clock import WIB, in_wib
from app.core.language import say
from app.core.values import ValueProblem

_PATTERN: Final = re.compile(r"([a-z]+)-([0-9]{8})-([0-9]{4})")
_YEARS: Final = range(2020, 2200)  # a calendar around the last day of year 9999 has no next week


def slot_code(service: Service, starts_at: datetime) -> str:
    """The value of the radio button of a free time."""
    return f"{SLUG_OF_SERVICE[service]}-{in_wib(starts_at):%Y%m%d-%H%M}"


def read_slot_code(text: str) -> tuple[Service, datetime]:
    """Service and beginning of a code. Raises ValueProblem."""
    found = _PATTERN.fullmatch(text.strip())
    starts_at = _instant(found[2] + found[3]) if found else None
    if found is None or starts_at is None or found[1] not in SERVICE_SLUGS:
        raise ValueProblem("unclear", say("Pilih salah satu jam di daftar."))
    return SERVICE_SLUGS[found[1]], starts_at


def _instant(digits: str) -> datetime | None:
    try:
        found = datetime.strptime(digits, "%Y%m%d%H%M").replace(tzinfo=WIB)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def read_day(text: str) -> date | None:
    """A day of an address (2026-11-24), or None."""
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and found.year in _YEARS else None
