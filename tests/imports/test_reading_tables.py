"""Rows under a heading are told apart: data, numbering, totals, sections, repeated headings, signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.cooperatives.sheet_columns import VOCABULARY
from app.imports.reading.tables import RowKind, Table, TableRow, read_tables, row_values
from app.imports.reading.wire import CellError, Row
from app.imports.reading.workbook import open_rows
from tests.imports.files import make_csv
from tests.imports.messy import HIDDEN, MAIN, MINISTRY, RECAP, Messy, make_messy

HEAD: list[Any] = ["No", "Nama Koperasi", "Kecamatan", "Jml Anggota", "Ketua"]


def rows_of(rows: Sequence[Sequence[Any]], name: str = "Data") -> list[Row]:
    return [
        Row(name, number, list(row)) for number, row in enumerate(rows, 1) if any(c is not None for c in row)
    ]


def read(rows: Sequence[Sequence[Any]], name: str = "Data", **options: Any) -> tuple[Table, list[TableRow]]:
    table, *found = read_tables(rows_of(rows, name), VOCABULARY, **options)
    assert isinstance(table, Table)
    return table, [row for row in found if isinstance(row, TableRow)]


def kinds(*rows: Sequence[Any]) -> list[str]:
    return [row.kind.value for row in read([HEAD, *rows])[1]]


def test_data_is_given_by_field_and_clean() -> None:
    _, rows = read(
        [HEAD, [1, " KSP\u00a0Maju ", "Ciawi", 25, "-"], [2, "Jaya", "tidak ada", 0, CellError("#REF!")]]
    )
    assert rows[0].values == {"row_number": 1, "name": "KSP Maju", "kecamatan": "Ciawi", "members_total": 25}
    assert rows[1].values == {"row_number": 2, "name": "Jaya", "members_total": 0}
    assert rows[1].errors == {"chair_name": "#REF!"}


def test_zero_is_nothing_where_the_column_says_so() -> None:
    assert (
        "members_total"
        not in read([HEAD, [1, "Maju", "Ciawi", 0, "0"]], zero_is_empty=["members_total"])[1][0].values
    )


@pytest.mark.parametrize(
    "row", [[1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"], ["(1)", "(2)", "(3)", "(4)=3+1", "(5)"]]
)
def test_numbers_of_columns_under_the_heading_are_no_data(row: list[Any]) -> None:
    assert kinds(row, [1, "Maju", "Ciawi", 3, "Asep"]) == ["numbering", "data"]


def test_totals_are_no_data() -> None:
    assert (
        kinds(
            ["JUMLAH KEC. CIAWI", None, None, 30, None],
            [None, "Total", None, 30, None],
            [None, "Sub Total", None, 30, None],
            [None, "GRAND TOTAL", None, 99, None],
        )
        == ["total"] * 4
    )


def test_a_cooperative_with_such_a_word_in_its_name_is_data() -> None:
    assert (
        kinds([1, "Total Mandiri", "Ciawi", 3, "Asep"], [2, "KSP Jumlah Berkah", "Ciawi", 3, None])
        == ["data"] * 2
    )


def test_headings_repeated_on_each_page_are_no_data() -> None:
    assert kinds([1, "Maju", "Ciawi", 3, "Asep"], HEAD, [2, "Jaya", "Ciawi", 4, None]) == [
        "data",
        "heading",
        "data",
    ]


def test_signatures_and_notes_under_the_table_are_no_data() -> None:
    assert kinds(
        [1, "Maju", "Ciawi", 3, "Asep"],
        [None, "Sumber : ODS", None, None, None],
        [None, None, None, None, "Cibinong, 12 Januari 2026"],
        [None, None, None, None, "Kepala Dinas,"],
        [None, None, None, None, "Drs. Asep Contoh, M.Si"],
        [None, None, None, None, "NIP. 19700101 199003 1 001"],
        [2, "Jaya", "Ciawi", 4, "Dedi"],
    ) == ["data", *["footer"] * 5, "data"]


def test_a_row_without_a_name_stays_data_so_that_it_can_be_reported() -> None:
    assert kinds([1, None, "Ciawi", 3, "Asep"]) == ["data"]


def test_sections_say_the_kecamatan_of_the_rows_under_them() -> None:
    _, rows = read(
        [
            ["No", "Nama Koperasi", "Alamat"],
            ["KECAMATAN CIAWI"],
            [1, "Maju", "a"],
            ["B.", "Kec. Cisarua"],
            [1, "Jaya", "b"],
        ]
    )
    assert [(row.kind.value, row.values.get("kecamatan")) for row in rows] == [
        ("section", None),
        ("data", "CIAWI"),
        ("section", None),
        ("data", "Cisarua"),
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Kec. Ciomas", "Ciomas"),
        ("GUNUNG PUTRI", "GUNUNG PUTRI"),
        ("03 Ciawi (2)", "Ciawi"),
        ("Sheet1", ""),
        ("Data Koperasi 2024", ""),
    ],
)
def test_the_sheets_name_is_the_kecamatan_where_no_column_is(name: str, place: str) -> None:
    _, rows = read([["Nama Koperasi", "Ketua"], ["Maju", "Asep"]], name)
    assert rows[0].values.get("kecamatan", "") == place


def test_the_title_is_asked_before_the_sheets_name() -> None:
    titles = [
        ["DAFTAR KOPERASI KECAMATAN TAJUR HALANG TAHUN 2025"],
        ["Nama Koperasi", "Ketua"],
        ["Maju", "Asep"],
    ]
    assert read(titles, "Ciawi")[1][0].values["kecamatan"] == "TAJUR HALANG"
    titles[0] = ["DAFTAR KOPERASI PER KECAMATAN TAHUN 2025"]
    assert read(titles, "Ciawi")[1][0].values["kecamatan"] == "Ciawi"


def test_a_column_of_its_own_is_asked_before_everything() -> None:
    _, rows = read([HEAD, [1, "Maju", None, 3, "Asep"]], "Ciawi")
    assert "kecamatan" not in rows[0].values


def test_a_sheet_without_the_needed_column_keeps_its_rows_for_an_officer_to_choose() -> None:
    table, rows = read(
        [
            ["Daftar anggota binaan"],
            ["Sebutan", "Kecamatan", "Jml"],
            ["Maju", "Ciawi", 3],
            ["Jumlah", None, 3],
        ]
    )
    assert not table.complete
    assert table.rows == (2,)
    assert table.headings == {0: "Sebutan", 1: "Kecamatan", 2: "Jml"}
    assert [(row.kind.value, row.values) for row in rows] == [("unread", {}), ("total", {})]
    assert row_values(rows[0].cells, {0: "name", 1: "kecamatan"})[0] == {"name": "Maju", "kecamatan": "Ciawi"}


def test_a_letter_is_no_table_at_all() -> None:
    table, rows = read(
        [["Kepada Yth. Kepala Dinas"], ["Dengan hormat, bersama ini kami kirim daftar koperasi."]]
    )
    assert (table.rows, table.complete, rows) == ((), False, [])


def test_rows_read_before_can_be_given_other_columns() -> None:
    values, errors = row_values(
        ["Maju", 3, CellError("#N/A")], {0: "name", 1: "members_total", 2: "phone", 9: "nib"}
    )
    assert values == {"name": "Maju", "members_total": 3}
    assert errors == {"phone": "#N/A"}


def test_rows_stream_and_are_not_gathered() -> None:
    given: list[int] = []

    def endless() -> Any:
        yield Row("Data", 1, HEAD)
        number = 1
        while True:
            number += 1
            given.append(number)
            yield Row("Data", number, [number, "Maju", "Ciawi", 3, "Asep"])

    found = read_tables(endless(), VOCABULARY)
    for _ in range(100):
        next(found)
    assert len(given) < 140


def test_a_csv_of_text_alone_is_a_table_too(tmp_path: Path) -> None:
    path = make_csv(
        tmp_path / "d.csv",
        [HEAD, ["1", "2", "3", "4", "5"], ["1", "Maju", "Ciawi", "3", "Asep"], ["", "Jumlah", "", "3", ""]],
    )
    with open_rows(path) as rows:
        found = [row for row in read_tables(rows, VOCABULARY) if isinstance(row, TableRow)]
    assert [row.kind.value for row in found] == ["numbering", "data", "total"]
    assert found[1].values["members_total"] == "3"


# The whole messy list


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Messy:
    return make_messy(tmp_path_factory.mktemp("messy") / "daftar.xlsx")


@pytest.fixture(scope="module")
def tables(messy: Messy) -> tuple[dict[str, Table], dict[tuple[str, int], TableRow]]:
    with open_rows(messy.path) as rows:
        found = list(read_tables(rows, VOCABULARY))
    return (
        {item.sheet: item for item in found if isinstance(item, Table)},
        {(item.sheet, item.number): item for item in found if isinstance(item, TableRow)},
    )


def test_the_same_seed_makes_the_same_list(messy: Messy, tmp_path: Path) -> None:
    again = make_messy(tmp_path / "lagi.xlsx")
    assert again.truth == messy.truth
    assert (
        make_messy(tmp_path / "lain.xlsx", seed=2, rows=200).truth
        != make_messy(tmp_path / "x.xlsx", rows=200).truth
    )
    assert len(messy.rows()) == 1845


def test_the_messy_list_has_every_kind_of_mess(messy: Messy) -> None:
    marks = Counter(mark for row in messy.truth for mark in row.marks)
    assert min(marks.values()) >= 3
    assert len(marks) >= 12
    assert set(Counter(row.kind for row in messy.truth)) == {
        "data",
        "numbering",
        "heading",
        "total",
        "footer",
        "unread",
    }


def test_tables_of_the_messy_list_are_found_and_the_rest_is_left(
    tables: tuple[dict[str, Table], dict[tuple[str, int], TableRow]],
) -> None:
    found = tables[0]
    assert not found[RECAP].complete
    assert HIDDEN not in found
    assert found[MAIN].rows == (5, 6)
    assert len(found[MINISTRY].columns) == 29
    assert sum(table.complete for table in found.values()) == 7


def test_every_row_of_the_messy_list_is_taken_for_what_it_is(
    messy: Messy, tables: tuple[dict[str, Table], dict[tuple[str, int], TableRow]]
) -> None:
    expected = {(row.sheet, row.number): row.kind for row in messy.truth}
    assert {place: row.kind.value for place, row in tables[1].items()} == expected


def test_values_of_the_messy_list_arrive_at_their_fields(
    messy: Messy, tables: tuple[dict[str, Table], dict[tuple[str, int], TableRow]]
) -> None:
    found = tables[1]
    for truth in messy.rows():
        row = found[truth.sheet, truth.number]
        name = str(row.values.get("name", ""))
        assert name.casefold() == truth.values["name"].casefold()
        assert ("members_total" in row.errors) == ("formula_failed" in truth.marks)
        if "date_as_number" in truth.marks:
            assert isinstance(row.values["legal_entity_date"], int)
        elif "date_as_text" in truth.marks:
            assert isinstance(row.values["legal_entity_date"], str)
        elif "legal_entity_date" in truth.values:
            assert row.values["legal_entity_date"] == date.fromisoformat(truth.values["legal_entity_date"])
        assert ("kecamatan" not in row.values) == ("kecamatan_missing" in truth.marks)
        assert row.kind is RowKind.DATA
