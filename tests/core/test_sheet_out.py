"""Spreadsheets that leave the house: every cell is text and comes back as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheet_out import MOST_CHARACTERS, Column, Sheet, cell_text, write_sheet, write_sheets

DANGEROUS = [
    "=1+1",
    "+62812",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1}",
    '=cmd|" /C calc"!A0',
    "http://a.example",
    "_x000D_",
]


def written(rows: Sequence[Sequence[object]], *, width: int = 12) -> io.BytesIO:
    target = io.BytesIO()
    write_sheet(target, [Column(f"Kolom {i}") for i in range(width)], rows)
    target.seek(0)
    return target


def read_back(target: io.BytesIO) -> list[list[Any]]:
    target.seek(0)
    return list(python_calamine.CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).iter_rows())


def sheet_xml(target: io.BytesIO, number: int = 1) -> str:
    with zipfile.ZipFile(target) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_nothing_is_ever_a_formula_or_a_link() -> None:
    target = written([DANGEROUS])
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}
    assert "<f>" not in sheet_xml(target)
    assert "hyperlink" not in sheet_xml(target)
    assert read_back(target)[1][: len(DANGEROUS)] == DANGEROUS


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40),
        min_size=1,
        max_size=12,
    )
)
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    target = written([texts])
    assert "<f" not in sheet_xml(target).replace("<font", "")
    found = read_back(target)[1:]
    row = found[0] if found else []
    assert [str(cell) for cell in row] + [""] * (12 - len(row)) == texts + [""] * (12 - len(texts))


def test_long_numbers_keep_their_digits() -> None:
    assert read_back(written([["3201010101010001", 3201010101010001, "0812", 12.0]]))[1][:4] == [
        "3201010101010001",
        "3201010101010001",
        "0812",
        "12",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "ya"),
        (date(2026, 8, 17), "17-08-2026"),
        (datetime(2026, 8, 17, 9, 5), "17-08-2026 09.05"),
        (1.5, "1.5"),
        ("\ud800", "\ufffd"),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_too_long_a_text_is_cut_and_shows_it() -> None:
    text = cell_text("a" * 40_000)
    assert len(text) == MOST_CHARACTERS
    assert text.endswith("…")


def test_the_heading_is_bold_stays_in_sight_and_filters() -> None:
    target = written([["a"], ["b"]], width=3)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"
    assert all(cell.font.bold for cell in sheet[1])


def test_columns_have_their_width() -> None:
    target = io.BytesIO()
    write_sheet(target, [Column("a", 40), Column("b", 9, wrapped=True)], [["x", "y"]])
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert sheet.column_dimensions["A"].width == pytest.approx(40, abs=1)
    assert sheet["B2"].alignment.wrap_text


def test_a_row_wider_than_the_heading_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="wider"):
        written([["a", "b"]], width=1)


def test_sheets_get_names_that_excel_accepts() -> None:
    names = ["Kec. A/B", "Kec. A B", "kec. a b", "x" * 40, "x" * 41, "'", "History", ""]
    target = io.BytesIO()
    write_sheets(target, [Sheet(name, [Column("a")], []) for name in names])
    found = openpyxl.load_workbook(target).sheetnames
    assert len({name.lower() for name in found}) == len(names)
    assert max(map(len, found)) <= 31


def test_rows_stream_into_the_file(tmp_path: Path) -> None:
    taken = 0

    def rows() -> Iterator[list[str]]:
        nonlocal taken
        for taken in range(1, 5_001):
            yield [str(taken)]

    assert write_sheet(tmp_path / "x.xlsx", [Column("a")], rows(), folder=tmp_path) == taken == 5_000
    assert [path.name for path in tmp_path.iterdir()] == ["x.xlsx"]
