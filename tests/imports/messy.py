"""A list as offices keep it: 1,845 cooperatives in several sheets, with everything that goes wrong in Excel.

Deterministic by seed. ``make_messy`` writes the workbook and gives the truth: for each data row what it should
become, and for all other rows what they are.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Choice = TypeVar("Choice")

DATA: Final = Path(__file__).parents[2] / "app" / "regions" / "data"
ROWS: Final = 1_845
MAIN, MINISTRY, RECAP, HIDDEN, EMPTY = "DATA KOPERASI", "ODS Kemenkop", "REKAP", "arsip lama", "Sheet2"

_FIRST: Final = (
    "Maju",
    "Mekar",
    "Karya",
    "Tirta",
    "Bina",
    "Usaha",
    "Sejahtera",
    "Sugih",
    "Mandiri",
    "Rukun",
    "Jaya",
    "Barokah",
    "Amanah",
    "Sauyunan",
)
_SECOND: Final = (
    "Bersama",
    "Abadi",
    "Lestari",
    "Mukti",
    "Sentosa",
    "Makmur",
    "Raharja",
    "Utama",
    "Wangi",
    "Harapan",
    "Warga",
    "Tani",
    "Guru",
    "Pasar",
)
_KINDS: Final = (
    ("KSP", "Koperasi Simpan Pinjam", "Simpan Pinjam", "savings_and_loan"),
    ("KSU", "Koperasi Serba Usaha", "Serba Usaha", "unknown"),
    ("Kopkar", "Koperasi Karyawan", "Konsumen", "consumer"),
    ("KPRI", "Koperasi Pegawai Republik Indonesia", "Konsumen", "consumer"),
    ("Koptan", "Koperasi Tani", "Produsen", "producer"),
    ("Koperasi Jasa", "Koperasi Jasa", "Jasa", "service"),
)
_PEOPLE: Final = (
    "Asep",
    "Ujang",
    "Dedi",
    "Euis",
    "Nining",
    "Cecep",
    "Yayat",
    "Tuti",
    "Iwan",
    "Lilis",
    "Agus",
    "Neneng",
    "Dadang",
    "Siti",
    "Rahmat",
    "Ai",
)
_NOTHING: Final = ("-", "", None, "n/a", "tidak ada", "\u00a0", " - ")
_MONTHS: Final = (
    "Januari",
    "Pebruari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "Nopember",
    "Desember",
)
# Names one letter away from another kecamatan: a slip here would be no slip but another place.
_NEVER_MISSPELT: Final = frozenset({"Sukaraja", "Sukajaya", "Parung", "Parungpanjang", "Tenjo", "Tenjolaya"})
_OFFICES: Final = ("Ciomas", "Dramaga", "Cigudeg", "Leuwiliang", "Cisarua")


@dataclass(frozen=True)
class Truth:
    """What one row of the workbook really is.

    ``kind`` is the RowKind it should be taken for. ``values`` are the fields as they should be kept (codes,
    ISO dates, phones as 62...), only what can be known; ``marks`` name what was done to the row:
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
        return bool(self.marks & {"name_missing", "kecamatan_missing", "kecamatan_elsewhere"})


@dataclass(frozen=True)
class Messy:
    """The workbook and its truth, in the order of its sheets and rows."""

    path: Path
    truth: tuple[Truth, ...]

    def rows(self, kind: str = "data") -> list[Truth]:
        """The truth of one kind of row."""
        return [row for row in self.truth if row.kind == kind]


@dataclass(frozen=True)
class _Place:
    code: str
    name: str
    kecamatan_code: str
    kecamatan: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class _Record:
    """A cooperative before it is written down badly. ``cells`` are what stands in each field."""

    cells: dict[str, Any]
    values: dict[str, Any]
    kecamatan: str
    marks: frozenset[str] = frozenset()
    twin_of: int | None = None


def _places() -> list[_Place]:
    def read(name: str) -> list[dict[str, str]]:
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    aliases: dict[str, list[str]] = {}
    for row in read("aliases.csv"):
        aliases.setdefault(row["code"], []).append(row["alias"])
    kecamatan = {row["code"]: row["name"] for row in read("kecamatan.csv")}
    return [
        _Place(
            row["code"],
            row["name"],
            row["kecamatan_code"],
            kecamatan[row["kecamatan_code"]],
            tuple(aliases.get(row["kecamatan_code"], ())),
        )
        for row in read("desa.csv")
    ]


class _Maker:
    """Makes records one after the other from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places = _places()
        self.number = 0

    def record(self, kecamatan: str | None = None) -> _Record:
        """A new cooperative, in the kecamatan named or anywhere."""
        self.number += 1
        place = self.random.choice([p for p in self.places if kecamatan in (None, p.kecamatan)])
        cells: dict[str, Any] = {}
        values: dict[str, Any] = {"desa_code": place.code}
        marks: set[str] = set()
        self._name(cells, values, marks)
        self._place(place, cells, values, marks)
        self._legal(cells, values, marks)
        self._nik(cells, values, marks)
        self._phone(cells, values, marks)
        self._members(cells, values, marks)
        cells["status"], values["ministry_status"] = self._one_of(
            ("Aktif", "active"),
            ("AKTIF", "active"),
            ("Tidak Aktif", "inactive"),
            ("tidak aktif ", "inactive"),
        )
        cells["chair"] = values["chair_name"] = f"{self._of(_PEOPLE)} {self._of(_PEOPLE)}"
        cells["address"] = values["address"] = f"Jl. Raya {place.name} No. {self.random.randint(1, 200)}"
        cells["remark"] = self.random.choice((None, None, "perlu dicek", "-", "pindah alamat"))
        return _Record(cells, values, place.kecamatan, frozenset(marks))

    def twin(self, of: int, record: _Record) -> _Record:
        """The same cooperative written down again: under its number, or only looking alike."""
        cells = {**record.cells, "name": record.values["name"].upper(), "remark": None}
        if record.values.get("legal_entity_number"):
            return replace(record, cells=cells, marks=record.marks | {"duplicate_key"}, twin_of=of)
        cells.update(legal_number=None, nik=None)
        values = {k: v for k, v in record.values.items() if k != "nik_koperasi"}
        return replace(
            record,
            cells=cells,
            values=values,
            marks=record.marks - {"nik_lost"} | {"duplicate_like"},
            twin_of=of,
        )

    def _of(self, choices: Sequence[Choice]) -> Choice:
        return self.random.choice(choices)

    def _one_of(self, *choices: tuple[Any, Any]) -> tuple[Any, Any]:
        return self.random.choice(choices)

    def _chance(self, part: float) -> bool:
        return self.random.random() < part

    def _name(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        short, long, kind, code = self._of(_KINDS)
        own = f"{self._of(_FIRST)} {self._of(_SECOND)} {self.number}"
        values["name"] = f"{self._of((short, long))} {own}"
        values["cooperative_type"] = code
        cells["kind"] = self._of((kind, kind.upper(), f" {kind} "))
        cells["name"] = self._of(
            (
                values["name"],
                values["name"],
                values["name"].upper(),
                f"  {values['name']} ",
                values["name"].replace(" ", "\u00a0", 1),
                values["name"] + "\n",
            )
        )
        if self._chance(0.004):
            cells["name"], values["name"] = self._of(_NOTHING), ""
            marks.add("name_missing")

    def _place(self, place: _Place, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        values["kecamatan_code"] = place.kecamatan_code
        cells["desa"] = self._of((place.name, place.name.upper(), f"Ds. {place.name}", f"{place.name} "))
        written = place.kecamatan
        if place.aliases and self._chance(0.15):
            written = self._of(place.aliases)
            marks.add("kecamatan_alias")
        elif len(written) >= 7 and written not in _NEVER_MISSPELT and self._chance(0.06):
            written = self._slip(written)
            marks.add("kecamatan_typo")
        cells["kecamatan"] = self._of((written, written.upper(), f"Kec. {written}", f" {written}"))
        if self._chance(0.003):
            cells["kecamatan"], values["kecamatan_code"] = None, None
            marks.add("kecamatan_missing")
        elif self._chance(0.003):
            cells["kecamatan"], values["kecamatan_code"] = "Tanah Sareal Kota", None
            marks.add("kecamatan_elsewhere")
        if values["kecamatan_code"] is None:
            del values["desa_code"]
            marks -= {"kecamatan_alias", "kecamatan_typo"}

    def _slip(self, name: str) -> str:
        """A letter left out, doubled or swapped, not at the ends."""
        at = self.random.randint(2, len(name) - 3)
        return self._of(
            (
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            )
        )

    def _legal(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        if self._chance(0.12):
            cells["legal_number"] = self._of(_NOTHING)
        else:
            old = f"518/{self.number:04}/BH/KWK.10/{self._of(('III', 'VII', 'X'))}/{self.random.randint(1985, 2018)}"
            new = f"AHU-{self.number:07}.AH.01.26.TAHUN {self.random.randint(2019, 2024)}"
            values["legal_entity_number"] = self._of((old, old, new))
            cells["legal_number"] = self._of(
                (values["legal_entity_number"], f" {values['legal_entity_number']} ")
            )
        day = date(1985, 1, 1) + timedelta(days=self.random.randint(0, 14_000))
        form = self.random.randint(0, 4)
        if form == 0:
            cells["legal_date"] = self._of(_NOTHING)
            return
        values["legal_entity_date"] = day.isoformat()
        if form == 1:
            cells["legal_date"] = (day - date(1899, 12, 30)).days
            marks.add("date_as_number")
        elif form == 2:
            cells["legal_date"] = self._of(
                (f"{day.day} {_MONTHS[day.month - 1]} {day.year}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}")
            )
            marks.add("date_as_text")
        else:
            cells["legal_date"] = day

    def _nik(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        number = f"3201{self.random.randint(10, 400):03}{self.number:06}"
        match self.random.randint(0, 5):
            case 0 | 1:
                cells["nik"] = self._of(_NOTHING)
            case 2:
                cells["nik"] = f"{float(number):.5E}".replace(".", ",")
                marks.add("nik_lost")
            case 3:
                cells["nik"], values["nik_koperasi"] = float(number), number
            case _:
                cells["nik"], values["nik_koperasi"] = number, number

    def _phone(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        number = f"8{self._of(('12', '13', '56', '57', '78'))}{self.random.randint(10_000_000, 99_999_999)}"
        if self._chance(0.25):
            cells["phone"] = self._of((*_NOTHING, 0))
            return
        values["phone"] = f"62{number}"
        cells["phone"] = self._of(
            (
                f"0{number}",
                f"+62{number}",
                f"0{number[:3]}-{number[3:7]}-{number[7:]}",
                f"0{number} / 0251-8321456",
                int(number),
            )
        )
        if isinstance(cells["phone"], int):
            marks.add("phone_as_number")

    def _members(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        male, female = self.random.randint(9, 300), self.random.randint(0, 300)
        values.update(members_male=male, members_female=female, members_total=male + female)
        cells["male"], cells["female"] = self._of((male, f"{male} orang", str(male))), female
        cells["total"] = male + female
        if self._chance(0.01):
            cells["total"] = "#REF!"
            del values["members_total"]
            marks.add("formula_failed")


def make_messy(path: Path, *, rows: int = ROWS, seed: int = 1) -> Messy:
    """Write the workbook with ``rows`` data rows; the same arguments give the same list."""
    maker = _Maker(seed)
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

    def __init__(self, book: xlsxwriter.Workbook, maker: _Maker) -> None:
        self.book = book
        self.maker = maker
        self.random = maker.random
        self.truth: list[Truth] = []
        self._written: list[tuple[_Record, tuple[str, int]]] = []
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

    def _main_row(self, sheet: Worksheet, at: int, number: int, record: _Record, merged: bool) -> None:
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
            left_out = {"nik_koperasi", "members_male", "members_female", "ministry_status"}
            values = {k: v for k, v in record.values.items() if k not in left_out}
            self._keep(
                title,
                at + 1,
                replace(record, values=values, marks=record.marks - {"nik_lost"}),
            )
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
                "Perdagangan", cells["chair"], self.maker._of(_PEOPLE), self.maker._of(_PEOPLE), "-", "-", cells["male"],
                cells["female"], cells["total"], 0, 1, cells["nik"], "Belum Bersertifikat", "-", "D",
            ]  # fmt: skip
            for column, value in enumerate(line):
                self._write(sheet, at, column, value)
            values = {k: v for k, v in record.values.items() if k not in ("phone", "ministry_status")}
            self._keep(
                MINISTRY, at + 1, replace(record, values=values, marks=record.marks - {"phone_as_number"})
            )

    def extras(self) -> None:
        """A sheet nobody sees and an empty one."""
        sheet = self.book.add_worksheet(HIDDEN)
        sheet.write_row(0, 0, ["Nama Koperasi", "Kecamatan"])
        sheet.write_row(1, 0, ["Koperasi Lama Sekali", "Cibinong"])
        sheet.hide()
        self.book.add_worksheet(EMPTY)

    def _next(self, kecamatan: str | None, *, same_place: bool = False) -> _Record:
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
        own = {place.name: place for place in self.maker.places if place.kecamatan == kecamatan}
        values = {**record.values, "kecamatan_code": next(iter(own.values())).kecamatan_code}
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

    def _keep(self, sheet: str, number: int, record: _Record) -> None:
        same_as = None if record.twin_of is None else self._written[record.twin_of][1]
        if same_as is None and record.values["name"] and record.values.get("kecamatan_code"):
            self._by_kecamatan.setdefault(record.kecamatan, []).append(len(self._written))
        self._written.append((record, (sheet, number)))
        self.truth.append(Truth(sheet, number, "data", record.values, record.marks, same_as))

    def _note(self, sheet: str, number: int, kind: str) -> None:
        self.truth.append(Truth(sheet, number, kind))
