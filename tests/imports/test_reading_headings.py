"""Headings are found among the first rows and understood as people wrote them."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cooperatives.sheet_columns import LABELS, REQUIRED, VOCABULARY
from app.imports.reading.headings import LEAST, Heading, Vocabulary, find_heading, guess_columns, normal
from app.imports.reading.wire import Row

WORDS = Vocabulary(VOCABULARY)

MINISTRY = {
    "Nama Koperasi": "name",
    "Nomor Badan Hukum": "legal_entity_number",
    "Tanggal Badan Hukum": "legal_entity_date",
    "Nomor PAD": "amendment_number",
    "Tanggal PAD": "amendment_date",
    "Tanggal RAT Terakhir": "last_rat_date",
    "Alamat": "address",
    "Desa": "desa",
    "Kecamatan": "kecamatan",
    "Kabupaten": "kabupaten",
    "Provinsi": "provinsi",
    "Bentuk Koperasi": "form",
    "Jenis Koperasi": "cooperative_type",
    "Kelompok Koperasi": "group",
    "Sektor Usaha": "business_sector",
    "Ketua": "chair_name",
    "Sekretaris": "secretary_name",
    "Bendahara": "treasurer_name",
    "Pengawas": "supervisor_name",
    "Manager": "manager_name",
    "Anggota Pria": "members_male",
    "Anggota Wanita": "members_female",
    "Total Anggota": "members_total",
    "Total Manajer": "managers_total",
    "Total Karyawan": "employees_total",
    "NIK": "nik_koperasi",
    "Status NIK": "nik_status",
    "Tanggal Berlaku Sertifikat": "certificate_until",
    "Grade": "grade",
}
OFFICE = {
    "NO.": "row_number",
    "NAMA KOPRASI": "name",
    "ALMAT": "address",
    "DESA / KELURAHAN": "desa",
    "KECAMTAN": "kecamatan",
    "No. BH": "legal_entity_number",
    "Tgl BH": "legal_entity_date",
    "JENIS": "cooperative_type",
    "STATUS AKTIF/TIDAK": "ministry_status",
    "JML. ANGGOTA": "members_total",
    "NO. TELP/HP": "phone",
    "NAMA KETUA": "chair_name",
    "SEKERTARIS": "secretary_name",
    "BENDAHRA": "treasurer_name",
    "KET.": "remark",
}
MACHINE = {
    "nama_koperasi": "name",
    "NoBadanHukum": "legal_entity_number",
    "StatusKoperasi": "ministry_status",
    "Karyawan_Pria": "employees_male",
    "Manajer_Wanita": "managers_female",
    "KUK": "kuk",
    "Pola_Pengelolaan": "management_pattern",
}


def fields(headings: dict[str, str]) -> dict[str, str]:
    guess = guess_columns(list(headings), WORDS)
    return {heading: guess[column][0] for column, heading in enumerate(headings) if column in guess}


@pytest.mark.parametrize("layout", [MINISTRY, OFFICE, MACHINE], ids=["ministry", "office", "machine"])
def test_known_layouts_are_understood_whole(layout: dict[str, str]) -> None:
    assert fields(layout) == layout


def test_every_column_of_our_own_words_is_found_again() -> None:
    assert set(LABELS) == set(VOCABULARY)
    assert set(REQUIRED) <= set(VOCABULARY)
    for name, spellings in VOCABULARY.items():
        for spelling in spellings:
            assert WORDS.exact[normal(spelling)] == name, f"{spelling} is claimed by two fields"


@pytest.mark.parametrize(
    "heading",
    [
        "Nama Ketua Pengawas",
        "NIK Ketua",
        "No KK",
        "No Rekening",
        "Luas Tanah",
        "Pengurus > L",
        "Jumlah Koperasi",
        "Alasan",
    ],
)
def test_other_things_are_not_taken_for_ours(heading: str) -> None:
    assert guess_columns([heading], WORDS) == {}


def test_a_field_is_given_to_one_column_the_surest() -> None:
    guess = guess_columns(["Nama Kopersai", "Nama Koperasi", "Nama Koperasi"], WORDS)
    assert guess == {1: ("name", 100)}


def test_years_and_short_words_must_be_the_same() -> None:
    assert guess_columns(["RAT 2023", "RAT 2024"], WORDS) == {0: ("rat_2023", 100), 1: ("rat_2024", 100)}
    assert guess_columns(["NIL"], WORDS) == {}


def test_a_sub_heading_counts_with_its_group_and_mostly_alone() -> None:
    guess = guess_columns(
        ["Anggota > L", "Badan Hukum > Tanggal", "Alamat > Desa", "Data Umum > Ketua"], WORDS
    )
    assert [guess[i][0] for i in range(4)] == ["members_male", "legal_entity_date", "desa", "chair_name"]
    assert guess[3][1] < guess[1][1]


def test_a_guess_is_plain_data() -> None:
    assert json.loads(json.dumps(guess_columns({3: "Nama"}, VOCABULARY))) == {"3": ["name", 100]}


@given(st.lists(st.text(max_size=60), max_size=20))
def test_any_headings_give_each_field_once_and_never_fail(headings: list[str]) -> None:
    guess = guess_columns(headings, WORDS)
    names = [name for name, _ in guess.values()]
    assert len(names) == len(set(names))
    assert all(LEAST <= sure <= 100 for _, sure in guess.values())


def test_very_long_headings_hold_nothing_up() -> None:
    """They take a hundredth of this; comparing every letter with every letter would take minutes."""
    started = process_time()
    guess_columns(["nama " * 20_000, "A." * 50_000, "(" * 100_000, "aB" * 50_000], Vocabulary(VOCABULARY))
    assert process_time() - started < 5


def sheet(*rows: list[Any], spans: dict[int, tuple[tuple[int, int], ...]] | None = None) -> list[Row]:
    width = max(map(len, rows))
    return [
        Row("S", number, [*row, *[None] * (width - len(row))], (), (spans or {}).get(number, ()))
        for number, row in enumerate(rows, 1)
        if any(cell is not None for cell in row)
    ]


def heading(*rows: list[Any], spans: dict[int, tuple[tuple[int, int], ...]] | None = None) -> Heading | None:
    return find_heading(sheet(*rows, spans=spans), WORDS, ["name"])


def test_the_heading_stands_below_titles_and_blank_rows() -> None:
    found = heading(
        ["DINAS KOPERASI DAN UKM"],
        ["Daftar Koperasi Kecamatan Ciawi"],
        [None],
        ["No", "Nama", "Alamat"],
        [1, "Maju", "Jl. A"],
    )
    assert found is not None
    assert found.rows == (4,)
    assert found.texts == {0: "No", 1: "Nama", 2: "Alamat"}


def test_two_rows_of_headings_are_read_together() -> None:
    found = heading(
        ["No", "Nama Koperasi", "Anggota", None, "Status"],
        [None, None, "L", "P", None],
        [1, "Maju", 3, 4, "Aktif"],
        spans={1: ((2, 3),)},
    )
    assert found is not None
    assert found.rows == (1, 2)
    assert {c: name for c, (name, _) in found.columns.items()} == {
        0: "row_number",
        1: "name",
        2: "members_male",
        3: "members_female",
        4: "ministry_status",
    }


def test_a_group_reaches_over_its_columns_without_merged_cells_too() -> None:
    found = heading(
        ["Nama Koperasi", "Badan Hukum", None, "Anggota", None],
        [None, "No", "Tgl", "L", "P"],
        ["Maju", "5", "x", 1, 2],
    )
    assert found is not None
    assert found.texts == {
        0: "Nama Koperasi",
        1: "Badan Hukum > No",
        2: "Badan Hukum > Tgl",
        3: "Anggota > L",
        4: "Anggota > P",
    }


def test_a_first_row_of_words_is_not_taken_for_sub_headings() -> None:
    found = heading(
        ["Nama Koperasi", "Kecamatan", "Ketua"], ["Maju", "Ciawi", "Asep"], ["Jaya", "Ciawi", "Dedi"]
    )
    assert found is not None
    assert found.rows == (1,)


def test_counts_per_kecamatan_are_no_list_of_cooperatives() -> None:
    found = heading(["No", "Kecamatan", "Jumlah Koperasi", "Aktif"], [1, "Ciawi", 40, 17])
    assert found is not None
    assert not found.complete


def test_a_list_of_nothing_but_names_is_a_list() -> None:
    found = heading(["Nama Koperasi"], ["Maju"], ["Jaya"])
    assert found is not None
    assert found.columns == {0: ("name", 100)}


def test_text_without_any_table_has_no_heading() -> None:
    assert heading(["Dengan hormat,"], ["Bersama ini kami sampaikan nama koperasi di wilayah kami."]) is None
