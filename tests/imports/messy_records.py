"""Cooperatives for the messy list, each as it really is and as somebody wrote it down."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

Choice = TypeVar("Choice")

DATA: Final = Path(__file__).parents[2] / "app" / "regions" / "data"

_FIRST: Final = "Maju Mekar Karya Tirta Bina Usaha Sejahtera Sugih Mandiri Rukun Jaya Barokah Amanah Sauyunan"
_SECOND: Final = (
    "Bersama Abadi Lestari Mukti Sentosa Makmur Raharja Utama Wangi Harapan Warga Tani Guru Pasar"
)
_PEOPLE: Final = "Asep Ujang Dedi Euis Nining Cecep Yayat Tuti Iwan Lilis Agus Neneng Dadang Siti Rahmat Ai"
_MONTHS: Final = "Januari Pebruari Maret April Mei Juni Juli Agustus September Oktober Nopember Desember"
_KINDS: Final = (
    ("KSP", "Koperasi Simpan Pinjam", "Simpan Pinjam", "savings_and_loan"),
    ("KSU", "Koperasi Serba Usaha", "Serba Usaha", "unknown"),
    ("Kopkar", "Koperasi Karyawan", "Konsumen", "consumer"),
    ("KPRI", "Koperasi Pegawai Republik Indonesia", "Konsumen", "consumer"),
    ("Koptan", "Koperasi Tani", "Produsen", "producer"),
    ("Koperasi Jasa", "Koperasi Jasa", "Jasa", "service"),
)
_NOTHING: Final = ("-", "", None, "n/a", "tidak ada", "\u00a0", " - ")
# Names one letter away from another kecamatan: a slip here would be no slip but another place.
_NEVER_MISSPELT: Final = frozenset({"Sukaraja", "Sukajaya", "Parung", "Parungpanjang", "Tenjo", "Tenjolaya"})


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    kecamatan_code: str
    kecamatan: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """A cooperative before it is written down badly. ``cells`` are what stands in each field."""

    cells: dict[str, Any]
    values: dict[str, Any]
    place: Place
    marks: frozenset[str] = frozenset()
    twin_of: int | None = None


def read_places() -> list[Place]:
    def read(name: str) -> list[dict[str, str]]:
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    aliases: dict[str, list[str]] = {}
    for row in read("aliases.csv"):
        aliases.setdefault(row["code"], []).append(row["alias"])
    kecamatan = {row["code"]: row["name"] for row in read("kecamatan.csv")}
    return [
        Place(
            row["code"],
            row["name"],
            row["kecamatan_code"],
            kecamatan[row["kecamatan_code"]],
            tuple(aliases.get(row["kecamatan_code"], ())),
        )
        for row in read("desa.csv")
    ]


class Maker:
    """Makes records one after the other from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places = read_places()
        self.number = 0

    def record(self, kecamatan: str | None = None) -> Record:
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
        cells["chair"] = values["chair_name"] = f"{self.person()} {self.person()}"
        cells["address"] = values["address"] = f"Jl. Raya {place.name} No. {self.random.randint(1, 200)}"
        cells["remark"] = self.random.choice((None, None, "perlu dicek", "-", "pindah alamat"))
        return Record(cells, values, place, frozenset(marks))

    def twin(self, of: int, record: Record) -> Record:
        """The same cooperative written down again: under its number, or only looking alike."""
        cells = {**record.cells, "name": record.values["name"].upper(), "remark": None}
        cells["kecamatan"] = record.place.kecamatan
        record = replace(record, marks=frozenset(m for m in record.marks if not m.startswith("kecamatan_")))
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

    def of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return self.random.choice(choices)

    def person(self) -> str:
        """A given name."""
        return self.of(_PEOPLE.split())

    def _one_of(self, *choices: tuple[Any, Any]) -> tuple[Any, Any]:
        return self.random.choice(choices)

    def _chance(self, part: float) -> bool:
        return self.random.random() < part

    def _name(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        short, long, kind, code = self.of(_KINDS)
        own = f"{self.of(_FIRST.split())} {self.of(_SECOND.split())} {self.number}"
        values["name"] = f"{self.of((short, long))} {own}"
        values["cooperative_type"] = code
        cells["kind"] = self.of((kind, kind.upper(), f" {kind} "))
        cells["name"] = self.of(
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
            cells["name"], values["name"] = self.of(_NOTHING), ""
            marks.add("name_missing")

    def _place(self, place: Place, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        values["kecamatan_code"] = place.kecamatan_code
        cells["desa"] = self.of((place.name, place.name.upper(), f"Ds. {place.name}", f"{place.name} "))
        written = place.kecamatan
        if place.aliases and self._chance(0.15):
            written = self.of(place.aliases)
            marks.add("kecamatan_alias")
        elif len(written) >= 7 and written not in _NEVER_MISSPELT and self._chance(0.06):
            written = self._slip(written)
            marks.add("kecamatan_typo")
        cells["kecamatan"] = self.of((written, written.upper(), f"Kec. {written}", f" {written}"))
        if self._chance(0.003):
            self._without_kecamatan(place, cells, values, marks)
        elif self._chance(0.003):
            cells["kecamatan"] = "Tanah Sareal Kota"
            del values["kecamatan_code"], values["desa_code"]
            marks.difference_update(("kecamatan_alias", "kecamatan_typo"))
            marks.add("kecamatan_elsewhere")

    def _without_kecamatan(
        self, place: Place, cells: dict[str, Any], values: dict[str, Any], marks: set[str]
    ) -> None:
        """No kecamatan: the desa alone says it where its name occurs once and is no kecamatan's name."""
        cells["kecamatan"] = None
        names = [other.name for other in self.places] + sorted({other.kecamatan for other in self.places})
        if names.count(place.name) > 1:
            del values["kecamatan_code"], values["desa_code"]
        marks.difference_update(("kecamatan_alias", "kecamatan_typo"))
        marks.add("kecamatan_missing")

    def _slip(self, name: str) -> str:
        """A letter left out, doubled or swapped, not at the ends."""
        at = self.random.randint(2, len(name) - 3)
        return self.of(
            (
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            )
        )

    def _legal(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        if self._chance(0.12):
            cells["legal_number"] = self.of(_NOTHING)
        else:
            old = f"518/{self.number:04}/BH/KWK.10/{self.of(('III', 'VII', 'X'))}/{self.random.randint(1985, 2018)}"
            new = f"AHU-{self.number:07}.AH.01.26.TAHUN {self.random.randint(2019, 2024)}"
            values["legal_entity_number"] = self.of((old, old, new))
            cells["legal_number"] = self.of(
                (values["legal_entity_number"], f" {values['legal_entity_number']} ")
            )
        day = date(1985, 1, 1) + timedelta(days=self.random.randint(0, 14_000))
        form = self.random.randint(0, 4)
        if form == 0:
            cells["legal_date"] = self.of(_NOTHING)
            return
        values["legal_entity_date"] = day.isoformat()
        if form == 1:
            cells["legal_date"] = (day - date(1899, 12, 30)).days
            marks.add("date_as_number")
        elif form == 2:
            cells["legal_date"] = self.of(
                (
                    f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}",
                    f"{day:%d/%m/%Y}",
                    f"{day:%d-%m-%Y}",
                )
            )
            marks.add("date_as_text")
        else:
            cells["legal_date"] = day

    def _nik(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        number = f"3201{self.random.randint(10, 400):03}{self.number:06}"
        match self.random.randint(0, 5):
            case 0 | 1:
                cells["nik"] = self.of(_NOTHING)
            case 2:
                cells["nik"] = f"{float(number):.5E}".replace(".", ",")
                marks.add("nik_lost")
            case 3:
                cells["nik"], values["nik_koperasi"] = float(number), number
            case _:
                cells["nik"], values["nik_koperasi"] = number, number

    def _phone(self, cells: dict[str, Any], values: dict[str, Any], marks: set[str]) -> None:
        number = f"8{self.of(('12', '13', '56', '57', '78'))}{self.random.randint(10_000_000, 99_999_999)}"
        if self._chance(0.25):
            cells["phone"] = self.of((*_NOTHING, 0))
            return
        values["phone"] = f"62{number}"
        cells["phone"] = self.of(
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
        cells["male"], cells["female"] = self.of((male, f"{male} orang", str(male))), female
        cells["total"] = male + female
        if self._chance(0.01):
            cells["total"] = "#REF!"
            del values["members_total"]
            marks.add("formula_failed")
