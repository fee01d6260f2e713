"""The report of a batch is a spreadsheet of text that can be mended and sent in again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from app.cooperatives.sheet_columns import VOCABULARY
from app.imports.reading.tables import Table, TableRow, read_tables
from app.imports.reading.wire import CellError
from app.imports.reading.workbook import open_rows
from app.imports.report_file import ReportRow, ReportSheet, write_report

HEADINGS = ["No", "Nama Koperasi", "Kecamatan", "Tgl BH", "NIK"]


def report(path: Path) -> Path:
    rows = [
        ReportRow(
            7,
            "Salah isi",
            ["Kecamatan kosong.", "=Rumus"],
            [1, "=Maju", None, date(2008, 8, 17), CellError("#REF!")],
        ),
        ReportRow(8, "Baru", [], [2, "+Jaya", "Ciawi"], code="K-ABC2345"),
    ]
    assert write_report(path, [ReportSheet("Data", HEADINGS, iter(rows)), ReportSheet("Kosong", [], [])]) == 2
    return path


def test_each_row_stands_with_its_outcome_and_its_reasons(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(report(tmp_path / "laporan.xlsx"))["Data"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[0] == [*HEADINGS, "Hasil impor", "Alasan", "Kode catatan", "Baris asal"]
    assert found[1] == [
        "1",
        "=Maju",
        None,
        "17-08-2008",
        "#REF!",
        "Salah isi",
        "Kecamatan kosong.\n=Rumus",
        None,
        "7",
    ]
    assert found[2] == ["2", "+Jaya", "Ciawi", None, None, "Baru", None, "K-ABC2345", "8"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_report_can_be_sent_in_again(tmp_path: Path) -> None:
    with open_rows(report(tmp_path / "laporan.xlsx")) as rows:
        table, *found = [
            item for item in read_tables(rows, VOCABULARY) if getattr(item, "sheet", "") == "Data"
        ]
    assert isinstance(table, Table)
    assert list(table.columns.values()) == [
        "row_number",
        "name",
        "kecamatan",
        "legal_entity_date",
        "nik_koperasi",
        "code",
    ]
    values = [row.values for row in found if isinstance(row, TableRow)]
    assert values[1] == {"row_number": "2", "name": "+Jaya", "kecamatan": "Ciawi", "code": "K-ABC2345"}
