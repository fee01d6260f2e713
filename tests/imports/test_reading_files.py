"""Honest files of every kind give their rows, with the cells as people see them."""

from __future__ import annotations

import contextlib
import os
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from app.imports.reading.limits import Limits, Refused
from app.imports.reading.wire import CellError, Row, SheetInfo, pack_cell, unpack_cell
from app.imports.reading.workbook import open_rows
from tests.imports.files import make_csv, make_ods, make_xls, make_xlsx, repacked, small_xlsx
from tests.sizes import size

DAY = date(2008, 8, 17)
ROWS: list[list[Any]] = [
    ["Nama", "Kecamatan", "NIK", "Tanggal", "Anggota"],
    ["Maju & Mukti <1>", "Cibinong", 3201070060001, DAY, 25],
    [None, None, None, None, None],
    ["Jaya", None, "0012345678901", DAY, 1.5],
]


def read(path: Path, limits: Limits | None = None) -> list[Row]:
    with open_rows(path, limits=limits) as rows:
        return list(rows)


@pytest.mark.parametrize("make", [make_xlsx, make_xls, make_ods])
def test_the_three_kinds_of_workbook_say_the_same(make: Any, tmp_path: Path) -> None:
    path = make(tmp_path / "daftar.dat", {"Data": ROWS, "Lain": [["Nama"], ["Tirta"]]})
    with open_rows(path) as rows:
        assert rows.sheets == (SheetInfo("Data"), SheetInfo("Lain"))
        found = list(rows)
    assert [(row.sheet, row.number) for row in found] == [
        ("Data", 1),
        ("Data", 2),
        ("Data", 4),
        ("Lain", 1),
        ("Lain", 2),
    ]
    assert found[1].cells == ["Maju & Mukti <1>", "Cibinong", 3201070060001, DAY, 25]
    assert found[2].cells == ["Jaya", None, "0012345678901", DAY, 1.5]


@pytest.mark.parametrize("make", [make_xlsx, make_xls, make_ods])
def test_merged_cells_are_carried_down_and_said_to_lie_across(make: Any, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Anggota", None, "Kecamatan"],
        ["L", "P", "Ciawi"],
        [1, 2, None],
        [3, 4, None],
        [5, 6, "Cisarua"],
    ]
    path = make(tmp_path / "gabung.dat", {"Data": rows}, merges={"Data": [(0, 0, 0, 1), (1, 2, 3, 2)]})
    found = read(path)
    assert found[0].spans == ((0, 1),)
    assert [row.cells[2] for row in found[1:]] == ["Ciawi", "Ciawi", "Ciawi", "Cisarua"]
    assert [row.filled for row in found] == [(), (), (2,), (2,), ()]


def test_a_row_with_nothing_of_its_own_is_left_out_even_inside_a_merged_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["a", "Ciawi"], [None, None], ["c", None]]
    found = read(make_xlsx(tmp_path / "x.xlsx", {"Data": rows}, merges={"Data": [(0, 1, 2, 1)]}))
    assert [row.number for row in found] == [1, 3]


def test_formulas_give_their_last_result_and_failed_ones_their_error(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["x", ("=1+1", 2), ("=A9", "#REF!"), ("=1/0", "#DIV/0!"), ("=LOWER(A1)", "abc")]]
    found = read(make_xlsx(tmp_path / "f.xlsx", {"Data": rows}))
    assert found[0].cells == ["x", 2, CellError("#REF!"), CellError("#DIV/0!"), "abc"]


def test_failed_formulas_of_an_ods_are_named(tmp_path: Path) -> None:
    cell = b'<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    source = make_ods(tmp_path / "s.ods", {"Data": [["a", "ganti"]]})

    def change(name: str, data: bytes) -> bytes:
        if name != "content.xml":
            return data
        start = data.index(b"<table:table-cell", data.index(b"<text:p>a</text:p>"))
        end = data.index(b"</table:table-cell>", start) + len(b"</table:table-cell>")
        return data[:start] + cell + data[end:]

    assert read(repacked(source, tmp_path / "e.ods", change))[0].cells[:2] == ["a", CellError("#REF!")]


def test_hidden_sheets_are_named_but_not_read(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "h.xlsx", {"Data": [["a"]], "Arsip": [["b"]]}, hidden=["Arsip"])
    with open_rows(path) as rows:
        assert rows.sheets == (SheetInfo("Data"), SheetInfo("Arsip", hidden=True))
        assert [row.sheet for row in rows] == ["Data"]


def test_hidden_sheets_of_the_other_kinds_are_known_too(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Data").write(0, 0, "a")
    hidden = book.add_sheet("Arsip")
    hidden.write(0, 0, "b")
    hidden.visibility = 1
    book.save(str(tmp_path / "h.xls"))
    style = (
        b'<office:automatic-styles><style:style style:name="ta9" style:family="table">'
        b'<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    ods = repacked(
        make_ods(tmp_path / "s.ods", {"Data": [["a"]], "Arsip": [["b"]]}),
        tmp_path / "h.ods",
        lambda n, d: d.replace(b"<office:body>", style + b"<office:body>").replace(
            b'table:name="Arsip"', b'table:name="Arsip" table:style-name="ta9"'
        ),
    )
    for path in (tmp_path / "h.xls", ods):
        with open_rows(path) as rows:
            assert [sheet.hidden for sheet in rows.sheets] == [False, True]
            assert [row.sheet for row in rows] == ["Data"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_csv_is_read_whatever_its_separator_and_encoding(
    delimiter: str, encoding: str, tmp_path: Path
) -> None:
    rows = [["Nama", "Alamat"], ["Café Élan", "Jl. Raya, No. 5; RT 1"], ["Maju", "Desa\nCiawi"]]
    found = read(make_csv(tmp_path / "d.csv", rows, delimiter=delimiter, encoding=encoding))
    assert [row.cells for row in found] == rows
    assert found[0].sheet == ""


def test_a_csv_keeps_zeros_in_front_and_says_its_row_numbers(tmp_path: Path) -> None:
    path = make_csv(tmp_path / "d.csv", [["0812"], [], ["003201"]], first="sep=;\n")
    assert [(row.number, row.cells) for row in read(path)] == [(2, ["0812"]), (4, ["003201"])]


def test_the_name_of_the_file_says_nothing(tmp_path: Path) -> None:
    path = small_xlsx(tmp_path / "x.xlsx").rename(tmp_path / "foto.png")
    with open_rows(path) as rows:
        assert rows.kind == "xlsx"
    text = make_csv(tmp_path / "d.xls", [["Nama", "Desa"], ["Maju", "Ciawi"]], delimiter="\t")
    assert read(text)[1].cells == ["Maju", "Ciawi"]


def test_formatted_blank_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    blank = b'<row r="900000"><c r="A900000" s="1"/><c r="XFD900000" s="0" x="/>"/></row></sheetData>'
    path = repacked(
        small_xlsx(tmp_path / "s.xlsx"),
        tmp_path / "b.xlsx",
        lambda n, d: d.replace(b"</sheetData>", blank) if "sheet1" in n else d,
    )
    assert len(read(path)) == 2


def test_pictures_and_embedded_files_of_a_workbook_are_not_touched(tmp_path: Path) -> None:
    extra = {f"xl/media/image{i}.png": os.urandom(1000) for i in range(150)} | {
        "xl/embeddings/x.bin": b"\0" * 5_000_000
    }
    path = repacked(small_xlsx(tmp_path / "s.xlsx"), tmp_path / "p.xlsx", lambda n, d: d, extra=extra)
    assert len(read(path, Limits(ratio=10**6))) == 2


def test_many_merged_cells_over_each_other_cost_little(tmp_path: Path) -> None:
    merges = b"<mergeCells>%s</mergeCells>" % b"".join(
        b'<mergeCell ref="A%d:B90000"/>' % i for i in range(1, 20_000)
    )
    path = repacked(
        make_xlsx(tmp_path / "s.xlsx", {"Data": [["a", "b"]] * 3000}),
        tmp_path / "m.xlsx",
        lambda n, d: d.replace(b"</sheetData>", b"</sheetData>" + merges) if "sheet1" in n else d,
    )
    assert len(read(path)) == 3000


def test_the_process_and_its_copy_are_gone_when_reading_stops_halfway(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", {"Data": [["a"]] * 5000})
    rows = open_rows(path)
    next(rows)
    scratch = Path(rows._scratch.name)
    assert scratch.exists()
    rows.close()
    assert not scratch.exists()
    assert rows._process.returncode is not None
    assert list(rows) == []


@pytest.mark.parametrize("make", [make_xlsx, make_xls, make_ods])
def test_the_file_may_go_as_soon_as_it_was_looked_at(make: Any, tmp_path: Path) -> None:
    path = make(tmp_path / "d.dat", {"Data": ROWS})
    text = make_csv(tmp_path / "d.csv", [["a", "b"]] * 30_000)
    for file, count in ((path, 3), (text, 30_000)):
        with open_rows(file) as rows:
            file.unlink()
            assert sum(1 for _ in rows) == count


def test_the_reading_process_knows_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://geheim")
    rows = open_rows(make_xlsx(tmp_path / "x.xlsx", {"Data": [["a" * 1000]] * 9000}))
    environment = Path(f"/proc/{rows._process.pid}/environ")
    if environment.exists():
        assert b"geheim" not in environment.read_bytes()
    rows.close()


def test_a_worker_whose_rows_nobody_takes_ends_by_itself(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", {"Data": [["a" * 1000 + str(i)] for i in range(9000)]})
    with open_rows(path, limits=Limits(abandoned_seconds=1, ratio=10**6)) as rows:
        assert rows._process.wait(timeout=10) != 0
        with pytest.raises(Refused, match="too_slow"):
            list(rows)


@pytest.mark.parametrize("make", [make_xlsx, make_xls, make_ods])
def test_damaged_files_are_read_or_refused_and_nothing_else(make: Any, tmp_path: Path) -> None:
    honest = make(tmp_path / "d.dat", {"Data": ROWS * 5, "Lain": ROWS}).read_bytes()
    chance = Random(7)
    for number in range(size(12, 300)):
        data = bytearray(honest)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        broken = tmp_path / f"{number}.dat"
        broken.write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(8, len(data))))])
        with contextlib.suppress(Refused):
            read(broken)


def test_too_many_rows_over_all_sheets_are_refused(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", {"A": [["a"]] * 60, "B": [["a"]] * 60})
    with pytest.raises(Refused, match="too_many_rows"):
        read(path, Limits(rows=100))


@given(
    st.one_of(
        st.text(),
        st.integers(-(2**60), 2**60),
        st.floats(allow_nan=False),
        st.booleans(),
        st.none(),
        st.dates(),
        st.datetimes(),
        st.builds(CellError, st.sampled_from(["#REF!", "#N/A"])),
    )
)
def test_cells_survive_the_wire(value: Any) -> None:
    found = unpack_cell(pack_cell(value))
    if value == "" or (isinstance(value, float) and value in (float("inf"), float("-inf"))):
        assert found is None
    else:
        assert found == value
        assert type(found) is type(value) or (isinstance(value, float) and value.is_integer())


@pytest.mark.parametrize("value", [["x", "1"], {"a": 1}, ["d", "kemarin"]])
def test_what_no_worker_says_is_no_cell(value: Any) -> None:
    with pytest.raises(ValueError):
        unpack_cell(value)
