"""The one clock of the application.

Instants are stored in UTC; people read WIB (Asia/Jakarta, UTC+7, no daylight saving). Business rules never
ask for the time: they are given ``today`` by their caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


@dataclass
class _Shift:
    """How far the application's clock runs from the real one."""

    by: timedelta = timedelta(0)


_shift = _Shift()


def start_at(moment: datetime | None) -> None:
    """Let the application's clock start at ``moment`` (setting CLOCK) and run on from there; None: the real time."""
    _shift.by = timedelta(0) if moment is None else moment.astimezone(UTC) - datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _shift.by


def today() -> date:
    """The present day in WIB."""
    return now().astimezone(WIB).date()


def in_wib(moment: datetime) -> datetime:
    """The same instant as people in Bogor read it."""
    return moment.astimezone(WIB)
