"""What a spreadsheet did to numbers and dates, undone or reported."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import (
    Cell,
    Certainty,
    ValueProblem,
    cell_text,
    parse_phone,
    repair_date,
    repair_digits,
    repair_nib,
    repair_nik,
    repair_nik_koperasi,
    repair_npwp,
    repair_phone,
)

SURE, LIKELY, LOST = Certainty.SURE, Certainty.LIKELY, Certainty.LOST
NIK_KOPERASI = "3275070060001"


@pytest.mark.parametrize(
    ("cell", "value", "certainty"),
    [
        (NIK_KOPERASI, NIK_KOPERASI, SURE),
        (3275070060001, NIK_KOPERASI, SURE),
        (3275070060001.0, NIK_KOPERASI, SURE),
        ("3275070060001.0", NIK_KOPERASI, SURE),
        ("3275070060001,00", NIK_KOPERASI, SURE),
        ("3.275070060001E+12", NIK_KOPERASI, SURE),
        ("3,275070060001e12", NIK_KOPERASI, SURE),
        ("'3275070060001", NIK_KOPERASI, SURE),
        ('="3275070060001"', NIK_KOPERASI, SURE),
        ("3275 0700 60001", NIK_KOPERASI, SURE),
        ("3.20101E+12", "", LOST),
        ("3,20101E+12", "", LOST),
        ("3.2010106001E+12", "", LOST),
        ("3E+12", "", LOST),
        (date(2020, 1, 1), "", LOST),
        (None, "", SURE),
        ("", "", SURE),
        (float("nan"), "", SURE),
        (True, "", SURE),
        ("belum ada", "belum ada", SURE),
        (12.5, "12.5", SURE),
        (-3275070060001, "-3275070060001", SURE),
        ("3.25E+1", "3.25E+1", SURE),
        ("327507006000", "327507006000", SURE),
    ],
    ids=repr,
)
def test_a_number_of_13_digits_from_a_sheet(cell: Cell, value: str, certainty: Certainty) -> None:
    repaired = repair_nik_koperasi(cell)
    assert (repaired.value, repaired.certainty) == (value, certainty)
    assert (repaired.note is None) == (certainty is not LOST)


@pytest.mark.parametrize(
    ("cell", "value", "certainty"),
    [
        (12345674901000.0, "012345674901000", LIKELY),
        ("12345674901000", "012345674901000", LIKELY),
        ("1.234.567.4-901.000", "012345674901000", LIKELY),
        (12345674901000, "012345674901000", LIKELY),
        ("01.234.567.4-901.000", "012345674901000", SURE),
        ("0012345674901000", "0012345674901000", SURE),
        ("1.23457E+13", "", LOST),
        (1234567490100, "1234567490100", SURE),
    ],
    ids=repr,
)
def test_a_tax_number_gets_its_zero_back(cell: Cell, value: str, certainty: Certainty) -> None:
    repaired = repair_npwp(cell)
    assert (repaired.value, repaired.certainty) == (value, certainty)


@pytest.mark.parametrize(
    ("cell", "value", "certainty"),
    [
        ("3201995708900003", "3201995708900003", SURE),
        ("3201995708900010", "3201995708900010", SURE),  # text keeps a true last zero
        (3201995708900000, "", LOST),
        (3201995708900000.0, "", LOST),
        ("3.20199570890000E+15", "", LOST),
        (3201995708900003, "3201995708900003", LIKELY),
        (32019957089000031, "", LOST),
    ],
    ids=repr,
)
def test_sixteen_digits_kept_as_a_number_lose_the_last(cell: Cell, value: str, certainty: Certainty) -> None:
    repaired = repair_nik(cell)
    assert (repaired.value, repaired.certainty) == (value, certainty)


def test_only_so_many_zeros_are_put_back_as_the_caller_allows() -> None:
    assert repair_nib("220001234567").value == "0220001234567"
    assert repair_digits("20001234567", 13).value == "20001234567"
    assert repair_digits("20001234567", 13, lost_zeros=2).value == "0020001234567"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (81234567890.0, "6281234567890"),
        (81234567890, "6281234567890"),
        ("81234567890", "6281234567890"),
        (6281234567890, "6281234567890"),
        ("'081234567890", "6281234567890"),
        ("8.1234567890E+10", "6281234567890"),
        (2187929919, "622187929919"),
    ],
    ids=repr,
)
def test_phones_from_a_sheet(cell: Cell, kept: str) -> None:
    assert parse_phone(repair_phone(cell).value) == kept


def test_a_phone_cut_short_by_the_sheet_is_lost() -> None:
    assert repair_phone("8.12346E+10").certainty is LOST
    assert repair_phone("6,28123E+12").certainty is LOST
    assert repair_phone("081234567890/081398765432") == ("081234567890/081398765432", SURE, None)


@pytest.mark.parametrize(
    ("cell", "day", "certainty"),
    [
        (datetime(2020, 8, 1, 13, 0), date(2020, 8, 1), SURE),
        (date(2020, 8, 1), date(2020, 8, 1), SURE),
        ("1 Agustus 2020", date(2020, 8, 1), SURE),
        (44044, date(2020, 8, 1), LIKELY),
        (44044.5, date(2020, 8, 1), LIKELY),
        ("44044", date(2020, 8, 1), LIKELY),
        ("44044.0", date(2020, 8, 1), LIKELY),
        (17081990, date(1990, 8, 17), SURE),
        (1081990.0, date(1990, 8, 1), LIKELY),
        (None, None, SURE),
        ("  ", None, SURE),
    ],
    ids=repr,
)
def test_days_from_a_sheet(cell: Cell, day: date | None, certainty: Certainty) -> None:
    repaired = repair_date(cell)
    assert (repaired.value, repaired.certainty) == (day, certainty)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2019, "only_year"),
        ("2019", "only_year"),
        ("17-08-90", "year_short"),
        (99999, "too_late"),
        (date(1850, 1, 1), "too_early"),
        (12.0, "unclear"),
        ("belum ada", "unclear"),
    ],
    ids=repr,
)
def test_cells_that_hold_no_day(cell: Cell, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        repair_date(cell)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (False, ""),
        (518.0, "518"),
        (12.5, "12.5"),
        (518, "518"),
        (date(1990, 8, 17), "17-08-1990"),
        (datetime(1990, 8, 17, 9, 30), "17-08-1990"),
        (" Maju ", " Maju "),
        (1e300, str(int(1e300))),
        (float("inf"), ""),
    ],
    ids=repr,
)
def test_a_cell_as_a_person_would_type_it(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@given(st.integers(10**12, 10**13 - 1))
def test_no_spelling_of_a_sheet_ever_yields_another_number(number: int) -> None:
    six = f"{number:.5E}"
    for cell in (
        number,
        float(number),
        str(number),
        f"{number}.0",
        f"{number:.12E}",
        six,
        six.replace(".", ","),
    ):
        repaired = repair_digits(cell, 13)
        assert repaired.value == str(number) or (repaired.certainty is LOST and repaired.value == "")
    assert repair_digits(six, 13).certainty is LOST


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.from_regex(r"[0-9]{1,20}([.,][0-9]{0,20})?[eE]\+?[0-9]{0,3}", fullmatch=True),
)  # fmt: skip


@given(cells, st.integers(1, 20))
def test_repair_never_raises_and_lost_is_always_blank(cell: Cell, length: int) -> None:
    for repaired in (repair_digits(cell, length), repair_phone(cell), repair_nik(cell)):
        assert isinstance(repaired.value, str)
        assert repaired.certainty is not LOST or (repaired.value == "" and repaired.note is not None)


@given(cells)
def test_a_date_cell_raises_nothing_but_problems(cell: Cell) -> None:
    try:
        day = repair_date(cell).value
    except ValueProblem:
        return
    assert day is None or date(1900, 1, 1) <= day <= date(2100, 12, 31)
