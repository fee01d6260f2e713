"""Synthetic cooperatives for practice and trials: the same arguments give the same data, byte for byte.

Nothing here is real. Phones lie in a block no network uses; names are combinations of
everyday words; about a fifth of the records are Koperasi Desa/Kelurahan Merah Putih, one per desa as in life.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.cooperatives.rules import (
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
)
from app.cooperatives.services.record_values import CooperativeData, NewRecord
from app.core.codes import SYMBOLS
from app.registry.rules import RecordStatus, Source

MOST_MERAH_PUTIH_SHARE: Final = 0.25
SOURCE_NOTE: Final = "Data contoh"

_FORMS: Final[tuple[tuple[str, CooperativeType, str], ...]] = (
    ("KSP", CooperativeType.SAVINGS_AND_LOAN, "Simpan pinjam anggota"),
    (
        "Koperasi Simpan Pinjam",
        CooperativeType.SAVINGS_AND_LOAN,
        "Simpan pinjam anggota",
    ),
    ("KSPPS", CooperativeType.SAVINGS_AND_LOAN, "Simpan pinjam syariah"),
    ("Koperasi Konsumen", CooperativeType.CONSUMER, "Toko kebutuhan sehari-hari"),
    ("Koperasi Karyawan", CooperativeType.CONSUMER, "Toko dan pinjaman karyawan"),
    ("KPRI", CooperativeType.CONSUMER, "Toko pegawai negeri"),
    ("Koppontren", CooperativeType.CONSUMER, "Toko pesantren"),
    ("Koperasi Wanita", CooperativeType.SAVINGS_AND_LOAN, "Simpan pinjam ibu-ibu"),
    ("KSU", CooperativeType.UNKNOWN, "Serba usaha"),
    ("Koperasi Produsen", CooperativeType.PRODUCER, "Olahan hasil tani"),
    ("Koperasi Tani", CooperativeType.PRODUCER, "Sayur dan padi"),
    ("Koperasi Peternak", CooperativeType.PRODUCER, "Susu dan pakan ternak"),
    ("Koperasi Pemasaran", CooperativeType.MARKETING, "Menjual kerajinan anggota"),
    ("Koperasi Jasa", CooperativeType.SERVICE, "Angkutan dan jasa"),
    ("Koperasi Angkutan", CooperativeType.SERVICE, "Angkutan umum"),
)
_FIRST: Final = (
    "Sumber", "Maju", "Mekar", "Bina", "Karya", "Mitra", "Sinar", "Tunas", "Harapan", "Cahaya", "Guna", "Sari",
    "Warga", "Mutiara", "Berkah", "Amanah", "Barokah", "Nusa", "Pelita", "Rukun", "Gotong", "Tirta", "Bumi", "Surya",
    "Gemilang", "Lestari", "Anugrah", "Citra", "Dharma", "Eka", "Fajar", "Griya", "Hikmah", "Insan", "Jembar", "Kencana",
    "Langgeng", "Mandala", "Nurul", "Panca", "Raharja", "Sabilul", "Taruna", "Utama", "Wahana", "Padi", "Kopi", "Pala",
)  # fmt: skip
_SECOND: Final = (
    "Jaya", "Sejahtera", "Mandiri", "Makmur", "Rejeki", "Bersama", "Abadi", "Sentosa", "Mulya", "Usaha", "Tani", "Rahayu",
    "Asih", "Harapan", "Barokah", "Insani", "Karsa", "Muda", "Pasundan", "Pakuan", "Pajajaran", "Siliwangi", "Salak",
    "Halimun", "Ciliwung", "Cisadane", "Raya", "Wangi", "Saluyu", "Mukti", "Waluya", "Sauyunan", "Walagri", "Hurip",
)  # fmt: skip


@dataclass(frozen=True)
class DemoDesa:
    """A place to put records in."""

    code: str
    name: str
    is_kelurahan: bool

    @property
    def kecamatan_code(self) -> str:
        """The kecamatan it lies in."""
        return self.code[:8]


def demo_cooperatives(count: int, desa: Sequence[DemoDesa], *, seed: int, today: date) -> Iterator[NewRecord]:
    """``count`` public records spread over ``desa``, in a fixed order for the same ``seed`` and ``today``."""
    chance = random.Random(f"cooperatives/{seed}")  # noqa: S311 - practice data, not secrets
    merah_putih = list(desa[: int(min(len(desa), count * MOST_MERAH_PUTIH_SHARE))])
    seen: set[str] = set()
    for number in range(count):
        place = merah_putih[number] if number < len(merah_putih) else chance.choice(desa)
        if number < len(merah_putih):
            data = _merah_putih(place, number, chance, today)
        else:
            data = _ordinary(place, number, chance, today, seen)
        yield NewRecord(
            code=_code(chance),
            data=data,
            status=RecordStatus.PUBLIC,
            source=Source.IMPORT,
            source_note=SOURCE_NOTE,
            source_on=today - timedelta(days=chance.randrange(30, 400)),
            accepted_at=datetime.combine(today, time(2), UTC),
        )


def _code(chance: random.Random) -> str:
    return "K-" + "".join(chance.choice(SYMBOLS) for _ in range(7))


def _merah_putih(place: DemoDesa, number: int, chance: random.Random, today: date) -> CooperativeData:
    kind = "Kelurahan" if place.is_kelurahan else "Desa"
    founded = date(2025, 6, 12)
    held = (2025,) if today > date(2026, 3, 1) and chance.random() < 0.4 else ()
    return CooperativeData(
        name=f"Koperasi {kind} Merah Putih {place.name}",
        kecamatan_code=place.kecamatan_code,
        desa_code=place.code,
        cooperative_type=CooperativeType.CONSUMER,
        main_activity="Toko sembako dan simpan pinjam",
        address=f"Kantor {kind} {place.name}",
        legal_entity_number=f"AHU-{36000 + number:07d}.AH.01.29.TAHUN 2025",
        legal_entity_date=founded,
        legal_entity_checked=True,
        members_male=chance.randrange(5, 90),
        members_female=chance.randrange(4, 80),
        ministry_status=MinistryStatus.ACTIVE,
        ministry_status_on=date(2025, 12, 31),
        rat_years=held,
        phone=_phone(number),
        contact_name="Contoh Pengurus",
    )


def _ordinary(
    place: DemoDesa, number: int, chance: random.Random, today: date, seen: set[str]
) -> CooperativeData:
    form, kind, activity = chance.choice(_FORMS)
    name = _new_name(form, place, chance, seen)
    founded = date(
        chance.randrange(1985, today.year),
        chance.randrange(1, 13),
        chance.randrange(1, 29),
    )
    active = chance.random() < 0.42
    newest = today.year - 1
    years = [
        y
        for y in range(max(founded.year, newest - 4), newest + 1)
        if chance.random() < (0.75 if active else 0.06)
    ]
    visited = chance.random() < 0.08
    return CooperativeData(
        name=name,
        kecamatan_code=place.kecamatan_code,
        desa_code=place.code if chance.random() < 0.95 else None,
        cooperative_type=kind,
        membership_area=chance.choices(list(MembershipArea), weights=(96, 3, 1))[0],
        main_activity=activity,
        address=f"Jl. {chance.choice(_FIRST)} {chance.choice(_SECOND)} No. {chance.randrange(1, 200)}",
        legal_entity_number=f"518/{number + 1:05d}/BH/KWK.10/{_roman(founded.month)}/{founded.year}",
        legal_entity_date=founded,
        legal_entity_checked=True,
        nik_koperasi=f"3201{number + 1:09d}" if chance.random() < 0.5 else None,
        members_male=chance.randrange(8, 300),
        members_female=chance.randrange(5, 300),
        ministry_status=MinistryStatus.ACTIVE if active else MinistryStatus.INACTIVE,
        ministry_status_on=date(newest - 1, 12, 31),
        field_status=chance.choice(list(FieldStatus)[:5]) if visited else None,
        field_status_on=today - timedelta(days=chance.randrange(20, 500)) if visited else None,
        health=chance.choice(list(Health)[:3]) if active and chance.random() < 0.2 else Health.UNASSESSED,
        dissolved_on=today - timedelta(days=chance.randrange(100, 900)) if chance.random() < 0.01 else None,
        rat_years=tuple(years),
        phone=_phone(number) if chance.random() < 0.6 else None,
        contact_name="Contoh Pengurus" if active else None,
        consent_public_contact=chance.random() < 0.1,
    )


def _new_name(form: str, place: DemoDesa, chance: random.Random, seen: set[str]) -> str:
    """A name not used before; the desa's name is added when everyday words run out."""
    for attempt in range(20):
        words = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"
        name = f"{form} {words}" if attempt < 3 else f"{form} {words} {place.name}"
        if attempt > 8:
            name = f"{name} {chance.choice(_FIRST)}"
        if name not in seen:
            seen.add(name)
            return name
    return f"{form} {words} {place.name} {len(seen)}"


def _phone(number: int) -> str:
    """A number of the block 0800-00..., which no mobile network uses, so that nobody is ever called by mistake."""
    return f"6280000{number:06d}"


def _roman(month: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")[month - 1]
