"""One row of a list, understood: values and reasons, cell by cell. No database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.cooperatives.importing.place_reading import PlaceReader
from app.cooperatives.importing.rows import read_row
from app.imports.kinds import Reading
from tests.factories.regions import all_places, desa_code

TODAY = date(2026, 11, 23)
PLACED = {"name": "Koperasi Satu", "kecamatan": "Nanggung"}


def read(*, sheet: str = "", **cells: Any) -> Reading:
    """A row with these cells."""
    return read_row({**PLACED, **cells}, PlaceReader(all_places()), sheet=sheet, today=TODAY)


def value(name: str, **cells: Any) -> Any:
    """What a row with these cells says about ``name``."""
    return read(**cells).values.get(name)


def said(reading: Reading) -> dict[str, str]:
    """Reasons by field."""
    return {reason.field: str(reason.words) for reason in reading.reasons}


def test_it_works() -> None:
    assert read().values == {"name": "Koperasi Satu", "kecamatan_code": "32.01.21"}
    assert not read().faulty
    assert read().reasons == ()


def test_a_row_without_a_name_is_faulty() -> None:
    found = read(name=None)
    assert found.faulty
    assert "name" in said(found)


def test_the_kecamatan_may_come_from_the_group_or_from_a_desa_that_is_the_only_one_of_its_name() -> None:
    assert read(sheet="Cibinong", kecamatan=None).values["kecamatan_code"] == "32.01.01"
    alone = read(kecamatan=None, desa="Karadenan").values
    assert alone["kecamatan_code"] == "32.01.01"
    assert alone["desa_code"] == desa_code("Karadenan", "Cibinong")


@pytest.mark.parametrize("written", ["Suka", "Atlantis"])
def test_an_unclear_kecamatan_makes_the_row_faulty_and_keeps_nothing_of_the_place(written: str) -> None:
    found = read(kecamatan=written, address="Jl. Raya")
    assert found.faulty
    assert "kecamatan_code" not in found.values


def test_a_desa_of_another_kecamatan_is_left_out_and_said() -> None:
    found = read(desa="Karadenan")
    assert "desa_code" not in found.values
    assert "desa" in said(found)


def test_number_and_date_in_one_cell_are_taken_apart() -> None:
    found = read(legal_entity="518/12/BH/KWK.10/2004, tgl 3 Mei 2004").values
    assert found["legal_entity_number"] == "518/12/BH/KWK.10/2004"
    assert found["legal_entity_date"] == "2004-05-03"
    assert value("legal_entity_number", legal_entity="518/12/BH/2004") == "518/12/BH/2004"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [(81234567890, "6281234567890"), ("0812-3456-7890 / 0813 1111 2222", "6281234567890"), ("-", None)],
)
def test_phones(cell: object, kept: str | None) -> None:
    assert value("phone", phone=cell) == kept


def test_members_are_summed_and_a_wrong_total_is_said() -> None:
    found = read(members_male="10", members_female="12", members_total="30")
    assert "members_total" not in found.values
    assert "tidak cocok" in said(found)["members_total"]
    assert value("members_total", members_total="1.250") == 1250
    assert "members_total" not in said(read(members_male="10", members_female="12", members_total="22"))


def test_nobody_has_zero_members_is_an_answer_and_zero_turnover_is_none() -> None:
    assert value("members_male", members_male=0) == 0
    assert value("annual_turnover", annual_turnover=0) is None


def test_a_rat_is_about_the_book_year_before_it() -> None:
    assert value("rat_years", last_rat_date=datetime(2026, 3, 4)) == [2025]
    assert value("rat_years", rat_2024="v", rat_2023="belum", rat_2025="15 Maret 2026") == [2024, 2025]
    assert value("rat_years", last_rat_date="1-3-2027") is None


def test_days_to_come_are_left_out_and_said() -> None:
    found = read(legal_entity_date="1-1-2030")
    assert "legal_entity_date" not in found.values
    assert "belum terjadi" in said(found)["legal_entity_date"]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("AKTIF", "active"),
        ("Tidak Aktif", "inactive"),
        ("non-aktif", "inactive"),
        ("TDK AKTIF", "inactive"),
        ("Tdk. Aktif", "inactive"),
        ("tak  aktif", "inactive"),
        ("INAKTIF", "inactive"),
    ],
)
def test_status_words(written: str, status: str) -> None:
    assert value("ministry_status", ministry_status=written) == status


def test_unknown_words_of_closed_lists_are_said() -> None:
    found = read(cooperative_type="Entahlah")
    assert "cooperative_type" not in found.values
    assert "tidak kami kenal" in said(found)["cooperative_type"]


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("Primer Kabupaten/Kota", "kabupaten"),
        ("Sekunder Nasional", "nasional"),
        ("Primer Propinsi", "provinsi"),
    ],
)
def test_the_membership_area_follows_from_the_form(written: str, area: str) -> None:
    assert value("membership_area", form=written) == area


def test_the_ministry_columns_are_kept_as_they_came() -> None:
    kept = value("ministry_record", secretary_name="Siti", grade="A", remark="x" * 500)
    assert kept["secretary_name"] == "Siti"
    assert kept["grade"] == "A"
    assert len(kept["remark"]) == 200


@pytest.mark.parametrize(
    "name", ["name", "address", "main_activity", "remark", "chair_name", "secretary_name"]
)
def test_numbers_of_persons_in_open_text_are_covered_and_that_is_said(name: str) -> None:
    found = read(**{name: "Budi hp 081298765432"})
    assert "98765" not in repr(found.values)
    assert "samarkan" in said(found)[name]


def test_a_text_that_is_too_long_is_left_out_and_said() -> None:
    found = read(address="x" * 400)
    assert "address" not in found.values
    assert "address" in said(found)


def test_a_code_of_ours_is_recognised_and_nothing_else() -> None:
    assert value("code", code="k-7mq9xpb") == "K-7MQ9XPB"
    assert value("code", code="17") is None
