"""The history of a record in words that people read: deeds, fields, values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import LazyString

from app.cooperatives.queries.desk_record import HistoryLine
from app.cooperatives.rules import (
    Activity,
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
)
from app.cooperatives.words import (
    ACTIVITY_WORDS,
    FIELD_WORDS,
    HEALTH_WORDS,
    MEMBERSHIP_WORDS,
    MINISTRY_WORDS,
    TYPE_WORDS,
)
from app.core.language import say
from app.core.values import npwp_display
from app.core.words import date_short, number, rupiah
from app.regions.queries import place_names
from app.registry.deciding_rules import CONTACT_WORDS, HOW_CHECKED_WORDS, STATUS_WORDS, reason_words
from app.registry.rules import ContactWay, HowChecked, RecordStatus, Source, SubmissionStatus

RECORD_STATUS_WORDS: Final[Mapping[RecordStatus, LazyString]] = {
    RecordStatus.PENDING: say("Menunggu"),
    RecordStatus.CANDIDATE: say("Calon koperasi"),
    RecordStatus.PUBLIC: say("Tampil umum"),
    RecordStatus.REJECTED: say("Belum bisa diterima"),
    RecordStatus.MERGED: say("Disatukan"),
    RecordStatus.ARCHIVED: say("Diarsipkan"),
}
RECORD_STATUS_KINDS: Final[Mapping[RecordStatus, str]] = {
    RecordStatus.PENDING: "info",
    RecordStatus.CANDIDATE: "warn",
    RecordStatus.PUBLIC: "ok",
    RecordStatus.REJECTED: "bad",
    RecordStatus.MERGED: "plain",
    RecordStatus.ARCHIVED: "plain",
}
SOURCE_WORDS: Final[Mapping[Source, LazyString]] = {
    Source.SELF: say("Mendaftar sendiri"),
    Source.ASSISTED: say("Diisikan petugas"),
    Source.IMPORT: say("Dari daftar (impor)"),
}
DEED_WORDS: Final[Mapping[str, LazyString]] = {
    "cooperative.registered": say("Didaftarkan"),
    "cooperative.imported": say("Masuk dari daftar"),
    "cooperative.mended": say("Isian dibetulkan pengirim"),
    "cooperative.accepted": say("Masuk daftar"),
    "cooperative.rejected": say("Tidak masuk daftar"),
    "cooperative.same_as": say("Ditandai ganda"),
    "cooperative.taken_up_again": say("Kembali menunggu keputusan"),
    "cooperative.number_checked": say("Nomor badan hukum dicocokkan"),
    "cooperative.published": say("Ditampilkan untuk umum"),
    "cooperative.claimed": say("Ada yang mengaku pengurus"),
    "cooperative.reported": say("Laporan warga masuk"),
    "cooperative.message_left": say("Pesan dititipkan"),
    "cooperative.contact_changed": say("Kontak diganti ke pengurus yang mengaku"),
    "cooperative.demo": say("Data contoh"),
    "cooperative.corrected": say("Usul perubahan dipakai"),
    "cooperative.correction_proposed": say("Usul perubahan masuk"),
    "cooperative.edited": say("Data diubah petugas"),
    "cooperative.merged": say("Disatukan dengan catatan lain"),
    "cooperative.merged_into": say("Masuk ke catatan lain"),
    "cooperative.unmerged": say("Penyatuan dibatalkan"),
    "cooperative.exported": say("Diekspor"),
    "submission.received": say("Kiriman masuk"),
    "submission.mended": say("Pengirim membetulkan isian"),
    "submission.accepted": say("Kiriman diterima"),
    "submission.returned": say("Kiriman dikembalikan"),
    "submission.rejected": say("Kiriman ditolak"),
    "submission.same_as": say("Kiriman ditandai ganda"),
    "submission.taken_up_again": say("Diperiksa lagi"),
    "submission.handed_over": say("Dioper ke kecamatan lain"),
    "submission.taken_to_dinas": say("Diambil ke meja Dinas"),
    "submission.sender_told": say("Pengirim dikabari"),
    "submission.picture_added": say("Foto ditambahkan"),
    "record.not_the_same": say("Dipastikan koperasi yang berbeda"),
    "import.undone": say("Impor dibatalkan"),
}
COLUMN_WORDS: Final[Mapping[str, LazyString]] = {
    "code": say("Kode"),
    "status": say("Status"),
    "activity": say("Keaktifan"),
    "activity_on": say("Keaktifan per"),
    "source": say("Asal data"),
    "source_note": say("Keterangan asal"),
    "source_on": say("Data per"),
    "accepted_at": say("Diterima"),
    "updated_at": say("Terakhir diubah"),
    "name": say("Nama"),
    "cooperative_type": say("Jenis"),
    "membership_area": say("Tempat tinggal anggota"),
    "main_activity": say("Kegiatan utama"),
    "kecamatan_code": say("Kecamatan"),
    "desa_code": say("Desa"),
    "address": say("Alamat"),
    "legal_entity_number": say("Nomor badan hukum"),
    "legal_entity_date": say("Tanggal badan hukum"),
    "legal_entity_checked": say("Nomor sudah dicocokkan"),
    "nik_koperasi": say("NIK koperasi"),
    "nib": say("NIB"),
    "npwp": say("NPWP"),
    "members_male": say("Anggota laki-laki"),
    "members_female": say("Anggota perempuan"),
    "members_total": say("Jumlah anggota"),
    "annual_turnover": say("Omzet setahun"),
    "chair_name": say("Nama ketua"),
    "contact_name": say("Nama kontak"),
    "phone": say("Nomor HP"),
    "phone_owner": say("Pemilik nomor"),
    "consent_public_contact": say("Nomor boleh dilihat umum"),
    "consent_whatsapp": say("Mau dikabari lewat WhatsApp"),
    "ministry_status": say("Status menurut kementerian"),
    "ministry_status_on": say("Data kementerian per"),
    "field_status": say("Temuan lapangan"),
    "field_status_on": say("Didatangi"),
    "health": say("Penilaian kesehatan"),
    "health_source": say("Dinilai oleh"),
    "health_on": say("Tanggal penilaian"),
    "health_claim": say("Kesehatan menurut koperasi"),
    "health_claim_year": say("Tahun buku yang dinilai"),
    "dissolved_on": say("Tanggal bubar"),
    "rat_years": say("Tahun buku yang sudah RAT"),
    "owner_account_id": say("Akun pengurus"),
    "how_checked": say("Cara periksa"),
    "reason": say("Sebab"),
    "same_as": say("Sama dengan"),
    "with": say("Dengan"),
    "how": say("Lewat"),
    "receipt": say("Nomor bukti"),
    "kecamatan": say("Kecamatan"),
    "at_dinas": say("Di meja Dinas"),
    "returned_fields": say("Isian yang dikembalikan"),
    "fields": say("Isian"),
}
_HIDDEN: Final = frozenset({"request", "sha256", "ministry_record"})


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the history, as ``ui.timeline`` shows it; ``changes``: (label, before, after)."""

    at: datetime
    title: str
    who: str
    text: str
    changes: tuple[tuple[str, str, str], ...] = ()


def timeline(lines: list[HistoryLine], language: str) -> list[TimelineEntry]:
    """The history in words."""
    return [_entry(line, language) for line in lines]


def _entry(line: HistoryLine, language: str) -> TimelineEntry:
    names = [n for n in {**line.after, **line.before} if n not in _HIDDEN and n in COLUMN_WORDS]
    changes = tuple(
        (
            str(COLUMN_WORDS[name]),
            value_words(name, line.before.get(name), language),
            value_words(name, line.after.get(name), language),
        )
        for name in names
    )
    return TimelineEntry(
        at=line.at,
        title=str(DEED_WORDS.get(line.deed, line.deed)),
        who=line.who or str(say("Umum")),
        text=str(HOW_CHECKED_WORDS[HowChecked(line.note)]) if line.note in set(HowChecked) else line.note,
        changes=changes,
    )


def value_words(name: str, value: Any, language: str) -> str:
    """A value of history or of a record in words; '' for none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return str(say("ya") if value else say("tidak"))
    if isinstance(value, list | tuple):
        return ", ".join(value_words("", item, language) for item in value)
    words = _CHOICES.get(name)
    if words is not None:
        return str(words(str(value)))
    if name.endswith(("_on", "_at")) or name == "legal_entity_date":
        return date_short(value if isinstance(value, date) else date.fromisoformat(str(value)[:10]), language)
    if name == "annual_turnover":
        return rupiah(int(value), language)
    if name.startswith("members_"):
        return number(int(value), language)
    return npwp_display(str(value)) if name == "npwp" else str(value)


def _status(text: str) -> str:
    if text in set(RecordStatus):
        return str(RECORD_STATUS_WORDS[RecordStatus(text)])
    return str(STATUS_WORDS[SubmissionStatus(text)]) if text in set(SubmissionStatus) else text


def _place(code: str) -> str:
    return place_names([code]).get(code, code)


_CHOICES: Final[Mapping[str, Any]] = {
    "status": _status,
    "activity": lambda text: str(ACTIVITY_WORDS[Activity(text)]),
    "source": lambda text: str(SOURCE_WORDS[Source(text)]),
    "cooperative_type": lambda text: str(TYPE_WORDS[CooperativeType(text)]),
    "membership_area": lambda text: str(MEMBERSHIP_WORDS[MembershipArea(text)]),
    "ministry_status": lambda text: str(MINISTRY_WORDS[MinistryStatus(text)]),
    "field_status": lambda text: str(FIELD_WORDS[FieldStatus(text)]),
    "health": lambda text: str(HEALTH_WORDS[Health(text)]),
    "health_claim": lambda text: str(HEALTH_WORDS[Health(text)]),
    "how_checked": lambda text: str(HOW_CHECKED_WORDS[HowChecked(text)]),
    "how": lambda text: str(CONTACT_WORDS[ContactWay(text)]),
    "reason": lambda text: str(reason_words(text) or say("Sebab lain")),
    "kecamatan": _place,
    "kecamatan_code": _place,
    "desa_code": _place,
}
