"""The satisfaction survey (SKM) as PermenPANRB 14/2017 computes it: nine elements, 1 to 4, index, letter.

Per element the mean of its scores (NRR); all elements weigh the same; the weighted sum times 25 is the index from 25
to 100. The weight is exactly one part of the number of elements: the regulation's own example rounds 1/9 to 0,11, by
which nine elements would weigh 0,99 and the best possible index would be 99. Fractions keep it exact until the end.
The letter follows from the index as it is printed, with two decimals: the bands of the regulation leave no gap there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.clinic.rules.booking import BookingStatus
from app.core.errors import RuleBroken
from app.core.language import say

ELEMENTS: Final = tuple(range(1, 10))
# asked of everybody; the others are for who has a minute more
SHORT: Final = (2, 5, 7)
SCORES: Final = (1, 2, 3, 4)
# Of fewer sheets no figure is made: one angry morning would be the whole truth, and a client could be recognised.
# It is the number that the regulation's table asks of ten clients.
LEAST_SHEETS: Final = 10
LONGEST_COMMENT: Final = 1000
# Comments are read together with those of so many sheets: in a week with one client it would be that client's.
LEAST_TOGETHER: Final = 5

_HUNDREDTH: Final = Decimal("0.01")


class Letter(StrEnum):
    """How good the service is."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


# the least index of each letter, with two decimals
_FROM: Final = (
    (Decimal("88.31"), Letter.A),
    (Decimal("76.61"), Letter.B),
    (Decimal("65.00"), Letter.C),
)

Sheet = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ElementMean:
    """The mean of one element (NRR) over the sheets that answered it."""

    element: int
    answers: int
    mean: Fraction

    @property
    def shown(self) -> Decimal:
        """With two decimals."""
        return rounded(self.mean)

    @property
    def enough(self) -> bool:
        """Answered by so many that it counts."""
        return self.answers >= LEAST_SHEETS


@dataclass(frozen=True, slots=True)
class Index:
    """The index with what it rests on. ``value`` and ``letter`` are None while there are too few sheets."""

    sheets: int
    elements: tuple[ElementMean, ...]
    value: Decimal | None
    letter: Letter | None

    @property
    def counted(self) -> tuple[int, ...]:
        """The elements that it is made of."""
        return tuple(each.element for each in self.elements if each.enough)

    @property
    def complete(self) -> bool:
        """All nine elements, as the regulation wants it; otherwise a figure for ourselves."""
        return len(self.counted) == len(ELEMENTS)


def rounded(number: Fraction) -> Decimal:
    """Two decimals, half upwards as people do."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(_HUNDREDTH, ROUND_HALF_UP)


def letter_of(index: Decimal) -> Letter:
    """The letter of an index with two decimals."""
    return next((letter for least, letter in _FROM if index >= least), Letter.D)


def index_of(sheets: Iterable[Sheet]) -> Index:
    """Means and index of these sheets (element -> score). Who skipped an element says nothing about it."""
    kept = [sheet for sheet in sheets if sheet]
    means = tuple(_means(kept))
    counted = [each.mean for each in means if each.enough]
    if not counted:
        return Index(len(kept), means, None, None)
    value = rounded(sum(counted, Fraction(0)) / len(counted) * 25)
    return Index(len(kept), means, value, letter_of(value))


def _means(sheets: Sequence[Sheet]) -> Iterable[ElementMean]:
    for element in ELEMENTS:
        scores = [sheet[element] for sheet in sheets if element in sheet]
        if scores:
            yield ElementMean(element, len(scores), Fraction(sum(scores), len(scores)))


def read_together(weeks: Iterable[tuple[date, int]]) -> list[tuple[date, date]]:
    """Weeks (Monday, number of sheets; in order) joined until enough came: first Monday and last Sunday of each part.

    What is left at the end waits for the weeks to come. Joined from the beginning on, never by what somebody looks
    at: from two views that differ by a week the comment of that week could be told.
    """
    found, begin, gathered = [], None, 0
    for monday, sheets in weeks:
        begin, gathered = begin or monday, gathered + sheets
        if gathered >= LEAST_TOGETHER:
            found.append((begin, monday + timedelta(days=6)))
            begin, gathered = None, 0
    return found


def sheets_wanted(sessions: int) -> int:
    """How many sheets the regulation wants of so many clients: the table of Krejcie and Morgan, by its formula."""
    if sessions <= 0:
        return 0
    chi_times_spread = Fraction(3841, 1000) / 4  # 95 of 100, half of them of each opinion
    error = Fraction(1, 400)  # five of a hundred, squared
    wanted = chi_times_spread * sessions / (error * (sessions - 1) + chi_times_spread)
    return min(sessions, int(wanted + Fraction(1, 2)))


def check_feedback(status: BookingStatus, starts_at: datetime, now: datetime) -> None:
    """Raise RuleBroken('closed') unless there has been a session to speak of."""
    if status in {BookingStatus.CANCELLED_BY_CLIENT, BookingStatus.CANCELLED_BY_OFFICE}:
        raise RuleBroken("", say("Janji ini dibatalkan, jadi belum ada yang dinilai."), code="closed")
    if status is BookingStatus.NO_SHOW:
        raise RuleBroken(
            "", say("Janji ini tercatat tidak datang. Kalau keliru, telepon kantor Dinas."), code="closed"
        )
    if status is BookingStatus.BOOKED and now < starts_at:
        raise RuleBroken("", say("Penilaian dibuka setelah jam konsultasinya tiba."), code="closed")
