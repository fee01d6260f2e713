"""NIB, Nomor Induk Koperasi, NIK, NPWP and postal codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import (
    ValueProblem,
    nik_koperasi_is_local,
    nik_masked,
    npwp_display,
    npwp_is_nik,
    parse_nib,
    parse_nik,
    parse_nik_koperasi,
    parse_npwp,
    parse_postal_code,
    postal_code_is_local,
    says_none,
)

NIK = "3201995708900003"
NPWP = "0012345674901000"


def refusal(parse: Callable[[str], str], text: str) -> str:
    with pytest.raises(ValueProblem) as caught:
        parse(text)
    assert str(caught.value.sentence)
    return caught.value.code


@pytest.mark.parametrize(
    ("parse", "text", "kept"),
    [
        (parse_nib, "9120001234567", "9120001234567"),
        (parse_nib, "0220 0012 34567", "0220001234567"),
        (parse_nib, "NIB: 912.000.1234.567", "9120001234567"),
        (parse_nib, "No. NIB 9120001234567", "9120001234567"),
        (parse_nib, "'9120001234567", "9120001234567"),
        (parse_nik_koperasi, "3201060010001", "3201060010001"),
        (parse_nik_koperasi, "NIK Koperasi: 3275070060001", "3275070060001"),
        (parse_nik_koperasi, "53 0903 0020 007", "5309030020007"),
        (parse_nik, NIK, NIK),
        (parse_nik, "3201 9957 0890 0003", NIK),
        (parse_nik, "NIK 3201995708900003", NIK),
        (parse_npwp, "01.234.567.4-901.000", NPWP),
        (parse_npwp, "012345674901000", NPWP),
        (parse_npwp, "0012 3456 7490 1000", NPWP),
        (parse_npwp, NIK, NIK),
        (parse_postal_code, "16914", "16914"),
        (parse_postal_code, "Kode Pos 16914", "16914"),
    ],
)
def test_digits_are_kept_bare(parse: Callable[[str], str], text: str, kept: str) -> None:
    assert parse(text) == kept


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_nib, "", "empty"),
        (parse_nib, "912000123456", "length"),
        (parse_nib, "91200012345678", "length"),
        (parse_nib, "912000123456A", "letters"),
        (parse_nib, "NIB", "letters"),
        (parse_nib, "0000000000000", "filler"),
        (parse_nib, "1111111111111", "filler"),
        (parse_nik_koperasi, NIK, "person_nik"),
        (parse_nik_koperasi, "320106001000", "length"),
        (parse_nik, "3201060010001", "cooperative_nik"),
        (parse_nik, "320199570890000", "length"),
        (parse_npwp, "01.234.567.8-901.000", "check"),
        (parse_npwp, "00.000.000.0-000.000", "filler"),
        (parse_npwp, "0000000000000010", "check"),
        (parse_npwp, "3201993102900003", "check"),
        (parse_npwp, "01234567490100", "length"),
        (parse_npwp, "0012345674901000000000", "length"),
        (parse_postal_code, "1691", "length"),
        (parse_postal_code, "06914", "check"),
    ],
)
def test_wrong_digits_are_refused_with_their_reason(
    parse: Callable[[str], str], text: str, code: str
) -> None:
    assert refusal(parse, text) == code


@pytest.mark.parametrize(
    ("nik", "fault"),
    [
        ("3201995708900003", ""),  # a woman, 17 August 1990
        ("3201991708900003", ""),  # a man, the same day
        ("3201993102900003", "birth"),  # 31 February
        ("3201997102900003", "birth"),  # 31 February, a woman
        ("3201992902000001", ""),  # 29 February 2000
        ("3201992902010001", "birth"),  # 1901 and 2001 have no 29 February
        ("3201992902040001", ""),
        ("3201990008900003", "birth"),
        ("3201994008900003", "birth"),  # day 40 is nobody's: a woman's day 0
        ("3201997308900003", "birth"),
        ("3201991700900003", "birth"),
        ("3201991713900003", "birth"),
        ("3201991708900000", "serial"),
        ("9401991708900001", ""),  # elsewhere in the country is fine
        ("2001991708900001", "province"),
        ("9901991708900001", "province"),
        ("3200991708900001", "area"),
        ("3201001708900001", "area"),
    ],
)
def test_the_parts_of_a_nik(nik: str, fault: str) -> None:
    if fault:
        assert refusal(parse_nik, nik) == fault
    else:
        assert parse_nik(nik) == nik


@given(
    st.sampled_from(["11", "21", "32", "36", "53", "65", "76", "82", "91", "96"]),
    st.dates(date(1930, 1, 1), date(2026, 12, 31)),
    st.booleans(),
    st.integers(1, 9999),
)
def test_every_well_made_nik_is_taken(province: str, born: date, woman: bool, serial: int) -> None:
    day = born.day + (40 if woman else 0)
    nik = f"{province}0199{day:02}{born.month:02}{born.year % 100:02}{serial:04}"
    assert parse_nik(nik) == nik


def test_a_nik_is_masked_but_for_its_ends() -> None:
    assert nik_masked(NIK) == "3201••••••••0003"
    assert set(nik_masked("12")) == {"•"}


def test_numbers_from_elsewhere_are_taken_and_told_apart() -> None:
    assert nik_koperasi_is_local("3201060010001")
    assert not nik_koperasi_is_local("3275070060001")
    assert postal_code_is_local("16914")
    assert not postal_code_is_local("40111")


def test_a_tax_number_is_shown_as_on_paper() -> None:
    assert npwp_display(NPWP) == "01.234.567.4-901.000"
    assert npwp_display(NIK) == "3201 9957 0890 0003"
    assert npwp_display("123") == "123"
    assert npwp_is_nik(NIK)
    assert not npwp_is_nik(NPWP)


def luhn_digit(eight: str) -> str:
    """The ninth digit worked out the long way, to check the check."""
    total = 0
    for place, digit in enumerate(reversed(eight)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


@given(st.text("0123456789", min_size=8, max_size=8), st.text("0123456789", min_size=6, max_size=6))
def test_one_digit_of_ten_passes_and_reads_back(eight: str, rest: str) -> None:
    passing = []
    for check in "0123456789":
        old = eight + check + rest
        try:
            kept = parse_npwp(old)
        except ValueProblem:
            continue
        passing.append(check)
        assert kept == f"0{old}" == parse_npwp(kept) == parse_npwp(npwp_display(kept))
    assert passing == ([luhn_digit(eight)] if int(eight) else [])


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "0", "000", "?", "N/A", "belum ada", "TIDAK PUNYA", "tdk", "nihil"]
)
def test_a_box_filled_with_nothing(text: str) -> None:
    assert says_none(text)


@pytest.mark.parametrize("text", ["ada", "9120001234567", "belum ada di kantor", "0-1", "-" * 1000])
def test_a_box_filled_with_something(text: str) -> None:
    assert not says_none(text)
