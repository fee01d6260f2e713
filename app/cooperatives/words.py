"""Screen words of the cooperatives' vocabulary, shared by forms, pages, desk and lists."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.cooperatives.rules import (
    Activity,
    ActivitySource,
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
    RatGrade,
)
from app.core.language import say

TYPE_WORDS: Final[dict[CooperativeType, LazyString]] = {
    CooperativeType.CONSUMER: say("Konsumen"),
    CooperativeType.PRODUCER: say("Produsen"),
    CooperativeType.MARKETING: say("Pemasaran"),
    CooperativeType.SERVICE: say("Jasa"),
    CooperativeType.SAVINGS_AND_LOAN: say("Simpan pinjam"),
    CooperativeType.UNKNOWN: say("Tidak tahu / serba usaha"),
}

# What each kind does, for people who do not know the word.
TYPE_EXAMPLES: Final[dict[CooperativeType, LazyString]] = {
    CooperativeType.CONSUMER: say("Konsumen: toko kebutuhan anggota"),
    CooperativeType.PRODUCER: say("Produsen: tani, ternak, kerajinan"),
    CooperativeType.MARKETING: say("Pemasaran: menjualkan barang anggota"),
    CooperativeType.SERVICE: say("Jasa: angkutan, sewa alat"),
    CooperativeType.SAVINGS_AND_LOAN: say("Simpan pinjam"),
    CooperativeType.UNKNOWN: say("Tidak tahu / serba usaha"),
}

MEMBERSHIP_WORDS: Final[dict[MembershipArea, LazyString]] = {
    MembershipArea.KABUPATEN: say("Hanya di Kabupaten Bogor"),
    MembershipArea.PROVINSI: say("Juga di kabupaten/kota lain di Jawa Barat"),
    MembershipArea.NASIONAL: say("Juga di provinsi lain"),
}

ACTIVITY_WORDS: Final[dict[Activity, LazyString]] = {
    Activity.ACTIVE: say("Aktif"),
    Activity.INACTIVE: say("Tidak aktif"),
    Activity.NEW: say("Baru berdiri"),
    Activity.TO_CHECK: say("Perlu dicek"),
    Activity.DISSOLVED: say("Bubar"),
}

ACTIVITY_KINDS: Final[dict[Activity, str]] = {
    Activity.ACTIVE: "ok",
    Activity.INACTIVE: "warn",
    Activity.NEW: "info",
    Activity.TO_CHECK: "plain",
    Activity.DISSOLVED: "bad",
}

ACTIVITY_SOURCE_WORDS: Final[dict[ActivitySource, LazyString]] = {
    ActivitySource.RAT: say("menurut RAT"),
    ActivitySource.MINISTRY: say("menurut kementerian"),
    ActivitySource.FIELD: say("temuan lapangan"),
    ActivitySource.LEGAL_ENTITY: say("badan hukum terbit"),
    ActivitySource.DISSOLUTION: say("dibubarkan"),
    ActivitySource.CONTRADICTION: say("datanya bertentangan"),
    ActivitySource.NOTHING: say("belum ada data"),
}

HEALTH_WORDS: Final[dict[Health, LazyString]] = {
    Health.HEALTHY: say("Sehat"),
    Health.FAIRLY_HEALTHY: say("Cukup sehat"),
    Health.UNDER_SUPERVISION: say("Dalam pengawasan"),
    Health.UNDER_SPECIAL_SUPERVISION: say("Dalam pengawasan khusus"),
    Health.UNASSESSED: say("Belum dinilai"),
}

HEALTH_KINDS: Final[dict[Health, str]] = {
    Health.HEALTHY: "ok",
    Health.FAIRLY_HEALTHY: "ok",
    Health.UNDER_SUPERVISION: "warn",
    Health.UNDER_SPECIAL_SUPERVISION: "bad",
    Health.UNASSESSED: "plain",
}

MINISTRY_WORDS: Final[dict[MinistryStatus, LazyString]] = {
    MinistryStatus.ACTIVE: say("Aktif"),
    MinistryStatus.INACTIVE: say("Tidak aktif"),
}

FIELD_WORDS: Final[dict[FieldStatus, LazyString]] = {
    FieldStatus.BUSINESS_AND_BODY_ACTIVE: say("Usaha dan pengurusnya berjalan"),
    FieldStatus.BUSINESS_ACTIVE: say("Usahanya berjalan, pengurusnya tidak"),
    FieldStatus.BODY_ACTIVE: say("Pengurusnya berjalan, usahanya tidak"),
    FieldStatus.INACTIVE: say("Tidak berjalan"),
    FieldStatus.NOT_FOUND: say("Tidak ditemukan di alamatnya"),
    FieldStatus.BEING_DISSOLVED: say("Sedang dibubarkan"),
    FieldStatus.DISSOLVED: say("Sudah bubar"),
}

GRADE_WORDS: Final[dict[RatGrade, LazyString]] = {
    RatGrade.A: say("A: RAT tiga tahun berturut-turut"),
    RatGrade.B: say("B: dua RAT dalam tiga tahun"),
    RatGrade.C1: say("C1: koperasi muda, sudah satu kali RAT"),
    RatGrade.C2: say("C2: satu RAT, untuk tahun buku terakhir"),
    RatGrade.D: say("D: belum ada RAT dalam tiga tahun"),
    RatGrade.NOT_DUE: say("Belum waktunya RAT"),
}

# Values of the look-up's parameters (contract.md section 3).
ACTIVITY_SLUGS: Final[dict[str, Activity]] = {
    "aktif": Activity.ACTIVE,
    "tidak-aktif": Activity.INACTIVE,
    "baru-berdiri": Activity.NEW,
    "perlu-dicek": Activity.TO_CHECK,
    "bubar": Activity.DISSOLVED,
}

HEALTH_SLUGS: Final[dict[str, Health]] = {
    "sehat": Health.HEALTHY,
    "cukup-sehat": Health.FAIRLY_HEALTHY,
    "dalam-pengawasan": Health.UNDER_SUPERVISION,
    "dalam-pengawasan-khusus": Health.UNDER_SPECIAL_SUPERVISION,
    "belum-dinilai": Health.UNASSESSED,
}
