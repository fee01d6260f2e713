"""The row report: every row as it came with what it does and why, text cells only, numbers of persons covered."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from app.core.audit import PersonalAccess
from app.core.db import db
from app.imports.queries.batches import BatchView
from app.imports.reporting import write_row_report
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.factories.regions import desa_code
from tests.imports.bringing import CANARY, bring_in, counts, dry_run, make_list, row, still_signed_in
from tests.imports.files import Rows, make_xlsx

SignIn = Callable[[str], CheckedClient]
Sheet = list[list[Any]]


def sheets_of(data: bytes | Path) -> dict[str, Sheet]:
    """What a person reads in the workbook, formulas as formulas."""
    book = openpyxl.load_workbook(BytesIO(data) if isinstance(data, bytes) else data)
    return {s.title: [[cell.value for cell in line] for line in s.iter_rows()] for s in book.worksheets}


def report_of(batch: BatchView, folder: Path, *, in_clear: bool = False) -> dict[str, Sheet]:
    """The report of the batch."""
    path = folder / "laporan.xlsx"
    write_row_report(batch, path, in_clear=in_clear)
    return sheets_of(path)


def test_every_row_stands_as_it_came_with_outcome_reasons_and_code(app: Flask, tmp_path: Path) -> None:
    code = make_cooperative("KSP Sumber Rejeki Abadi", desa_code=desa_code("Nanggung", "Nanggung"))
    rows = [
        row("Koperasi Satu", nik="3.27507E+12"),
        row("KSP Sumber Rezeki Abadii"),
        row("", remark="catatan"),
    ]
    batch = bring_in(make_list(tmp_path, *rows))
    (sheet,) = report_of(batch, tmp_path).values()
    heads = sheet[0]
    said = [dict(zip(heads, line, strict=True)) for line in sheet[1:]]
    assert heads[:2] == ["Nama Koperasi", "No Badan Hukum"]
    assert heads[-4:] == ["Hasil impor", "Alasan", "Kode catatan", "Baris asal"]
    assert [(s["Nama Koperasi"], s["Hasil impor"], s["Baris asal"]) for s in said] == [
        ("Koperasi Satu", "Baru", "2"),
        ("KSP Sumber Rezeki Abadii", "Bertentangan", "3"),
        (None, "Salah isi", "4"),
    ]
    assert said[0]["Alasan"].startswith("C2 Nomor Induk Koperasi (NIK): Excel menyingkat")
    assert said[1]["Kode catatan"] == code
    assert said[2]["Alasan"] == "A4 Nama koperasi: Nama koperasi kosong."


@pytest.mark.parametrize("canary", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1"])
def test_nothing_in_it_is_ever_a_formula(app: Flask, tmp_path: Path, canary: str) -> None:
    rows = [
        ["Nama Koperasi", "Kecamatan", canary],
        [canary, "Nanggung", canary],
        ["Koperasi", canary, canary],
    ]
    batch = dry_run(make_xlsx(tmp_path / "daftar.xlsx", {"Data": rows}))
    path = tmp_path / "laporan.xlsx"
    write_row_report(batch, path)
    book = openpyxl.load_workbook(path)
    kinds = {
        cell.data_type for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None
    }
    assert kinds == {"s"}
    inside = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in inside
    assert canary.strip() in {str(c.value).strip() for line in book.worksheets[0].iter_rows() for c in line}


def test_each_sheet_of_the_list_has_its_sheet(app: Flask, tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Satu": [["Nama Koperasi", "Kecamatan"], ["Koperasi A", "Nanggung"], ["JUMLAH", 1]],
        "Dua": [["Kecamatan", "Nama Koperasi", "Ketua"], ["Nanggung", "Koperasi B", "Budi"]],
    }
    found = report_of(dry_run(make_xlsx(tmp_path / "daftar.xlsx", sheets)), tmp_path)
    assert list(found) == ["Satu", "Dua"]
    assert found["Dua"][1][:3] == ["Nanggung", "Koperasi B", "Budi"]
    assert found["Satu"][2][2] == "Dilewati"


def test_numbers_of_persons_are_covered_unless_in_clear(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(
        make_list(tmp_path, row("Koperasi Satu", phone=CANARY, remark=f"hub {CANARY}", nik="3201070060001"))
    )
    covered, clear = (repr(report_of(batch, tmp_path, in_clear=c)) for c in (False, True))
    assert CANARY not in covered
    assert covered.count("0812-****-432") == 2
    assert "3201070060001" in covered  # belongs to the body
    assert clear.count(CANARY) == 2


def test_a_report_in_clear_comes_in_again_as_a_list(app: Flask, tmp_path: Path) -> None:
    bring_in(make_list(tmp_path, row("Koperasi Satu", phone=CANARY, men=5), row("Koperasi Dua", men=6)))
    batch = dry_run(
        make_list(tmp_path, row("Koperasi Satu", phone=CANARY, men=5), row("Koperasi Dua", men=6))
    )
    path = tmp_path / "laporan.xlsx"
    write_row_report(batch, path, in_clear=True)
    assert counts(dry_run(path)) == {"unchanged": 2}


# --- at the desk -----------------------------------------------------------------------------------------------------


def test_the_desk_gives_it_covered(app: Flask, tmp_path: Path, sign_in: SignIn) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", phone=CANARY)))
    answer = sign_in("administrator").get(f"/petugas/impor/{batch.id}/laporan.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert CANARY not in repr(sheets_of(answer.data))


def test_in_clear_only_with_the_second_factor_fresh_and_noted(
    app: Flask, tmp_path: Path, sign_in: SignIn, cast: Any
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", phone=CANARY)))
    browser = sign_in("dinas_officer")
    answer = browser.post(f"/petugas/impor/{batch.id}/laporan-lengkap")
    assert answer.status_code == 200
    assert CANARY in repr(sheets_of(answer.data))
    looks = db.session.scalars(select(PersonalAccess)).all()
    assert [(look.actor_id, look.subject) for look in looks] == [
        (cast["dinas_officer"].account_id, f"impor:{batch.id}")
    ]


def test_an_old_second_factor_is_asked_for_again(
    app: Flask, tmp_path: Path, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", phone=CANARY)))
    browser = sign_in("administrator")
    at("2026-11-23T09:20+07:00")
    still_signed_in()
    answer = browser.post(f"/petugas/impor/{batch.id}/laporan-lengkap")
    assert answer.status_code == 403
    assert CANARY.encode() not in answer.data
    assert db.session.scalars(select(PersonalAccess)).all() == []


@pytest.mark.parametrize("name", ["leader", "companion", "co_administrator", "pum_officer"])
def test_not_for_others(app: Flask, tmp_path: Path, sign_in: SignIn, name: str) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    browser = sign_in(name)
    assert browser.post(f"/petugas/impor/{batch.id}/laporan-lengkap").status_code == 403
    assert browser.get(f"/petugas/impor/{batch.id}/laporan.xlsx").status_code == 403


def test_not_for_an_officer_of_an_area(app: Flask, tmp_path: Path, sign_in: SignIn) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")))
    browser = sign_in("officer")
    assert browser.post(f"/petugas/impor/{batch.id}/laporan-lengkap").status_code == 404
    assert browser.get(f"/petugas/impor/{batch.id}/laporan.xlsx").status_code == 404
