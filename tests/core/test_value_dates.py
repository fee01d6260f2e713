"""Dates as people and spreadsheets write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import ValueProblem, date_from_serial, parse_date
from app.core.words import date_long, date_plain, date_short

DAY = date(1990, 8, 17)


@pytest.mark.parametrize(
    "text",
    [
        "17-8-1990",
        "17/08/1990",
        "17.08.1990",
        "17 8 1990",
        "17 - 08 - 1990",
        "17081990",
        "17 Agustus 1990",
        "17 agt 1990",
        "17 Agu. 1990",
        "17-Ags-1990",
        "17 AUGUST 1990",
        "August 17, 1990",
        "1990-08-17",
        "1990/8/17",
        "19900817",
        "Jumat, 17 Agustus 1990",
        "Jum\u2019at, 17 Agustus 1990",
        "tgl 17-8-1990",
        "tanggal: 17 Agustus 1990",
        "1990-08-17 00:00:00",
        "1990-08-17T00:00:00",
        "17/08/1990 0:00",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("kemarin", "unclear"),
        ("17-8", "unclear"),
        ("17 Foo 1990", "unclear"),
        ("17-8-19900", "unclear"),
        ("117-8-1990", "unclear"),
        ("17-8-1990-1", "unclear"),
        ("Agustus Agustus Agustus", "unclear"),
        ("44044", "unclear"),
        ("17-8-1990 (Budi)", "unclear"),
        ("17-8-90", "year_short"),
        ("17 Agustus '90", "unclear"),
        ("17 Agustus 45", "year_short"),
        ("1990", "only_year"),
        ("Agustus 1990", "no_day"),
        ("31-2-1990", "impossible"),
        ("29-2-2023", "impossible"),
        ("0-1-2020", "impossible"),
        ("12/31/2020", "impossible"),
        ("99999999", "impossible"),
        ("1-1-0000", "impossible"),
        ("31-12-1899", "too_early"),
        ("1-1-2101", "too_late"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_date(text)
    assert caught.value.code == code


def test_the_bounds_belong_to_the_day() -> None:
    today = date(2026, 11, 21)
    assert parse_date("21-11-2026", latest=today) == today
    with pytest.raises(ValueProblem) as caught:
        parse_date("22-11-2026", latest=today)
    assert "21-11-2026" in str(caught.value.sentence)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["id", "su", "en"]))
def test_a_shown_day_can_be_typed_again(day: date, language: str) -> None:
    for shown in (date_long(day, language), date_plain(day, language), date_short(day, language)):
        assert parse_date(shown) == day
    compact = (f"{day:%d%m%Y}", f"{day:%Y%m%d}", day.isoformat(), f"{day.day}/{day.month}/{day.year}")
    assert {parse_date(text) for text in compact} == {day}


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (61, date(1900, 3, 1)),
        (33102, date(1990, 8, 17)),
        (44044, date(2020, 8, 1)),
        (44044.999, date(2020, 8, 1)),
    ],
)
def test_the_day_numbers_of_spreadsheets(serial: float, day: date) -> None:
    assert date_from_serial(serial) == day


@pytest.mark.parametrize("serial", [60, 0, -1, 1e18, float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_no_days(serial: float) -> None:
    with pytest.raises(ValueProblem):
        date_from_serial(serial)


@given(st.integers(61, 73_415))
def test_day_numbers_count_days(serial: int) -> None:
    assert date_from_serial(serial) == date(1900, 3, 1) + timedelta(days=serial - 61)
