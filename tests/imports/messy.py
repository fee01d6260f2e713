"""A list as offices keep it: 1,845 cooperatives in several sheets, with everything that goes wrong in Excel.

Deterministic by seed. ``make_messy`` writes the workbook and gives the truth: for each data row what it should
become, and for all other rows what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.imports.messy_records import Maker, Record

ROWS: Final = 1_845
MAIN, MINISTRY, RECAP, HIDDEN, EMPTY = "DATA KOPERASI", "ODS Kemenkop", "REKAP", "arsip lama", "Sheet2"
_OFFICES: Final = ("Ciomas", "Dramaga", "Cigudeg", "Leuwiliang", "Cisarua")


@dataclass(frozen=True)
class Truth:
    """What one row of the workbook really is.

    ``kind`` is the RowKind it should be taken for. ``values`` are the fields as they should be kept (codes,
    ISO dates, phones as 62...), only what can be known: a kecamatan that is missing can where the desa's name
    occurs once. A kecamatan with a typo may also be left unclear. ``marks`` name what was done to the row:
    kecamatan_typo, kecamatan_alias, kecamatan_missing, kecamatan_elsewhere, name_missing, nik_lost,
    formula_failed, date_as_number, date_as_text, phone_as_number, duplicate_key, duplicate_like.
    ``same_as`` is the sheet and row number of the first mention.
    """

    sheet: str
    number: int
    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    same_as: tuple[str, int] | None = None

    @property
    def faulty(self) -> bool:
        """True when the row cannot become a record: nobody knows whose or where."""
        return "name_missing" in self.marks or "kecamatan_code" not in self.values


@dataclass(frozen=True)
class Messy:
    """The workbook and its truth, in the order of its sheets and rows."""

    path: Path
    truth: tuple[Truth, ...]

    def rows(self, kind: str = "data") -> list[Truth]:
        """The truth of one kind of row."""
        return [row for row in self.truth if row.kind == kind]


def make_messy(path: Path, *, rows: int = ROWS, seed: int = 1) -> Messy:
    """Write the workbook with ``rows`` data rows; the same arguments give the same list."""
    maker = Maker(seed)
    parts = {MAIN: rows - rows // 5 - rows // 6, "offices": rows // 5, MINISTRY: rows // 6}
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": date(2026, 11, 1)})
        writer = _Writer(book, maker)
        writer.recap()
        writer.main(parts[MAIN])
        for place, name in enumerate(_OFFICES):
            share = parts["offices"] // len(_OFFICES)
            writer.office(name, share + (parts["offices"] % len(_OFFICES) if place == 0 else 0))
        writer.ministry(parts[MINISTRY])
        writer.extras()
    return Messy(path, tuple(writer.truth))


class _Writer:
    """Writes the sheets and keeps the truth."""

    def __init__(self, book: xlsxwriter.Workbook, maker: Maker) -> None:
        self.book = book
        self.maker = maker
        self.random = maker.random
        self.truth: list[Truth] = []
        self._written: list[tuple[Record, tuple[str, int]]] = []
        self._by_kecamatan: dict[str, list[int]] = {}
        self._day = book.add_format({"num_format": "dd-mmm-yy"})
        self._bold = book.add_format({"bold": True, "align": "center", "border": 1})

    def recap(self) -> None:
        """A sheet of counts in front, with a heading that looks like one."""
        sheet = self.book.add_worksheet(RECAP)
        sheet.merge_range("A1:E1", "REKAPITULASI KOPERASI PER KECAMATAN", self._bold)
        sheet.write_row("A3", ["No", "Kecamatan", "Jumlah Koperasi", "Aktif", "Tidak Aktif"], self._bold)
        for index, name in enumerate(("Cibinong", "Ciawi", "Cisarua"), 3):
            sheet.write_row(index, 0, [index - 2, name, 40, 17, 23])
            self._note(RECAP, index + 1, "unread")
        sheet.write_row(6, 0, [None, "JUMLAH", 120, 51, 69])
        self._note(RECAP, 7, "total")

    def main(self, rows: int) -> None:
        """The office's own table: titles, two heading rows, numbering, groups by kecamatan, totals, signature."""
        sheet = self.book.add_worksheet(MAIN)
        self._titles(
            sheet, 16, ("DINAS KOPERASI DAN UKM", "DATA KOPERASI SE-KABUPATEN BOGOR", "PER 31 DESEMBER 2025")
        )
        self._main_heading(sheet)
        at, number = 7, 0
        names = sorted({place.kecamatan for place in self.maker.places})
        for place, name in enumerate(names):
            count = rows // len(names) + (1 if place < rows % len(names) else 0)
            start = at
            merged = place % 4 == 3 and count > 1
            for _ in range(count):
                number += 1
                self._main_row(sheet, at, number, self._next(name, same_place=merged), merged)
                at += 1
            if merged:
                sheet.merge_range(start, 4, at - 1, 4, name.upper())
            at = self._subtotal(sheet, start, at, name) if count else at
        self._footer(sheet, at, rows)

    def _titles(self, sheet: Worksheet, width: int, titles: Sequence[str]) -> None:
        for index, title in enumerate(titles):
            sheet.merge_range(index, 0, index, width - 1, title, self._bold)

    def _main_heading(self, sheet: Worksheet) -> None:
        upper = [
            "NO",
            "NAMA KOPERASI",
            "ALAMAT",
            "DESA/KEL",
            "KECAMATAN",
            "BADAN HUKUM",
            None,
            "NIK KOPERASI",
            "JENIS",
        ]
        upper += ["ANGGOTA", None, None, "STATUS AKTIF/TIDAK", "NO. HP", "KETUA", "KETERANGAN"]
        lower = {5: "NOMOR", 6: "TANGGAL", 9: "L", 10: "P", 11: "JML"}
        for column, text in enumerate(upper):
            if column in (5, 9):
                sheet.merge_range(4, column, 4, column + (1 if column == 5 else 2), text, self._bold)
            elif text is not None:
                sheet.merge_range(4, column, 5, column, text, self._bold)
        for column, text in lower.items():
            sheet.write(5, column, text, self._bold)
        sheet.write_row(6, 0, list(range(1, 17)), self._bold)
        self._note(MAIN, 7, "numbering")

    def _main_row(self, sheet: Worksheet, at: int, number: int, record: Record, merged: bool) -> None:
        cells = record.cells
        order = (
            "name",
            "address",
            "desa",
            "kecamatan",
            "legal_number",
            "legal_date",
            "nik",
            "kind",
            "male",
            "female",
        )
        sheet.write(at, 0, number)
        for column, name in enumerate(order, 1):
            if not (merged and name == "kecamatan"):
                self._write(sheet, at, column, cells[name])
        if cells["total"] == "#REF!":
            sheet.write_formula(at, 11, "=#REF!+K1", None, "#REF!")
        else:
            sheet.write_formula(at, 11, f"=J{at + 1}+K{at + 1}", None, cells["total"])
        for column, name in enumerate(("status", "phone", "chair", "remark"), 12):
            self._write(sheet, at, column, cells[name])
        self._keep(MAIN, at + 1, record)

    def _subtotal(self, sheet: Worksheet, start: int, at: int, name: str) -> int:
        sheet.merge_range(at, 0, at, 8, f"JUMLAH KEC. {name.upper()}", self._bold)
        sheet.write_formula(at, 9, f"=SUM(J{start + 1}:J{at})", None, 1)
        self._note(MAIN, at + 1, "total")
        return at + self.random.choice((1, 2, 3))

    def _footer(self, sheet: Worksheet, at: int, rows: int) -> None:
        sheet.write(at, 1, "TOTAL KESELURUHAN")
        sheet.write(at, 11, rows)
        self._note(MAIN, at + 1, "total")
        lines = (
            "Sumber : ODS dan data lapangan",
            "",
            "Cibinong, 12 Januari 2026",
            "Kepala Dinas,",
            "",
            "Drs. H. Asep Contoh, M.Si",
            "NIP. 19700101 199003 1 001",
        )
        for index, text in enumerate(lines, at + 2):
            if text:
                sheet.write(index, 1 if index == at + 2 else 12, text)
                self._note(MAIN, index + 1, "footer")

    def office(self, name: str, rows: int) -> None:
        """A kecamatan's own sheet, named after it, everything typed as text, no column for the kecamatan."""
        title = f"Kec. {name}"
        sheet = self.book.add_worksheet(title)
        sheet.write(0, 0, "Daftar Koperasi")
        headings = (
            "No.",
            "Nama Koprasi",
            "Almt",
            "Ds / Kel",
            "No BH",
            "Tgl. BH",
            "Jenis Kop.",
            "Jml Anggota",
            "Telp/HP",
            "Nama Ketua",
            "Ket.",
        )
        order = (
            "name",
            "address",
            "desa",
            "legal_number",
            "legal_date",
            "kind",
            "total",
            "phone",
            "chair",
            "remark",
        )
        sheet.write_row(2, 0, headings, self._bold)
        at = 3
        for number in range(1, rows + 1):
            record = self._next(name, same_place=True)
            cells = {**record.cells, "total": str(record.values.get("members_total", "#REF!"))}
            sheet.write(at, 0, str(number))
            for column, field_name in enumerate(order, 1):
                self._write(sheet, at, column, cells[field_name])
            left_out = ("nik_koperasi", "members_male", "members_female", "ministry_status")
            self._keep(title, at + 1, record, without=left_out, unmark="nik_lost")
            at += 1
            if number % 25 == 0:
                sheet.write_row(at, 0, headings, self._bold)
                self._note(title, at + 1, "heading")
                at += 2

    def ministry(self, rows: int) -> None:
        """The ministry's 29 columns as its website exports them: one heading row in the first row."""
        sheet = self.book.add_worksheet(MINISTRY)
        headings = [
            "Nama Koperasi", "Nomor Badan Hukum", "Tanggal Badan Hukum", "Nomor PAD", "Tanggal PAD", "Tanggal RAT Terakhir",
            "Alamat", "Desa", "Kecamatan", "Kabupaten", "Provinsi", "Bentuk Koperasi", "Jenis Koperasi", "Kelompok Koperasi",
            "Sektor Usaha", "Ketua", "Sekretaris", "Bendahara", "Pengawas", "Manager", "Anggota Pria", "Anggota Wanita",
            "Total Anggota", "Total Manajer", "Total Karyawan", "NIK", "Status NIK", "Tanggal Berlaku Sertifikat", "Grade",
        ]  # fmt: skip
        sheet.write_row(0, 0, headings)
        for at in range(1, rows + 1):
            record = self._next(None)
            cells = record.cells
            line = [
                cells["name"], cells["legal_number"], cells["legal_date"], "-", "-", None, cells["address"], cells["desa"],
                cells["kecamatan"], "KAB. BOGOR", "JAWA BARAT", "Primer Kabupaten/Kota", cells["kind"], "Lainnya",
                "Perdagangan", cells["chair"], self.maker.person(), self.maker.person(), "-", "-", cells["male"],
                cells["female"], cells["total"], 0, 1, cells["nik"], "Belum Bersertifikat", "-", "D",
            ]  # fmt: skip
            for column, value in enumerate(line):
                self._write(sheet, at, column, value)
            left_out = ("phone", "ministry_status")
            self._keep(MINISTRY, at + 1, record, without=left_out, unmark="phone_as_number")

    def extras(self) -> None:
        """A sheet nobody sees and an empty one."""
        sheet = self.book.add_worksheet(HIDDEN)
        sheet.write_row(0, 0, ["Nama Koperasi", "Kecamatan"])
        sheet.write_row(1, 0, ["Koperasi Lama Sekali", "Cibinong"])
        sheet.hide()
        self.book.add_worksheet(EMPTY)

    def _next(self, kecamatan: str | None, *, same_place: bool = False) -> Record:
        """A new cooperative, or now and then one that was written already.

        ``same_place``: the sheet or a merged cell says the kecamatan, so its spelling in the row does not count.
        """
        name = kecamatan or self.random.choice(_OFFICES)
        known = self._by_kecamatan.get(name, [])
        if known and self.random.random() < 0.03:
            of = self.random.choice(known)
            record = self.maker.twin(of, self._written[of][0])
        else:
            record = self.maker.record(kecamatan)
        if not same_place:
            return record
        codes = {"kecamatan_code": record.place.kecamatan_code, "desa_code": record.place.code}
        values = {**record.values, **codes}
        marks = frozenset(mark for mark in record.marks if not mark.startswith("kecamatan_"))
        return replace(record, values=values, marks=marks)

    def _write(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self._day)
        elif value == "#REF!":
            sheet.write_formula(row, column, "=#REF!", None, "#REF!")
        elif isinstance(value, str):
            sheet.write_string(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)

    def _keep(
        self, sheet: str, number: int, record: Record, *, without: Sequence[str] = (), unmark: str = ""
    ) -> None:
        """Note the truth; ``without`` are fields this sheet has no column for."""
        same_as = None if record.twin_of is None else self._written[record.twin_of][1]
        if same_as is None and record.values["name"] and record.values.get("kecamatan_code"):
            self._by_kecamatan.setdefault(record.place.kecamatan, []).append(len(self._written))
        self._written.append((record, (sheet, number)))
        values = {name: value for name, value in record.values.items() if name not in without}
        self.truth.append(Truth(sheet, number, "data", values, record.marks - {unmark}, same_as))

    def _note(self, sheet: str, number: int, kind: str) -> None:
        self.truth.append(Truth(sheet, number, kind))
