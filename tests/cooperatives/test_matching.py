"""Is a row a cooperative we know? By numbers, by name and place, inside the file and against the registry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cooperatives.importing.changes import changes_between
from app.cooperatives.rules import MinistryStatus
from app.cooperatives.services.merging import merge_records
from app.cooperatives.services.records import set_status
from app.core.transaction import atomically
from app.imports.queries.batches import BatchView
from app.imports.rules import Outcome
from app.registry.rules import RecordStatus
from tests.cast import Cast
from tests.factories.cooperatives import OFFICE, make_cooperative
from tests.factories.regions import CIBINONG, desa_code
from tests.imports.bringing import dry_run, make_list, only_row, outcomes, row, rows_of, said

NUMBER = "518/12/BH/KWK.10/2004"
DAY = date(2026, 11, 23)


def known(name: str = "KSP Maju Jaya", **values: Any) -> str:
    """A record in desa Nanggung, where ``row()`` is too."""
    return make_cooperative(name, **{"desa_code": desa_code("Nanggung", "Nanggung"), **values})


@pytest.fixture
def judged(app: Flask, tmp_path: Path) -> Callable[..., BatchView]:
    """The dry run of these rows."""
    return lambda *rows, **given: dry_run(make_list(tmp_path, *rows), **given)


Judged = Callable[..., BatchView]


# --- against the registry, by numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "cells"),
    [
        ({"legal_entity_number": NUMBER}, {"number": "518 / 12 / BH / KWK.10 / 2004"}),
        ({"nik_koperasi": "3201070060001"}, {"nik": "3201070060001"}),
    ],
)
def test_the_same_number_is_the_same_cooperative_under_another_name(
    judged: Judged, stored: dict[str, Any], cells: dict[str, Any]
) -> None:
    code = known("Koperasi Simpan Pinjam Maju Jaya", **stored)
    found = only_row(judged(row("KSP Maju Jaya Bersama", **cells)))
    assert (found.outcome, found.record_code) == (Outcome.CHANGED, code)
    assert found.changes["name"] == ["Koperasi Simpan Pinjam Maju Jaya", "KSP Maju Jaya Bersama"]


def test_the_same_number_under_a_name_far_from_it_asks(judged: Judged) -> None:
    code = known(legal_entity_number=NUMBER)
    batch = judged(row("Koperasi Nelayan Pantai", number=NUMBER))
    assert (only_row(batch).outcome, only_row(batch).record_code) == (Outcome.CONFLICT, code)
    assert "Nomornya sama" in said(batch, 2)


def test_numbers_of_two_cooperatives_in_one_row_ask(judged: Judged) -> None:
    known("Koperasi A", legal_entity_number=NUMBER)
    known("Koperasi B", nik_koperasi="3201070060001")
    batch = judged(row("Koperasi A", number=NUMBER, nik="3201070060001"))
    assert outcomes(batch) == ["conflict"]
    assert "beberapa koperasi" in said(batch, 2)


def test_a_merged_record_stands_for_the_one_it_went_into(judged: Judged, cast: Cast) -> None:
    from dataclasses import replace

    kept, gone = known("Koperasi Tani Maju Bersama"), known("Koperasi Tani Maju", legal_entity_number=NUMBER)
    officer = replace(OFFICE, account_id=cast["dinas_officer"].account_id)
    atomically(
        lambda s: merge_records(s, kept_code=kept, merged_code=gone, chosen={}, seen="", actor=officer)
    )
    found = only_row(judged(row("Koperasi Tani Maju", number=NUMBER)))
    assert found.record_code == kept
    assert found.outcome in {Outcome.CHANGED, Outcome.UNCHANGED}


@pytest.mark.parametrize(
    ("status", "words"), [(RecordStatus.PENDING, "belum diputuskan"), (RecordStatus.ARCHIVED, "diarsipkan")]
)
def test_a_record_that_is_not_public_asks_before_a_list_changes_it(
    judged: Judged, status: RecordStatus, words: str
) -> None:
    code = known(legal_entity_number=NUMBER)
    atomically(lambda s: set_status(s, code=code, status=status, actor=OFFICE, deed="test"))
    batch = judged(row("KSP Maju Jaya", number=NUMBER, men=5))
    assert outcomes(batch) == ["conflict"]
    assert words in said(batch, 2)


# --- against the registry, by name and place -----------------------------------------------------------------------


def test_the_same_name_in_the_same_desa_is_the_same_cooperative(judged: Judged) -> None:
    code = known("Koperasi Simpan Pinjam Maju Jaya")
    found = only_row(judged(row("KSP MAJU JAYA", address="Jl. Raya 5")))
    assert (found.outcome, found.record_code) == (Outcome.CHANGED, code)
    assert "address" in found.changes


def test_the_same_name_in_another_desa_is_another_cooperative(judged: Judged) -> None:
    known(desa_code=desa_code("Curugbitung", "Nanggung"))
    assert outcomes(judged(row("KSP Maju Jaya"))) == ["new"]


def test_the_same_name_in_another_kecamatan_is_another_cooperative(judged: Judged) -> None:
    known(kecamatan_code=CIBINONG, desa_code=None)
    assert outcomes(judged(row("KSP Maju Jaya"))) == ["new"]


def test_a_desa_that_is_unknown_on_one_side_speaks_for_nothing_and_against_nothing(judged: Judged) -> None:
    code = known(desa_code=None)
    found = only_row(judged(row("KSP Maju Jaya")))
    assert (found.outcome, found.record_code) == (Outcome.CHANGED, code)
    assert found.changes["desa_code"] == [None, desa_code("Nanggung", "Nanggung")]


def test_a_name_spelt_a_little_otherwise_asks(judged: Judged) -> None:
    code = known("KSP Sumber Rejeki Abadi")
    batch = judged(row("KSP Sumber Rezeki Abadii"))
    assert (only_row(batch).outcome, only_row(batch).record_code) == (Outcome.CONFLICT, code)
    assert "Mirip sekali" in said(batch, 2, "name")


def test_the_same_name_of_another_kind_asks(judged: Judged) -> None:
    known("Koperasi Karyawan Maju Jaya")
    assert outcomes(judged(row("KSP Maju Jaya"))) == ["conflict"]


def test_the_same_name_with_another_number_asks_and_a_like_name_with_another_number_is_new(
    judged: Judged,
) -> None:
    known("KSP Sumber Rejeki", legal_entity_number=NUMBER)
    batch = judged(
        row("KSP Sumber Rejeki", number="518/99/BH/2010"), row("KSP Sumber Rezekii", number="518/98/BH/2011")
    )
    assert outcomes(batch) == ["conflict", "new"]
    assert "nomornya lain" in said(batch, 2, "name")


def test_two_records_of_one_name_ask_unless_one_of_them_says_the_same(judged: Judged) -> None:
    known(address="Jl. Satu")
    second = known(address="Jl. Dua")
    batch = judged(row("KSP Maju Jaya", address="Jl. Dua"), row("KSP Maju Jaya", address="Jl. Tiga"))
    first, other = rows_of(batch)
    assert (first.outcome, first.record_code) == (Outcome.UNCHANGED, second)
    assert other.outcome is Outcome.CONFLICT


def test_merah_putih_of_two_desa_are_two_and_of_one_desa_one(judged: Judged) -> None:
    code = known("Koperasi Desa Merah Putih Nanggung")
    batch = judged(
        row("KDMP Nanggung"),
        row("KDMP Curugbitung", desa="Curugbitung"),
        row("Koperasi Desa Merah Putih", desa="Hambaro"),
    )
    assert outcomes(batch) == ["changed", "new", "new"] or outcomes(batch) == ["unchanged", "new", "new"]
    assert rows_of(batch)[0].record_code == code


# --- inside the file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [{"number": NUMBER}, {"nik": "3201070060001"}, {}])
def test_a_row_said_twice_is_once_new_and_once_unchanged(judged: Judged, cells: dict[str, Any]) -> None:
    batch = judged(row("KSP Maju Jaya", men=5, **cells), row("KSP MAJU JAYA", men=5, **cells))
    assert outcomes(batch) == ["new", "unchanged"]
    assert said(batch, 3) == "Sama dengan Baris 2."


@pytest.mark.parametrize("cells", [{"number": NUMBER}, {}])
def test_a_row_said_twice_with_other_content_asks_and_names_the_first(
    judged: Judged, cells: dict[str, Any]
) -> None:
    batch = judged(row("KSP Maju Jaya", men=5, **cells), row("KSP Maju Jaya", men=6, **cells))
    assert outcomes(batch) == ["new", "conflict"]
    assert said(batch, 3, "name") == "Koperasi ini sudah ada di Baris 2 dengan isi lain: Anggota laki-laki."
    twin = rows_of(batch)[1].twin
    assert twin is not None
    assert twin.number == 2


def test_another_remark_alone_is_no_conflict(judged: Judged) -> None:
    batch = judged(
        row("KSP Maju Jaya", men=5, remark="pindah alamat"),
        row("KSP Maju Jaya", men=5, remark="belum RAT"),
        row("KSP Maju Jaya", men=6, women=7, remark="lain"),
    )
    assert outcomes(batch) == ["new", "unchanged", "conflict"]
    assert said(batch, 3) == "Sama dengan Baris 2, hanya keterangannya lain."
    assert said(batch, 4, "name").endswith(": Anggota laki-laki, Anggota perempuan, Keterangan.")


def test_one_number_for_two_names_in_a_file_asks(judged: Judged) -> None:
    batch = judged(row("KSP Maju Jaya", number=NUMBER), row("Koperasi Nelayan Pantai", number=NUMBER))
    assert outcomes(batch) == ["new", "conflict"]
    assert "namanya lain" in said(batch, 3)


def test_like_names_in_one_desa_of_a_file_ask(judged: Judged) -> None:
    batch = judged(row("KSP Sumber Rejeki Abadi"), row("KSP Sumber Rezeki Abadii"))
    assert outcomes(batch) == ["new", "conflict"]
    assert "Mirip sekali dengan Baris 2" in said(batch, 3)


def test_like_names_with_numbers_of_their_own_are_two(judged: Judged) -> None:
    batch = judged(
        row("KSP Sumber Rejeki", number="518/1/BH/2001"), row("KSP Sumber Rezekii", number="518/2/BH/2002")
    )
    assert outcomes(batch) == ["new", "new"]


def test_two_rows_about_one_record_do_not_change_it_one_after_the_other(judged: Judged) -> None:
    known("KSP Maju Jaya", legal_entity_number=NUMBER)
    batch = judged(row("KSP Maju Jaya", number=NUMBER, men=5), row("KSP Maju Jaya", men=6))
    assert outcomes(batch) == ["changed", "conflict"]


# --- what a row changes ------------------------------------------------------------------------------------------------


def test_a_list_that_says_the_same_changes_nothing_however_it_is_written(judged: Judged) -> None:
    known(
        "KSP Maju Jaya",
        legal_entity_number=NUMBER,
        address="Jl. Raya No. 5",
        members_male=10,
        members_female=5,
    )
    batch = judged(
        row("ksp  maju jaya", number="518-12-BH-KWK.10-2004", address="JL. RAYA NO. 5", men=10, women=5)
    )
    assert outcomes(batch) == ["unchanged"]


def test_empty_never_overwrites(judged: Judged) -> None:
    known(legal_entity_number=NUMBER, address="Jl. Raya 5", phone="6281234567890", members_male=10)
    found = only_row(judged(row("KSP Maju Jaya", women=7)))
    assert set(found.changes) == {"members_female", "members_total"}


def change(stored: dict[str, Any], values: dict[str, Any], *, dated: bool = False) -> dict[str, Any]:
    """What these values would change."""
    return dict(changes_between(stored, values, day=DAY, dated=dated))


def test_not_knowing_the_kind_does_not_take_a_known_one_away() -> None:
    assert change({"cooperative_type": "service"}, {"cooperative_type": "unknown"}) == {}


def test_book_years_only_become_more() -> None:
    assert change({"rat_years": [2023, 2024]}, {"rat_years": [2024, 2025]}) == {
        "rat_years": ([2023, 2024], [2023, 2024, 2025])
    }
    assert change({"rat_years": [2023, 2024]}, {"rat_years": [2024]}) == {}


def test_a_list_with_fewer_columns_leaves_the_others() -> None:
    stored = {"ministry_record": {"grade": "A", "secretary_name": "Siti"}}
    assert change(stored, {"ministry_record": {"grade": "A"}}) == {}
    after = change(stored, {"ministry_record": {"grade": "B"}})["ministry_record"][1]
    assert after == {"grade": "B", "secretary_name": "Siti"}


@pytest.mark.parametrize(
    ("stored_on", "status", "dated", "changed"),
    [
        ("2026-12-31", "inactive", True, set()),  # ours is newer
        ("2025-12-31", "inactive", True, {"ministry_status", "ministry_status_on"}),
        ("2025-12-31", "active", True, {"ministry_status_on"}),  # said again, on a later day
        ("2025-12-31", "active", False, set()),  # nobody said of which day the list is
        ("2025-12-31", "inactive", False, {"ministry_status", "ministry_status_on"}),
    ],
)
def test_an_older_ministry_status_does_not_replace_a_newer_one(
    stored_on: str, status: str, dated: bool, changed: set[str]
) -> None:
    stored = {"ministry_status": MinistryStatus.ACTIVE.value, "ministry_status_on": stored_on}
    assert set(change(stored, {"ministry_status": status}, dated=dated)) == changed


def test_the_day_of_the_list_decides(judged: Judged) -> None:
    known(ministry_status=MinistryStatus.ACTIVE, ministry_status_on=date(2026, 6, 30))
    older = judged(row("KSP Maju Jaya", status="Tidak Aktif"), as_of=date(2025, 12, 31))
    assert outcomes(older) == ["unchanged"]
    newer = judged(row("KSP Maju Jaya", status="Tidak Aktif"), as_of=date(2026, 10, 31))
    assert only_row(newer).changes == {
        "ministry_status": ["active", "inactive"],
        "ministry_status_on": ["2026-06-30", "2026-10-31"],
    }
