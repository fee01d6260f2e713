"""Whole numbers and years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import ValueProblem, parse_count, parse_year
from app.core.words import number


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("25", 25),
        ("025", 25),
        ("1.250", 1_250),
        ("1,250", 1_250),
        ("1 250", 1_250),
        ("200.000", 200_000),
        ("25 orang", 25),
        ("25 org anggota", 25),
        ("dua puluh lima", 25),
        ("Seratus orang", 100),
        ("٢٥", 25),
    ],
)
def test_a_count_is_taken_as_it_is_written(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("12.5", "unclear"),
        ("12,5", "unclear"),
        ("1.25.000", "unclear"),
        ("+-25", "unclear"),
        ("²5", "unclear"),
        ("orang", "unclear"),
        ("banyak", "unclear"),
        ("20-25", "unclear"),
        ("-3", "negative"),
        ("200.001", "too_much"),
        ("9" * 150, "too_much"),
    ],
)
def test_a_count_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_count(text)
    assert caught.value.code == code


def test_bounds_belong_to_the_caller() -> None:
    assert parse_count("5", least=1, most=5) == 5
    with pytest.raises(ValueProblem) as caught:
        parse_count("0", least=1)
    assert caught.value.code == "too_little"


@given(st.integers(0, 200_000))
def test_a_shown_count_can_be_typed_again(count: int) -> None:
    assert parse_count(number(count)) == parse_count(str(count)) == parse_count(number(count, "en")) == count


@pytest.mark.parametrize(
    ("text", "year"), [("2019", 2019), ("tahun 2019", 2019), ("Thn. 1945", 1945), ("2026", 2026)]
)
def test_a_year_of_four_digits(text: str, year: int) -> None:
    assert parse_year(text, latest=2026) == year


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("19", "year_short"),
        ("'19", "year_short"),
        ("20190", "unclear"),
        ("2.019", "unclear"),
        ("dulu", "unclear"),
        ("1944", "too_early"),
        ("2027", "too_late"),
    ],
)
def test_a_year_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_year(text, latest=2026)
    assert caught.value.code == code
