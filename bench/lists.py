"""Lists to bring in: the ministry's 29 columns, filled with the names of the demonstration data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from app.cooperatives.demo import DemoDesa, demo_cooperatives
from app.cooperatives.rules import CooperativeType
from app.cooperatives.services.record_values import CooperativeData
from tests.factories.regions import all_places

DAY: Final = date(2026, 11, 23)
HEADING_ROW: Final = 2
HEADS: Final = (
    *(
        "Nama Koperasi",
        "No Badan Hukum",
        "Tgl Badan Hukum",
        "No PAD",
        "Tgl PAD",
        "Tgl RAT Terakhir",
        "Alamat",
    ),
    *("Desa/Kelurahan", "Kecamatan", "Kabupaten", "Provinsi", "Bentuk Koperasi", "Jenis Koperasi"),
    *("Kelompok Koperasi", "Sektor Usaha", "Ketua", "Sekretaris", "Bendahara", "Pengawas", "Manager"),
    *("Anggota Pria", "Anggota Wanita", "Total Anggota", "Total Manajer", "Total Karyawan"),
    *("NIK", "Status NIK", "Tgl Berlaku Sertifikat", "Grade"),
)
_KINDS: Final = {
    CooperativeType.CONSUMER: "Konsumen",
    CooperativeType.PRODUCER: "Produsen",
    CooperativeType.MARKETING: "Pemasaran",
    CooperativeType.SERVICE: "Jasa",
    CooperativeType.SAVINGS_AND_LOAN: "Simpan Pinjam",
    CooperativeType.UNKNOWN: "Serba Usaha",
}


def make_list(path: Path, rows: int, *, seed: int = 1) -> Path:
    """``rows`` cooperatives under a title, in one sheet."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("Data"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write(0, 0, "DATA KOPERASI KABUPATEN BOGOR")
        for column, text in enumerate(HEADS):
            sheet.write(HEADING_ROW, column, text)
        for at, cells in enumerate(_rows(rows, seed), HEADING_ROW + 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif cell is not None:
                    sheet.write(at, column, cell)
    return path


def _rows(count: int, seed: int) -> Iterator[list[Any]]:
    places = all_places()
    desa = [DemoDesa(d.code, d.name, d.status == "kelurahan") for d in places.desa]
    for at, record in enumerate(demo_cooperatives(count, desa, seed=seed, today=DAY)):
        data = record.data
        place = (places.short_name(data.desa_code), places.short_name(data.kecamatan_code))
        yield _cells(at, data, place)


def _cells(at: int, data: CooperativeData, place: tuple[str, str]) -> list[Any]:
    rat = date(2026, 3, 1 + at % 28) if data.rat_years else None
    men, women = data.members_male or 0, data.members_female or 0
    return [
        *(data.name, data.legal_entity_number, data.legal_entity_date, None, None, rat, data.address),
        *(*place, "Bogor", "Jawa Barat", "Primer Kabupaten/Kota", _KINDS[data.cooperative_type]),
        *("KPRI", "Jasa Keuangan dan Asuransi", "Budi Santoso", "Siti Aminah", "Asep", "Dadang", None),
        *(men, women, men + women, at % 3, at % 9),
        *(data.nik_koperasi, "Sudah Bersertifikat", date(2027, 1, 1 + at % 28), "ABCD"[at % 4]),
    ]
