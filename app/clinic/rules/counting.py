"""What became of the clinic's half hours: counted from plain rows, without clock or database."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Final, Protocol, TypeVar

from app.clinic.rules.booking import BookingStatus, Mode, Topic
from app.clinic.rules.timetable import Service
from app.core.clock import in_wib
from app.registry.moving_rules import Move, Moving, Renewal, Trail, Window
from app.registry.rules import Source

CAME: Final = frozenset({BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE})
CANCELLED: Final = frozenset({BookingStatus.CANCELLED_BY_CLIENT, BookingStatus.CANCELLED_BY_OFFICE})
OUTCOME_AFTER: Final = timedelta(days=90)
# of a weekday's hour: so often offered before anything is said about it
_LEAST_OFFERED: Final = 4
_OFTEN: Final = Fraction(4, 5)


class _HasStart(Protocol):
    @property
    def starts_at(self) -> datetime:
        """When the session begins."""


Timed = TypeVar("Timed", bound=_HasStart)


class Step(StrEnum):
    """How wide one row of the numbers is (``?per=`` in the address)."""

    WEEK = "minggu"
    MONTH = "bulan"


@dataclass(frozen=True, slots=True)
class BookingRow:
    """What is counted of a booking."""

    starts_at: datetime
    booked_at: datetime
    status: BookingStatus
    service: Service
    mode: Mode
    topic: Topic
    channel: str = ""
    kecamatan_code: str | None = None
    walk_in: bool = False
    first_time: bool = True


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A half hour that was offered. ``taken``: somebody had it, whether they came or not."""

    service: Service
    starts_at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of the numbers: a week, a month, or all of it."""

    first_day: date
    last_day: date
    offered: int = 0
    booked: int = 0
    came: int = 0
    no_show: int = 0
    excused: int = 0
    by_office: int = 0
    coming: int = 0
    unmarked: int = 0
    walk_ins: int = 0
    wait_days: float | None = None

    @property
    def no_show_share(self) -> Fraction | None:
        """Of those who should have come, how many did not. Excused is not a no-show and does not count here."""
        due = self.came + self.no_show
        return Fraction(self.no_show, due) if due else None


def begin_of(day: date, step: Step) -> date:
    """Monday of its week, or the first of its month."""
    return day.replace(day=1) if step is Step.MONTH else day - timedelta(days=day.weekday())


def after(begin: date, step: Step) -> date:
    """Where the next row begins."""
    if step is Step.WEEK:
        return begin + timedelta(days=7)
    return (begin.replace(day=28) + timedelta(days=4)).replace(day=1)


def spans(first_day: date, last_day: date, step: Step) -> list[tuple[date, date]]:
    """First and last day of every row that touches the days from..to, cut to them."""
    found, begin = [], begin_of(first_day, step)
    while begin <= last_day:
        following = after(begin, step)
        found.append((max(begin, first_day), min(following - timedelta(days=1), last_day)))
        begin = following
    return found


def tally(
    span: tuple[date, date], bookings: Iterable[BookingRow], slots: Iterable[SlotRow], now: datetime
) -> Tally:
    """Count what lies within ``span``."""
    first_day, last_day = span
    inside = [row for row in bookings if first_day <= _day(row.starts_at) <= last_day]
    states = Counter(row.status for row in inside)
    late = sum(row.status is BookingStatus.BOOKED and row.starts_at <= now for row in inside)
    waits = [
        (row.starts_at - row.booked_at) / timedelta(days=1)
        for row in inside
        if not row.walk_in and row.status not in CANCELLED
    ]
    return Tally(
        first_day,
        last_day,
        offered=sum(first_day <= _day(slot.starts_at) <= last_day for slot in slots),
        booked=len(inside),
        came=sum(states[one] for one in CAME),
        no_show=states[BookingStatus.NO_SHOW],
        excused=states[BookingStatus.CANCELLED_BY_CLIENT],
        by_office=states[BookingStatus.CANCELLED_BY_OFFICE],
        coming=states[BookingStatus.BOOKED] - late,
        unmarked=late,
        walk_ins=sum(row.walk_in for row in inside),
        wait_days=median(waits) if waits else None,
    )


def tallies(
    parts: Sequence[tuple[date, date]],
    bookings: Iterable[BookingRow],
    slots: Iterable[SlotRow],
    now: datetime,
) -> list[Tally]:
    """One tally for each of ``parts`` (as ``spans`` makes them), each row looked at once: a year has thousands."""
    own_bookings, own_slots = _parted(parts, bookings), _parted(parts, slots)
    return [tally(span, own_bookings[place], own_slots[place], now) for place, span in enumerate(parts)]


def _parted(parts: Sequence[tuple[date, date]], rows: Iterable[Timed]) -> list[list[Timed]]:
    begins = [first_day for first_day, _ in parts]
    found: list[list[Timed]] = [[] for _ in parts]
    for row in rows:
        place = bisect_right(begins, _day(row.starts_at)) - 1
        if place >= 0:
            found[place].append(row)
    return found


def _day(moment: datetime) -> date:
    return in_wib(moment).date()


def counts(values: Iterable[str | None]) -> list[tuple[str, int]]:
    """How often each occurs, the most frequent first; '' for none."""
    found = Counter(value or "" for value in values)
    return sorted(found.items(), key=lambda item: (-item[1], item[0] == "", item[0]))


# --- demand -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hint:
    """A weekday's hour that is often full, or that nobody ever takes."""

    service: Service
    weekday: int
    begins: time
    offered: int
    taken: int

    @property
    def full(self) -> bool:
        """More is wanted here than there is."""
        return self.taken > 0


def hints(slots: Iterable[SlotRow]) -> list[Hint]:
    """Hours of which at least four in five were taken, then those that nobody took; few offers say nothing."""
    groups: dict[tuple[Service, int, time], list[bool]] = {}
    for slot in slots:
        local = in_wib(slot.starts_at)
        groups.setdefault((slot.service, local.weekday(), local.time()), []).append(slot.taken)
    found = [
        Hint(service, weekday, begins, len(taken), sum(taken))
        for (service, weekday, begins), taken in groups.items()
        if len(taken) >= _LEAST_OFFERED and (not any(taken) or Fraction(sum(taken), len(taken)) >= _OFTEN)
    ]
    return sorted(
        found, key=lambda hint: (not hint.full, -hint.taken, hint.service, hint.weekday, hint.begins)
    )


# --- after ninety days --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is over. ``client``: what tells one client from another (never shown); ``record_code``: as named."""

    starts_at: datetime
    outcome: str | None
    client: str | None
    record_code: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """What the clinic itself knows ninety days later."""

    sessions: int
    outcomes: tuple[tuple[str, int], ...]
    known_clients: int
    came_again: int
    promised_again: int
    kept_promises: int


def after_ninety_days(
    sessions: Sequence[SessionRow], visits: Mapping[str, Sequence[datetime]], another: str
) -> Later:
    """What came of ``sessions``. ``visits``: client -> begin of each session they had; ``another``: that outcome."""
    known = [row for row in sessions if row.client]
    again = [row for row in known if _came_again(row, visits.get(row.client or "", ()))]
    promised = [row for row in sessions if row.outcome == another]
    return Later(
        sessions=len(sessions),
        outcomes=tuple(counts(row.outcome for row in sessions)),
        known_clients=len(known),
        came_again=len(again),
        promised_again=len(promised),
        kept_promises=sum(row in again for row in promised),
    )


def _came_again(row: SessionRow, visits: Sequence[datetime]) -> bool:
    return any(row.starts_at < visit <= row.starts_at + OUTCOME_AFTER for visit in visits)


# --- what the records say ninety days later -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """How many sessions, by which ways the newest word about each came, and when the last of them."""

    sessions: int = 0
    sources: tuple[tuple[Source, int], ...] = ()
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordsLater:
    """What the records of sessions say ninety days after them. Said is what came after, never what came of them.

    ``with_record`` = ``moved`` + ``still`` + ``not_renewed`` + ``not_found``. One session may have several ``kinds``.
    ``still``: the record was changed since, but in none of these. ``not_renewed``: by nobody, so it is not known.
    """

    sessions: int
    with_record: int
    moved: Told
    kinds: tuple[tuple[Moving, Told], ...]
    still: Told
    not_renewed: int
    not_found: int
    without_record: int
    without_outcomes: tuple[tuple[str, int], ...]


def window_of(row: SessionRow) -> Window | None:
    """Which record moved or not in the ninety days after a session; None when it named none."""
    if not row.record_code:
        return None
    return Window(row.record_code, row.starts_at, row.starts_at + OUTCOME_AFTER)


def records_later(
    sessions: Sequence[SessionRow], trails: Mapping[Window, Trail], began: Sequence[str]
) -> RecordsLater:
    """Count ``trails`` by session. ``began``: outcomes that are counted of sessions without a record."""
    windows = [window for row in sessions if (window := window_of(row))]
    known = [trails[window] for window in windows if window in trails]
    moved = [trail for trail in known if trail.moves]
    still = [trail.renewed for trail in known if not trail.moves and trail.renewed]
    without = [row.outcome for row in sessions if not row.record_code]
    return RecordsLater(
        sessions=len(sessions),
        with_record=len(windows),
        moved=_told(max(trail.moves, key=lambda move: move.at) for trail in moved),
        kinds=tuple(
            (what, _told(move for trail in moved for move in trail.moves if move.what is what))
            for what in Moving
        ),
        still=_told(still),
        not_renewed=len(known) - len(moved) - len(still),
        not_found=len(windows) - len(known),
        without_record=len(without),
        without_outcomes=tuple((outcome, without.count(outcome)) for outcome in began),
    )


def _told(words: Iterable[Move | Renewal]) -> Told:
    found = list(words)
    ways = Counter(word.source for word in found)
    return Told(
        len(found),
        tuple((source, ways[source]) for source in Source if ways[source]),
        max((word.at for word in found), default=None),
    )
