"""A cell says what a person reads in it, and nothing where people mark nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.reading.cells import clean_cell, shown_text
from app.imports.reading.wire import CellError


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u00a0",
        "-",
        " - ",
        "--",
        "n/a",
        "N/A",
        "tidak ada",
        "TIDAK ADA",
        "belum ada",
        "nihil",
        "kosong",
        ".",
        "\u200b",
        "\u2013",
    ],
)
def test_marks_of_nothing_are_nothing(text: str) -> None:
    assert clean_cell(text) is None


@pytest.mark.parametrize("zero", ["0", 0, 0.0, "000", "0.0"], ids=repr)
def test_zero_is_an_answer_unless_the_column_says_otherwise(zero: Any) -> None:
    assert clean_cell(zero) == zero
    assert clean_cell(zero, zero_is_empty=True) is None


def test_text_loses_what_cannot_be_seen() -> None:
    assert clean_cell("\ufeff KSP\u00a0 Maju\u200b\r\n Jaya\t") == "KSP Maju Jaya"
    assert clean_cell("Café\u0000Élan") == "Café Élan"


def test_other_cells_stay_what_they_are() -> None:
    assert clean_cell(3201070060001) == 3201070060001
    assert clean_cell(1.5) == 1.5
    assert clean_cell(None) is None
    assert clean_cell(datetime(2020, 1, 2)) == date(2020, 1, 2)
    assert clean_cell(datetime(2020, 1, 2, 8, 30)) == datetime(2020, 1, 2, 8, 30)
    assert clean_cell(CellError("#REF!")) == CellError("#REF!")
    assert (clean_cell(True), clean_cell(False)) == ("ya", "tidak")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "ya"),
        (518.0, "518"),
        (1.5, "1.5"),
        (date(2008, 8, 17), "17-08-2008"),
        (datetime(2008, 8, 17, 9, 5), "17-08-2008 09.05"),
        (CellError("#N/A"), "#N/A"),
        (" a ", "a"),
    ],
)
def test_cells_are_shown_as_people_read_them(cell: Any, text: str) -> None:
    assert shown_text(cell) == text


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_cell(text)
    assert once is None or (isinstance(once, str) and once == once.strip())
    if isinstance(once, str):
        assert clean_cell(once) == once
