"""The dry run: every row new, changed, unchanged, conflicting or faulty, with the reason at its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.transaction import atomically
from app.imports import staging
from app.imports.kinds import RowRef
from app.imports.queries.batches import BatchView
from app.imports.queries.rows import get_staged, list_rows
from app.imports.reading.limits import Refused
from app.imports.reading.tables import read_tables
from app.imports.rules import BatchStatus, Outcome
from app.imports.services import batches
from tests.databases import TEST_DATABASE
from tests.imports.bringing import (
    CANARY,
    HEADS,
    OFFICE,
    bring_in,
    counts,
    dry_run,
    in_clear,
    look,
    make_list,
    only_row,
    outcomes,
    records,
    row,
    rows_of,
    said,
    state,
)
from tests.imports.files import Rows, make_csv, make_ods, make_xls, make_xlsx
from tests.imports.messy import make_messy
from tests.sizes import size


def values(batch: BatchView, number: int) -> dict[str, object]:
    """What row ``number`` was understood to say."""
    found = next(r for r in rows_of(batch) if r.ref.number == number)
    staged = get_staged(batch.id, found.id)
    assert staged is not None
    return staged.values


def test_it_works(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Sari Bumi", number="518/12/BH/2004", men=10, women=12)))
    assert batch.status is BatchStatus.READY
    assert counts(batch) == {"new": 1}
    assert values(batch, 2)["legal_entity_number"] == "518/12/BH/2004"


def test_nothing_of_the_registry_changes(app: Flask, tmp_path: Path) -> None:
    bring_in(make_list(tmp_path, row("Koperasi Satu", number="518/1/BH/2004")))
    before = state()
    dry_run(
        make_list(
            tmp_path,
            row("Koperasi Satu", number="518/1/BH/2004", men=99),
            row("Koperasi Dua", number="518/2/BH/2004"),
        )
    )
    assert state() == before


MAKERS: dict[str, Callable[..., Path]] = {"xlsx": make_xlsx, "xls": make_xls, "ods": make_ods}


@pytest.mark.parametrize("kind", MAKERS)
def test_the_heading_may_stand_anywhere_totals_are_skipped_and_every_sheet_counts(
    app: Flask, tmp_path: Path, kind: str
) -> None:
    sheets: dict[str, Rows] = {
        "DATA": [
            ["DINAS KOPERASI"],
            ["DAFTAR KOPERASI PER 31 DESEMBER 2025"],
            [],
            ["No", "Nama Koperasi", "Kecamatan", "Desa"],
            [1, "Koperasi Satu", "Nanggung", "Nanggung"],
            [2, "Koperasi Dua", "Cibinong", "Karadenan"],
            [None, "JUMLAH", 2],
        ],
        "Ciomas": [["Nama", "Desa"], ["Koperasi Tiga", "Ciomas"]],
    }
    batch = dry_run(MAKERS[kind](tmp_path / f"daftar.{kind}", sheets))
    assert counts(batch) == {"new": 3, "skipped": 1}
    assert [(r.ref, r.name) for r in rows_of(batch) if r.outcome is Outcome.NEW] == [
        (RowRef("DATA", 5), "Koperasi Satu"),
        (RowRef("DATA", 6), "Koperasi Dua"),
        (RowRef("Ciomas", 2), "Koperasi Tiga"),
    ]
    assert said(batch, 7) == "Baris jumlah, dilewati."


def test_merged_cells_hold_for_all_their_rows(app: Flask, tmp_path: Path) -> None:
    rows: Rows = [["Kecamatan", "Nama Koperasi"], ["Nanggung", "Koperasi Satu"], [None, "Koperasi Dua"]]
    path = make_xlsx(tmp_path / "daftar.xlsx", {"Data": rows}, merges={"Data": [(1, 0, 2, 0)]})
    assert {values(dry_run(path), n)["kecamatan_code"] for n in (2, 3)} == {"32.01.21"}


def test_a_group_of_rows_under_its_kecamatan(app: Flask, tmp_path: Path) -> None:
    rows = [
        ["Nama Koperasi"],
        ["KECAMATAN CIBINONG"],
        ["Koperasi Satu"],
        ["KECAMATAN NANGGUNG"],
        ["Koperasi Dua"],
    ]
    batch = dry_run(make_xlsx(tmp_path / "daftar.xlsx", {"Data": [["Daftar"], *rows]}))
    found = {
        r.name: values(batch, r.ref.number)["kecamatan_code"]
        for r in rows_of(batch)
        if r.outcome is Outcome.NEW
    }
    assert found == {"Koperasi Satu": "32.01.01", "Koperasi Dua": "32.01.21"}


def test_faulty_rows_say_why_at_their_cell(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(
        make_list(
            tmp_path,
            row(""),
            row("Koperasi Dua", place="", desa=""),
            row("Koperasi Tiga", place="Pontianak", desa=""),
        )
    )
    assert outcomes(batch) == ["faulty"] * 3
    assert said(batch, 2, "name") == "Nama koperasi kosong."
    assert said(batch, 3, "kecamatan") == "Kecamatan kosong."
    assert "tidak ada di Kabupaten Bogor" in said(batch, 4, "kecamatan")


def test_what_cannot_be_read_is_left_out_and_said_at_its_cell(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(
        make_list(
            tmp_path,
            row(
                "Koperasi Satu", nik="3.27507E+12", phone="tidak tahu ya", men="banyak", desa="Entah Di Mana"
            ),
        )
    )
    assert outcomes(batch) == ["new"]
    assert "Excel menyingkat angka ini" in said(batch, 2, "nik_koperasi")
    assert "hanya berisi angka" in said(batch, 2, "phone")
    assert "angka bulat" in said(batch, 2, "members_male")
    assert said(batch, 2, "desa")
    assert values(batch, 2).keys() == {"name", "kecamatan_code"}


def test_numbers_that_excel_mangled_come_back(app: Flask, tmp_path: Path) -> None:
    heads = ["Nama Koperasi", "Kecamatan", "NIK Koperasi", "NIB", "No HP", "Tgl Badan Hukum"]
    rows: Rows = [heads, ["Koperasi Satu", "Nanggung", 3201070060001, 220010123456, 81234567890, 44044]]
    batch = dry_run(make_xlsx(tmp_path / "daftar.xlsx", {"Data": rows}))
    assert values(batch, 2) | {"name": ""} == {
        "name": "",
        "kecamatan_code": "32.01.21",
        "nik_koperasi": "3201070060001",
        "nib": "0220010123456",
        "phone": "6281234567890",
        "legal_entity_date": "2020-08-01",
    }
    assert "Nol di depan hilang" in said(batch, 2, "nib")
    assert "angka Excel" in said(batch, 2, "legal_entity_date")


def test_a_failed_formula_is_said_at_its_cell(app: Flask, tmp_path: Path) -> None:
    rows: Rows = [
        ["Nama Koperasi", "Kecamatan", "Anggota Pria"],
        ["Koperasi Satu", "Nanggung", ("=1/0", "#DIV/0!")],
    ]
    batch = dry_run(make_xlsx(tmp_path / "daftar.xlsx", {"Data": rows}))
    assert said(batch, 2, "members_male") == "Rumus Excel di sel ini rusak: #DIV/0!."


def test_a_kecamatan_is_suggested_rather_than_guessed(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu", place="Sukamaja", desa="")))
    assert outcomes(batch) == ["faulty"]
    assert "Mungkin maksudnya" in said(batch, 2, "kecamatan")


def test_a_list_that_is_no_list_keeps_its_rows_until_an_officer_names_the_columns(
    app: Flask, tmp_path: Path
) -> None:
    rows = [["Kolom A", "Kolom B"], ["Koperasi Satu", "Nanggung"], ["Koperasi Dua", "Cibinong"]]
    batch = dry_run(make_csv(tmp_path / "daftar.csv", rows))
    assert counts(batch) == {"skipped": 3}
    assert "Kolom ini belum ketemu: Nama koperasi" in batch.sentence
    (sheet,) = batch.mapping
    mended = {sheet: {**batch.mapping[sheet], "columns": {"0": "name", "1": "kecamatan"}}}
    atomically(lambda s: batches.correct_mapping(s, batch.id, mended, actor=OFFICE))
    staging.read_again(batch.id)
    batch = look(batch.id)
    assert counts(batch) == {"new": 2, "faulty": 1}
    assert batch.sentence == ""
    assert values(batch, 3)["kecamatan_code"] == "32.01.01"


def test_corrected_columns_judge_every_row_again(app: Flask, tmp_path: Path) -> None:
    heads = ["Nama Koperasi", "Kecamatan", "Ketua"]
    batch = dry_run(make_list(tmp_path, ["Koperasi Satu", "Nanggung", "Cibinong"], heads=heads))
    (sheet,) = batch.mapping
    mended = {sheet: {**batch.mapping[sheet], "columns": {"0": "name", "2": "kecamatan"}}}
    atomically(lambda s: batches.correct_mapping(s, batch.id, mended, actor=OFFICE))
    staging.read_again(batch.id)
    assert values(look(batch.id), 2) == {"name": "Koperasi Satu", "kecamatan_code": "32.01.01"}
    assert look(batch.id).status is BatchStatus.READY


def test_a_file_without_any_table_says_so(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "kosong.csv"
    path.write_text("halo\n")
    batch = dry_run(path)
    assert batch.status is BatchStatus.READY
    assert counts(batch) == {}
    assert batch.sentence


def test_a_refused_file_opens_no_batch(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "gambar.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(Refused):
        dry_run(path)


def test_a_file_that_breaks_half_way_is_refused_whole(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_list(tmp_path, *(row(f"Koperasi {n}") for n in range(600)))

    def broken(*args: Any, **kwargs: Any) -> Iterator[Any]:
        yield from list(read_tables(*args, **kwargs))[:400]
        raise Refused("damaged")

    monkeypatch.setattr(staging, "read_tables", broken)
    batch = dry_run(path)
    assert batch.status is BatchStatus.REFUSED
    assert "rusak" in batch.sentence
    assert rows_of(batch) == []


def test_phones_never_stand_in_clear_anywhere(app: Flask, tmp_path: Path) -> None:
    """In no table, not even in remarks, reasons, names of columns or history; on SQLite not in its files either."""
    spread = row(
        f"Koperasi Satu {CANARY}", phone=CANARY, address=f"Jl. Raya, HP {CANARY}", remark=f"hubungi {CANARY}"
    )
    heads = [*HEADS[:-1], f"Keterangan {CANARY}"]
    batch = bring_in(make_list(tmp_path, spread, heads=heads, name="daftar.csv"))
    changed = row(f"Koperasi Satu {CANARY}", phone="0813-1111-2222", remark=f"dulu {CANARY}")
    bring_in(make_list(tmp_path, changed, heads=heads))
    assert counts(batch) == {"new": 1}
    for spelling in (CANARY, CANARY[1:], f"62{CANARY[1:]}", "81311112222"):
        assert in_clear(spelling) == []
    if TEST_DATABASE == "sqlite":
        db.session.remove()
        folder = Path(str(db.engine.url.database)).parent
        for file in folder.glob("test.sqlite3*"):
            assert CANARY[1:].encode() not in file.read_bytes(), file


def test_the_search_for_clear_text_finds_what_is_there(app: Flask, tmp_path: Path) -> None:
    bring_in(make_list(tmp_path, row("Koperasi Burung Kenari")))
    assert "cooperative.name" in in_clear("Burung Kenari")


def test_a_long_messy_list_becomes_what_it_really_says(app: Flask, tmp_path: Path) -> None:
    """Every row of the made-up list against its truth; only a kecamatan nobody can make out may stay behind."""
    messy = make_messy(tmp_path / "kantor.xlsx", rows=size(400, 1_845))
    batch = dry_run(messy.path)
    by_ref = {tuple(r.ref): r for r in list_rows(batch.id, None, limit=5_000)}
    assert len(by_ref) == len(messy.truth)
    for truth in messy.truth:
        found = by_ref[truth.sheet, truth.number]
        if truth.kind != "data":
            assert found.outcome is Outcome.SKIPPED, found
        elif truth.faulty:
            assert found.outcome is Outcome.FAULTY, found
        elif truth.same_as is not None:
            assert found.outcome in {Outcome.UNCHANGED, Outcome.CONFLICT}, found
            assert found.twin == RowRef(*truth.same_as), found
        elif "kecamatan_typo" not in truth.marks:
            assert found.outcome is Outcome.NEW, found
        if found.outcome is Outcome.NEW:
            _same_values(batch, found.id, truth.values)


def _same_values(batch: BatchView, row_id: int, truth: dict[str, object]) -> None:
    staged = get_staged(batch.id, row_id)
    assert staged is not None
    derived = {"members_total"}  # follows from men and women
    for name, wanted in truth.items():
        if name not in derived:
            got = staged.values.get(name)
            assert str(got).casefold() == str(wanted).casefold(), (staged.ref, name)


def test_dates_of_the_list(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(make_list(tmp_path, row("Koperasi Satu")), as_of=date(2025, 12, 31))
    assert batch.as_of == date(2025, 12, 31)
    assert only_row(batch).outcome is Outcome.NEW
    assert records() == []
