"""Undoing a batch: the state before it exactly, except what was changed since, which is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cooperatives.rules import FieldStatus
from app.cooperatives.services.records import change_record
from app.core.audit import History
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from app.imports import jobs, retention
from app.imports.rules import BatchStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import make_cooperative
from tests.imports.bringing import (
    OFFICE,
    bring_in,
    commit,
    count_of,
    dry_run,
    look,
    make_list,
    record,
    records,
    row,
    rows_of,
    said,
    sealed_cells,
    state,
    undo,
)
from tests.imports.messy import make_messy
from tests.imports.test_commit import PowerCut, cut_after, many, small_blocks  # noqa: F401 - a fixture
from tests.sizes import size

NUMBER = "518/12/BH/KWK.10/2004"
At = Callable[[str], None]


def change(code: str, **changes: object) -> None:
    """An officer changes a record."""
    atomically(
        lambda s: change_record(s, code=code, changes=changes, actor=OFFICE, deed="cooperative.edited")
    )


def test_a_long_list_leaves_no_trace(app: Flask, tmp_path: Path) -> None:
    """An older list first, a newer one over it, the newer one taken back, then the older one."""
    empty = state()
    older = bring_in(
        make_messy(tmp_path / "a.xlsx", rows=size(120, 900), seed=1).path, as_of=date(2024, 12, 31)
    )
    between = state()
    newer = bring_in(
        make_messy(tmp_path / "b.xlsx", rows=size(240, 1_845), seed=1).path, as_of=date(2025, 12, 31)
    )
    assert state() != between
    assert newer.counts["new"]
    assert newer.counts["changed"]
    assert undo(newer).status is BatchStatus.UNDONE
    assert state() == between
    undo(older)
    assert state() == empty


def test_changed_fields_get_back_what_they_were(app: Flask, tmp_path: Path) -> None:
    make_cooperative(
        "Koperasi Satu",
        legal_entity_number=NUMBER,
        address="Jl. Lama",
        members_total=50,
        rat_years=(2023,),
        phone="6281111111111",
    )
    before = state()
    heads = [
        "Nama Koperasi",
        "No BH",
        "Kecamatan",
        "Desa",
        "Alamat",
        "L",
        "P",
        "HP",
        "RAT 2025",
        "Status",
        "Grade",
        "Ketua",
    ]
    cells = [
        "KSP Satu",
        NUMBER,
        "Nanggung",
        "Hambaro",
        "Jl. Baru",
        10,
        20,
        "0812-3456-7890",
        "v",
        "Aktif",
        "A",
        "Budi",
    ]
    batch = bring_in(make_list(tmp_path, cells, heads=heads))
    assert record("KSP Satu").members_total == 30
    undo(batch)
    assert state() == before


def test_a_field_changed_since_stays_and_is_named_the_others_go_back(app: Flask, tmp_path: Path) -> None:
    code = make_cooperative("Koperasi Satu", legal_entity_number=NUMBER, address="Jl. Lama", chair_name="Ani")
    heads = ["Nama Koperasi", "No BH", "Kecamatan", "Alamat", "Ketua"]
    batch = bring_in(
        make_list(tmp_path, ["Koperasi Satu", NUMBER, "Nanggung", "Jl. Daftar", "Budi"], heads=heads)
    )
    change(code, address="Jl. Petugas")
    batch = undo(batch)
    found = record("Koperasi Satu")
    assert (found.address, found.chair_name) == ("Jl. Petugas", "Ani")
    assert said(batch, 2) == f"{code}: sudah diubah sejak impor, jadi tetap: Alamat."
    assert batch.sentence == "1 baris tetap, karena sudah diubah sejak impor."


def test_a_record_that_somebody_worked_on_stays_and_says_what(app: Flask, tmp_path: Path) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu"), row("Koperasi Dua")))
    code = record("Koperasi Satu").code
    change(code, field_status=FieldStatus.NOT_FOUND, field_status_on=date(2026, 11, 20))
    batch = undo(batch)
    assert [r.name for r in records()] == ["Koperasi Satu"]
    assert "sudah diubah sejak impor (Temuan lapangan, Didatangi)" in said(batch, 2)
    assert [r.undone for r in rows_of(batch)] == [False, True]


def test_a_record_that_somebody_wrote_about_stays(app: Flask, tmp_path: Path, client: CheckedClient) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu")))
    code = record("Koperasi Satu").code
    sent = client.post(f"/koperasi/{code}/lapor", data={"problem": "closed", "description": "Sudah tutup"})
    assert sent.status_code == 303
    batch = undo(batch)
    assert "sudah ada kiriman warga" in said(batch, 2)
    assert len(records()) == 1


def test_a_number_that_another_record_took_meanwhile_is_named(app: Flask, tmp_path: Path) -> None:
    code = make_cooperative(
        "Koperasi Satu", nik_koperasi="3201070060001", legal_entity_number="518/1/BH/2001"
    )
    heads = ["Kode", "Nama Koperasi", "No BH", "Kecamatan"]
    batch = bring_in(make_list(tmp_path, [code, "Koperasi Satu", NUMBER, "Nanggung"], heads=heads))
    make_cooperative("Koperasi Lain", legal_entity_number="518/1/BH/2001")
    batch = undo(batch)
    assert "sudah dipakai koperasi lain" in said(batch, 2)
    assert record("Koperasi Satu").legal_entity_number == NUMBER


def test_a_batch_over_another_is_undone_in_any_order(app: Flask, tmp_path: Path) -> None:
    """What the later list changed stays when the earlier one is undone first; then the later one finds no more."""
    first = bring_in(make_list(tmp_path, row("Koperasi Satu", number=NUMBER, address="Jl. A")))
    second = bring_in(make_list(tmp_path, row("Koperasi Satu", number=NUMBER, address="Jl. B")))
    first = undo(first)
    assert "sudah diubah sejak impor (Alamat)" in said(first, 2)
    undo(second)
    assert record("Koperasi Satu").address == "Jl. A"


def test_undoing_is_done_once(app: Flask, tmp_path: Path) -> None:
    batch = undo(bring_in(many(tmp_path, 3)))
    with pytest.raises(RuleBroken):
        jobs.begin_undo(batch.id, OFFICE)


def test_a_dry_run_has_nothing_to_undo(app: Flask, tmp_path: Path) -> None:
    batch = dry_run(many(tmp_path, 3))
    with pytest.raises(RuleBroken):
        jobs.begin_undo(batch.id, OFFICE)


@pytest.mark.usefixtures("small_blocks")
def test_undoing_that_broke_off_goes_on(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    before = state()
    batch = bring_in(many(tmp_path, 40))
    jobs.begin_undo(batch.id, OFFICE)
    with monkeypatch.context() as patch:
        cut_after(patch, "undo", 2)
        with pytest.raises(PowerCut):
            jobs.undo(batch.id, OFFICE)
    assert len(records()) == 20
    at("2026-11-23T09:05+07:00")
    assert jobs.resume_stalled() == [batch.id]
    assert look(batch.id).status is BatchStatus.UNDONE
    assert state() == before


def test_history_stays(app: Flask, tmp_path: Path) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu")))
    code = record("Koperasi Satu").code
    undo(batch)
    deeds = db.session.scalars(select(History.deed).where(History.subject == code).order_by(History.id)).all()
    assert deeds == ["cooperative.imported", "import.undone"]
    deeds = db.session.scalars(
        select(History.deed).where(History.subject == f"impor:{batch.id}").order_by(History.id)
    ).all()
    assert deeds == ["import.opened", "import.committing", "import.undoing"]


def test_after_30_days_the_cells_are_forgotten_and_undoing_says_so(
    app: Flask, tmp_path: Path, at: At
) -> None:
    batch = bring_in(make_list(tmp_path, row("Koperasi Satu"), row("")))
    assert retention.forget_old() == []
    assert sealed_cells()
    at("2026-12-24T09:00+07:00")
    assert retention.forget_old() == [batch.id]
    assert sealed_cells() == 0
    assert [r.outcome.value for r in rows_of(batch)] == ["new", "faulty"]
    assert said(batch, 3)
    with pytest.raises(RuleBroken) as broken:
        jobs.begin_undo(batch.id, OFFICE)
    assert "30 hari" in str(broken.value.sentence)
    assert retention.forget_old() == []
    assert len(records()) == 1


def test_a_list_being_worked_on_is_not_forgotten(app: Flask, tmp_path: Path, at: At) -> None:
    batch = dry_run(many(tmp_path, 3))
    jobs.begin_commit(batch.id, OFFICE)
    at("2027-01-24T09:00+07:00")
    assert retention.forget_old() == []
    jobs.commit(batch.id, OFFICE)
    assert retention.forget_old() == [batch.id]


def test_forgetting_goes_in_small_pieces(
    app: Flask, tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.imports.services import batches

    monkeypatch.setattr(batches, "FORGET_ROWS", 7)
    batch = dry_run(many(tmp_path, 20))
    at("2027-01-24T09:00+07:00")
    assert retention.forget_old() == [batch.id]
    assert sealed_cells() == 0


def test_dates_of_many_blocks(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "Pace", partial(jobs.Pace, first=3, least=1, most=3))
    before = state()
    batch = commit(dry_run(many(tmp_path, 20)))
    assert count_of(batch, rows_of(batch)[0].outcome) == 20
    undo(batch)
    assert state() == before
    assert db.session.scalar(select(func.count()).select_from(History)) == 43
