"""Sums of money: typed in every way, never guessed, read back in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import ValueProblem, parse_rupiah, rupiah_in_words
from app.core.words import rupiah

sums = st.one_of(st.integers(0, 10**15), st.integers(0, 10**7))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.250.000", 1_250_000),
        ("1250000", 1_250_000),
        ("Rp 1.250.000,-", 1_250_000),
        ("Rp.1.250.000,00", 1_250_000),
        ("rp1250000", 1_250_000),
        ("IDR 1.250.000", 1_250_000),
        ("1.250.000 rupiah", 1_250_000),
        ("1.250.000.-", 1_250_000),
        ("1.250.000,=", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1250000.00", 1_250_000),
        ("1,25 juta", 1_250_000),
        ("1.25 juta", 1_250_000),
        ("1,5 jt", 1_500_000),
        ("1,5jt", 1_500_000),
        ("Rp 1,5 Juta,-", 1_500_000),
        ("0,125 juta", 125_000),
        ("500 ribu", 500_000),
        ("500rb", 500_000),
        ("500 Rb.", 500_000),
        ("500k", 500_000),
        ("2 M", 2_000_000_000),
        ("2 miliar", 2_000_000_000),
        ("2,5 milyar", 2_500_000_000),
        ("1 T", 10**12),
        ("2 juta 500 ribu", 2_500_000),
        ("1jt250rb", 1_250_000),
        ("1 juta 250.000", 1_250_000),
        ("1 miliar 250 juta 300 ribu", 1_250_300_000),
        ("sekitar 2 juta", 2_000_000),
        ("kurang lebih Rp 2 jutaan", 2_000_000),
        ("2 juta-an", 2_000_000),
        ("dua juta lima ratus ribu", 2_500_000),
        ("Sejuta rupiah", 1_000_000),
        ("satu milyar", 10**9),
        ("satu ribu satu ratus", 1_100),
        ("dua juta enam ratus enam puluh satu ribu", 2_661_000),
        ("1.250", 1_250),
        ("500", 500),
        ("0", 0),
        ("Rp 0,-", 0),
        ("nol", 0),
    ],
)
def test_a_sum_is_taken_as_it_is_written(text: str, amount: int) -> None:
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("1" * 251, "too_long"),
        ("1.25", "ambiguous"),
        ("1,25", "ambiguous"),
        ("12.5", "ambiguous"),
        ("1,250", "ambiguous"),
        ("0.500", "ambiguous"),
        ("1.250 juta", "ambiguous"),
        ("1,250 juta", "ambiguous"),
        ("2 juta 500", "ambiguous"),
        ("1.25.000", "ambiguous"),
        ("1.250.000,50", "cents"),
        ("1250000,5", "cents"),
        ("1,2345 ribu", "cents"),
        ("-500", "negative"),
        ("Rp -500.000", "negative"),
        ("(500.000)", "negative"),
        ("1-2 juta", "range"),
        ("500rb s/d 1jt", "range"),
        ("500 ribu sampai 1 juta", "range"),
        ("banyak", "unclear"),
        ("ratus dua", "unclear"),
        ("enam puluh seribu", "unclear"),
        ("dua juta tiga juta", "unclear"),
        ("lima ribu juta rupiah dua", "unclear"),
        ("1e6", "unclear"),
        ("1½ juta", "unclear"),
        ("10² ribu", "unclear"),
        ("500an", "unclear"),
        ("500 ribu 2 juta", "unclear"),
        ("2 juta 3 juta", "unclear"),
        ("500.000 per bulan", "unclear"),
        ("500.000/hari", "unclear"),
        ("1.000.000 500", "unclear"),
        ("1 250.000", "unclear"),
        ("1.000.000.000.000.001", "too_much"),
        ("9" * 100, "too_much"),
    ],
)
def test_a_sum_that_could_be_another_is_not_guessed(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_rupiah(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.25", "Maksudnya satu juta dua ratus lima puluh ribu rupiah? Kalau ya, tulis 1.250.000."),
        ("2 juta 500", "Maksudnya dua juta lima ratus ribu rupiah? Kalau ya, tulis 2.500.000."),
        ("1.250 juta", "Maksudnya Rp1.250.000.000 atau Rp1.250.000? Tulis lengkap tanpa kata."),
        ("1,250", "Maksudnya seribu dua ratus lima puluh rupiah? Kalau ya, tulis 1.250."),
        ("0,0000001", "Angkanya bisa berarti dua. Tulis lengkap, contoh: 1.250.000."),
    ],
)
def test_the_likely_sum_is_read_back(text: str, sentence: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_rupiah(text)
    assert str(caught.value.sentence) == sentence


def test_the_caller_may_set_a_lower_bound_for_what_is_too_much() -> None:
    assert parse_rupiah("50 M", most=50 * 10**9) == 50 * 10**9
    with pytest.raises(ValueProblem) as caught:
        parse_rupiah("50.000.000.001", most=50 * 10**9)
    assert caught.value.code == "too_much"
    assert "Rp50.000.000.000" in str(caught.value.sentence)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (1, "satu rupiah"),
        (10, "sepuluh rupiah"),
        (11, "sebelas rupiah"),
        (12, "dua belas rupiah"),
        (20, "dua puluh rupiah"),
        (100, "seratus rupiah"),
        (111, "seratus sebelas rupiah"),
        (999, "sembilan ratus sembilan puluh sembilan rupiah"),
        (1_000, "seribu rupiah"),
        (2_001, "dua ribu satu rupiah"),
        (11_000, "sebelas ribu rupiah"),
        (100_000, "seratus ribu rupiah"),
        (101_000, "seratus satu ribu rupiah"),
        (1_001_000, "satu juta seribu rupiah"),
        (1_250_000, "satu juta dua ratus lima puluh ribu rupiah"),
        (2 * 10**9, "dua miliar rupiah"),
        (10**12 + 1, "satu triliun satu rupiah"),
        (10**15, "seribu triliun rupiah"),
    ],
)
def test_a_sum_in_words(amount: int, words: str) -> None:
    assert rupiah_in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, 10**15 + 1])
def test_no_words_beyond_the_range(amount: int) -> None:
    with pytest.raises(ValueError, match="can be said"):
        rupiah_in_words(amount)


@given(sums)
def test_words_and_display_read_back_to_the_same_sum(amount: int) -> None:
    assert parse_rupiah(rupiah_in_words(amount)) == amount
    assert parse_rupiah(rupiah(amount)) == amount
    assert parse_rupiah(str(amount)) == amount
    assert parse_rupiah(f"{rupiah(amount)},-") == amount


@given(
    st.integers(1, 999), st.integers(0, 99), st.sampled_from([("ribu", 10**3), ("jt", 10**6), ("M", 10**9)])
)
def test_decimals_with_a_unit(whole: int, hundredths: int, unit: tuple[str, int]) -> None:
    word, size = unit
    assert parse_rupiah(f"{whole},{hundredths:02} {word}") == (whole * 100 + hundredths) * size // 100


@given(st.text("0123456789 .,-rpRPjutaibMkn", max_size=40))
def test_whatever_is_taken_is_within_the_bounds(text: str) -> None:
    try:
        amount = parse_rupiah(text, most=10**12)
    except ValueProblem:
        return
    assert 0 <= amount <= 10**12
