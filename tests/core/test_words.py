"""Dates, numbers and lists in the words of people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import words

DAY = date(2026, 11, 26)
EVENING = datetime(2026, 11, 25, 18, 5, tzinfo=UTC)  # already the 26th in Bogor
NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "long", "short", "clock"),
    [
        ("id", "Kamis, 26 November 2026", "26 Nov 2026", f"01.05{NB}WIB"),
        ("su", "Kemis, 26 Nopémber 2026", "26 Nop 2026", f"01.05{NB}WIB"),
        ("en", "Thursday, 26 November 2026", "26 Nov 2026", f"01:05{NB}WIB"),
        ("xx", "Kamis, 26 November 2026", "26 Nov 2026", f"01.05{NB}WIB"),
    ],
)
def test_days_and_times(language: str, long: str, short: str, clock: str) -> None:
    assert words.date_long(DAY, language) == words.date_long(EVENING, language) == long
    assert words.date_short(DAY, language) == short
    assert words.time_wib(EVENING, language) == clock
    assert words.datetime_wib(EVENING, language) == f"{long}, {clock}"


def test_single_digits_of_days_have_no_zero_and_those_of_times_do() -> None:
    assert words.date_long(date(2026, 3, 1)) == "Minggu, 1 Maret 2026"
    assert words.date_plain(date(2026, 3, 1)) == "1 Maret 2026"
    assert words.date_short(date(2026, 8, 1)) == "1 Agu 2026"
    assert words.time_wib(time(8, 5)) == f"08.05{NB}WIB"


def test_months_and_weekdays() -> None:
    assert words.month_year(DAY) == "November 2026"
    assert [words.month_name(m) for m in (1, 5, 8, 12)] == ["Januari", "Mei", "Agustus", "Desember"]
    assert words.month_name(11, "su") == "Nopémber"
    assert words.weekday(DAY) == "Kamis"
    with pytest.raises(ValueError, match="month"):
        words.month_name(13)


def test_an_instant_without_zone_is_refused() -> None:
    naive = datetime(2026, 11, 26, 9, 30)
    for show in (words.date_long, words.time_wib, words.datetime_wib):
        with pytest.raises(ValueError, match="zone"):
            show(naive)


@pytest.mark.parametrize(
    ("value", "shown", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_250, "1.250", "1,250"),
        (-1_250, "-1.250", "-1,250"),
        (751_888, "751.888", "751,888"),
    ],
)
def test_numbers(value: int, shown: str, english: str) -> None:
    assert words.number(value) == words.number(value, "su") == shown
    assert words.number(value, "en") == english


def test_decimals_money_and_counts() -> None:
    assert words.number(82.44, decimals=1) == "82,4"
    assert words.number(82.44, "en", decimals=1) == "82.4"
    assert words.rupiah(1_250_000) == "Rp1.250.000"
    assert words.rupiah(0) == "Rp0"
    assert words.rupiah(-500) == "-Rp500"
    assert words.rupiah(1_250_000, "en") == "Rp1,250,000"
    assert words.rupiah(10**15) == "Rp1.000.000.000.000.000"
    assert words.counted(1_250, "anggota") == f"1.250{NB}anggota"


@pytest.mark.parametrize(
    ("days", "shown", "english"),
    [
        (0, "hari ini", "today"),
        (-1, "kemarin", "yesterday"),
        (1, "besok", "tomorrow"),
        (-3, "3 hari lalu", "3 days ago"),
        (3, "3 hari lagi", "in 3 days"),
        (-1_250, "1.250 hari lalu", "1,250 days ago"),
    ],
)
def test_how_far_a_day_is(days: int, shown: str, english: str) -> None:
    assert words.days_from_today(DAY + timedelta(days=days), DAY) == shown
    assert words.days_from_today(DAY + timedelta(days=days), DAY, "en") == english


def test_an_instant_belongs_to_its_day_in_bogor() -> None:
    assert words.days_from_today(EVENING, DAY) == "hari ini"


@pytest.mark.parametrize(
    ("items", "joined", "sundanese", "either"),
    [
        ([], "", "", ""),
        (["A"], "A", "A", "A"),
        (["A", "B"], "A dan B", "A sareng B", "A atau B"),
        (["A", "B", "C"], "A, B, dan C", "A, B, sareng C", "A, B, atau C"),
        (["{0}", "%s", "<b>"], "{0}, %s, dan <b>", "{0}, %s, sareng <b>", "{0}, %s, atau <b>"),
    ],
)
def test_lists_are_joined(items: list[str], joined: str, sundanese: str, either: str) -> None:
    assert words.join_words(items) == joined
    assert words.join_words(iter(items), "su") == sundanese
    assert words.join_or(items) == either


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Koperasi Maju", 20, "Koperasi Maju"),
        ("Koperasi Maju", 13, "Koperasi Maju"),
        ("Koperasi Maju Jaya", 14, "Koperasi Maju…"),
        ("Koperasi Maju Jaya", 13, "Koperasi…"),
        ("Koperasi Maju, Jaya", 15, "Koperasi Maju…"),
        ("Koperasisangatpanjang", 10, "Koperasis…"),
        ("abc", 1, "…"),
    ],
)
def test_long_texts_are_shortened_between_words(text: str, most: int, short: str) -> None:
    assert words.shorten(text, most) == short


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_shortened_text_fits_and_begins_the_same(text: str, most: int) -> None:
    short = words.shorten(text, most)
    assert len(short) <= most
    assert short == text or text.startswith(short[:-1])


@given(st.dates(), st.sampled_from(["id", "su", "en", "", "zz"]))
def test_every_day_has_words(day: date, language: str) -> None:
    assert str(day.year) in words.date_long(day, language)
    assert words.weekday(day, language) in words.date_long(day, language)
