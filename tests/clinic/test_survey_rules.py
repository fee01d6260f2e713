"""The satisfaction index as PermenPANRB 14/2017 computes it: by hand, at its boundaries, and what it rests on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinic.rules.booking import BookingStatus
from app.clinic.rules.survey import (
    ELEMENTS,
    LEAST_SHEETS,
    SHORT,
    Letter,
    check_feedback,
    index_of,
    letter_of,
    read_together,
    rounded,
    sheets_wanted,
)
from app.clinic.survey_words import ELEMENT_WORDS, QUESTIONS, answers
from app.core.clock import WIB
from app.core.errors import RuleBroken

NINE_O_CLOCK = datetime(2026, 11, 24, 9, tzinfo=WIB)


def long_sheet(*scores: int) -> dict[int, int]:
    return dict(zip(ELEMENTS, scores, strict=True))


def week(number: int) -> date:
    return date(2026, 11, 2) + timedelta(weeks=number)


@pytest.mark.parametrize(
    ("sheets", "parts"),
    [
        ([], []),
        ([4], []),
        ([5], [(0, 0)]),
        ([9, 5], [(0, 0), (1, 1)]),
        ([2, 2, 1, 7], [(0, 2), (3, 3)]),
        ([6, 1, 1], [(0, 0)]),
        ([1, 0, 0, 4], [(0, 3)]),
    ],
)
def test_weeks_with_few_sheets_are_read_together(sheets: list[int], parts: list[tuple[int, int]]) -> None:
    found = read_together((week(number), count) for number, count in enumerate(sheets))
    assert found == [(week(first), week(last) + timedelta(days=6)) for first, last in parts]


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        ("100.00", Letter.A),
        ("88.31", Letter.A),
        ("88.30", Letter.B),
        ("76.61", Letter.B),
        ("76.60", Letter.C),
        ("65.00", Letter.C),
        ("64.99", Letter.D),
        ("25.00", Letter.D),
    ],
)
def test_the_letters_begin_and_end_where_the_regulation_says(index: str, letter: Letter) -> None:
    assert letter_of(Decimal(index)) is letter


def test_an_index_computed_by_hand() -> None:
    # ten sheets: seven of all threes and three of all fours give 3.3 for each element, times 25
    found = index_of([long_sheet(*[3] * 9)] * 7 + [long_sheet(*[4] * 9)] * 3)
    assert (found.value, found.letter) == (Decimal("82.50"), Letter.B)
    assert [each.shown for each in found.elements] == [Decimal("3.30")] * 9
    assert found.complete


def test_different_elements_weigh_the_same() -> None:
    # means 1, 2, 3, 4, 4, 4, 4, 4, 4 sum up to 30; 30 / 9 * 25 = 83.333...
    found = index_of([long_sheet(1, 2, 3, 4, 4, 4, 4, 4, 4)] * LEAST_SHEETS)
    assert found.value == Decimal("83.33")


def test_the_best_is_a_hundred_and_the_worst_twenty_five() -> None:
    assert index_of([long_sheet(*[4] * 9)] * 10).value == Decimal("100.00")
    assert index_of([long_sheet(*[1] * 9)] * 10).value == Decimal("25.00")


def test_two_decimals_are_rounded_half_upwards_before_the_letter_is_given() -> None:
    # 3.5322 * 25 = 88.305: half upwards makes 88.31, and that is an A; half to even would make 88.30, a B
    assert rounded(Fraction(88305, 1000)) == Decimal("88.31")
    assert letter_of(rounded(Fraction(88305, 1000))) is Letter.A
    assert letter_of(rounded(Fraction(88304, 1000))) is Letter.B
    assert rounded(Fraction(6499499, 100000)) == Decimal("64.99")
    assert letter_of(rounded(Fraction(64995, 1000))) is Letter.C


def test_no_index_from_fewer_than_ten_sheets() -> None:
    few = index_of([long_sheet(*[4] * 9)] * (LEAST_SHEETS - 1))
    assert (few.sheets, few.value, few.letter) == (9, None, None)
    assert index_of([]).value is None


def test_the_short_form_counts_only_what_it_asks() -> None:
    short = [dict.fromkeys(SHORT, 3)] * 12
    found = index_of(short)
    assert found.value == Decimal("75.00")
    assert found.counted == SHORT
    assert not found.complete


def test_a_few_long_sheets_among_short_ones_do_not_decide_six_elements() -> None:
    found = index_of([dict.fromkeys(SHORT, 4)] * 20 + [long_sheet(*[1] * 9)] * 2)
    assert found.counted == SHORT
    # 20 fours and 2 ones: 82 / 22 * 25
    assert found.value == Decimal("93.18")
    assert [each.answers for each in found.elements] == [2, 22, 2, 2, 22, 2, 22, 2, 2]


def test_who_skips_a_question_says_nothing_about_it() -> None:
    found = index_of([{2: 4, 5: 4}] * 10 + [{2: 2}] * 10)
    means = {each.element: each.shown for each in found.elements}
    assert means == {2: Decimal("3.00"), 5: Decimal("4.00")}
    assert found.value == Decimal("87.50")


def test_an_empty_sheet_is_no_sheet() -> None:
    assert index_of([{}] * 30).sheets == 0


@given(st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=10, max_size=40))
def test_any_sheets_give_an_index_within_its_bounds_that_the_plain_formula_gives_too(
    scores: list[list[int]],
) -> None:
    found = index_of([long_sheet(*each) for each in scores])
    assert found.value is not None
    assert Decimal(25) <= found.value <= Decimal(100)
    plain = sum(sum(each) for each in scores) / len(scores) / 9 * 25
    assert abs(float(found.value) - plain) <= 0.00501


@pytest.mark.parametrize(
    ("sessions", "sheets"),
    [
        (0, 0),
        (1, 1),
        (10, 10),
        (20, 19),
        (50, 44),
        (100, 80),
        (250, 152),
        (500, 217),
        (1000, 278),
        (3000, 341),
    ],
)
def test_sheets_wanted_are_those_of_the_regulations_table(sessions: int, sheets: int) -> None:
    assert sheets_wanted(sessions) == sheets


@pytest.mark.parametrize(
    ("status", "minutes", "open_"),
    [
        (BookingStatus.BOOKED, -1, False),
        (BookingStatus.BOOKED, 0, True),
        (BookingStatus.ARRIVED, -5, True),
        (BookingStatus.IN_SESSION, 10, True),
        (BookingStatus.DONE, 10_000, True),
        (BookingStatus.NO_SHOW, 60, False),
        (BookingStatus.CANCELLED_BY_CLIENT, 60, False),
        (BookingStatus.CANCELLED_BY_OFFICE, 60, False),
    ],
)
def test_only_a_session_that_was_can_be_rated(status: BookingStatus, minutes: int, open_: bool) -> None:
    moment = NINE_O_CLOCK + timedelta(minutes=minutes)
    if open_:
        check_feedback(status, NINE_O_CLOCK, moment)
        return
    with pytest.raises(RuleBroken) as refusal:
        check_feedback(status, NINE_O_CLOCK, moment)
    assert refusal.value.code == "closed"


def test_every_element_has_its_words_and_four_answers() -> None:
    assert tuple(ELEMENT_WORDS) == tuple(QUESTIONS) == ELEMENTS
    assert all([score for score, _ in answers(element)] == ["1", "2", "3", "4"] for element in ELEMENTS)
