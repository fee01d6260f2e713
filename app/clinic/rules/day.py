"""A day at the desk: what may be done with a booking now, how late an expert runs, who is called by which letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.clinic.rules.booking import NO_SHOW_AFTER, WAITING, BookingStatus
from app.core.clock import in_wib
from app.core.errors import RuleBroken
from app.core.language import say

_MINUTE: Final = timedelta(minutes=1)
_FORMS_OF_ADDRESS: Final = frozenset({"bapak", "pak", "bpk", "ibu", "bu", "h", "hj", "haji", "hajjah", "dr"})


@dataclass(frozen=True)
class Sitting:
    """One booking of an expert's day, as far as its times go."""

    status: BookingStatus
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None = None
    called_at: datetime | None = None


def minutes_late(sittings: Iterable[Sitting], now: datetime) -> int:
    """How many minutes the next one of this expert waits beyond the agreed time; 0 when the day runs well.

    Whoever is inside keeps the length that was agreed, counted from the call. Who has not come yet waits for nobody
    while the expert is free.
    """
    day = sorted(sittings, key=lambda one: one.starts_at)
    inside = [one for one in day if one.status is BookingStatus.IN_SESSION]
    coming = WAITING if inside else {BookingStatus.ARRIVED}
    free_from = max((_likely_end(one, now) for one in inside), default=now)
    following = [one.starts_at for one in day if one.status in coming] or [one.ends_at for one in inside]
    return max(0, int((free_from - following[0]) / _MINUTE)) if following else 0


def _likely_end(one: Sitting, now: datetime) -> datetime:
    return max(now, (one.called_at or one.starts_at) + (one.ends_at - one.starts_at))


def next_steps(
    status: BookingStatus, starts_at: datetime, now: datetime, *, must_move: bool = False
) -> Sequence[BookingStatus]:
    """Where the booking may be put with one touch, the likeliest first. ``must_move``: as for ``check_call``."""
    called = () if must_move else (BookingStatus.IN_SESSION,)
    if status is BookingStatus.BOOKED:
        late = now >= starts_at + NO_SHOW_AFTER
        absent = (BookingStatus.NO_SHOW,) if late else ()
        return (BookingStatus.ARRIVED, *called, *absent)
    if status is BookingStatus.ARRIVED:
        return called
    return (BookingStatus.DONE,) if status is BookingStatus.IN_SESSION else ()


def state_before(status: BookingStatus, *, arrived: bool) -> BookingStatus:
    """Where a booking was before a wrong touch. Raises RuleBroken('closed') where no touch made it."""
    if status is BookingStatus.DONE:
        return BookingStatus.IN_SESSION
    if status is BookingStatus.IN_SESSION and arrived:
        return BookingStatus.ARRIVED
    if status in _FROM_BOOKED:
        return BookingStatus.BOOKED
    raise RuleBroken("", say("Tidak ada yang bisa diurungkan pada janji ini."), code="closed")


_FROM_BOOKED: Final = frozenset({BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.NO_SHOW})
UNDOABLE: Final = _FROM_BOOKED | {BookingStatus.DONE}
MAY_BE_NOTED: Final = frozenset({BookingStatus.IN_SESSION, BookingStatus.DONE})


def check_note(status: BookingStatus) -> None:
    """Raise RuleBroken('closed') unless the session has begun: nothing can have come of it before."""
    if status not in MAY_BE_NOTED:
        raise RuleBroken("", say("Mulai dulu konsultasinya, lalu catat hasilnya."), code="closed")


def initials(name: str) -> str:
    """'Ibu Siti Aminah' is called as 'S. A.': enough to know oneself, not enough for others to know who it is."""
    words = [word for word in name.replace(".", " ").split() if word.casefold() not in _FORMS_OF_ADDRESS]
    letters = [word[0].upper() for word in words if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in letters[:2]) or "-"


def check_call(*, must_move: bool) -> None:
    """Raise RuleBroken('closed') while the expert, or the desk, is not there at that time: nobody would answer."""
    if must_move:
        raise RuleBroken(
            "",
            say("Narasumber atau mejanya tidak ada pada jam itu. Pilih narasumber lain dulu."),
            code="closed",
        )


def check_day(starts_at: datetime, today: date) -> None:
    """Raise RuleBroken('closed') for an appointment of a later day: nobody comes before it."""
    if in_wib(starts_at).date() > today:
        raise RuleBroken("", say("Janji ini belum untuk hari ini."), code="closed")
