"""Pure rules of deciding on submissions: who may, with which reasons, and in whose queue a submission lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask_babel import LazyString

from app.core.access import Access, Actor, Role
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.rules import ContactWay, HowChecked, SubmissionKind, SubmissionStatus


class ReturnReason(StrEnum):
    """Why a submission goes back to its sender."""

    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    WRONG_PLACE = "wrong_place"
    WRONG_NUMBER = "wrong_number"
    UNREADABLE_DOCUMENT = "unreadable_document"
    OTHER = "other"


class RejectReason(StrEnum):
    """Why a submission cannot be accepted."""

    NOT_A_COOPERATIVE = "not_a_cooperative"
    OUTSIDE_KABUPATEN = "outside_kabupaten"
    NOT_AUTHORISED = "not_authorised"
    NOT_REACHED = "not_reached"
    NOT_TRUE = "not_true"
    PLAYFUL = "playful"
    OTHER = "other"


RETURN_WORDS: Final[Mapping[ReturnReason, LazyString]] = {
    ReturnReason.INCOMPLETE: say("Isian belum lengkap"),
    ReturnReason.UNCLEAR: say("Ada isian yang belum jelas"),
    ReturnReason.WRONG_PLACE: say("Desa atau kecamatan keliru"),
    ReturnReason.WRONG_NUMBER: say("Nomor tidak cocok"),
    ReturnReason.UNREADABLE_DOCUMENT: say("Dokumen tidak terbaca"),
    ReturnReason.OTHER: say("Sebab lain"),
}
REJECT_WORDS: Final[Mapping[RejectReason, LazyString]] = {
    RejectReason.NOT_A_COOPERATIVE: say("Bukan koperasi"),
    RejectReason.OUTSIDE_KABUPATEN: say("Alamatnya di luar Kabupaten Bogor"),
    RejectReason.NOT_AUTHORISED: say("Pengirim bukan pengurus koperasi ini"),
    RejectReason.NOT_REACHED: say("Pengirim tidak bisa dihubungi"),
    RejectReason.NOT_TRUE: say("Setelah diperiksa, isinya tidak benar"),
    RejectReason.PLAYFUL: say("Isian main-main atau iklan"),
    RejectReason.OTHER: say("Sebab lain"),
}
HOW_CHECKED_WORDS: Final[Mapping[HowChecked, LazyString]] = {
    HowChecked.DOCUMENT: say("Melihat dokumen"),
    HowChecked.MINISTRY_LIST: say("Mencocokkan daftar kementerian (ODS atau AHU)"),
    HowChecked.TELEPHONE: say("Menelepon"),
    HowChecked.VISIT: say("Datang ke tempat"),
}
CONTACT_WORDS: Final[Mapping[ContactWay, LazyString]] = {
    ContactWay.WHATSAPP: say("WhatsApp"),
    ContactWay.TELEPHONE: say("Telepon"),
    ContactWay.DESA: say("Lewat desa"),
}
KIND_WORDS: Final[Mapping[SubmissionKind, LazyString]] = {
    SubmissionKind.COOPERATIVE_REGISTRATION: say("Pendaftaran"),
    SubmissionKind.COOPERATIVE_CLAIM: say("Pengakuan pengurus"),
    SubmissionKind.COOPERATIVE_CORRECTION: say("Usul perubahan"),
    SubmissionKind.COOPERATIVE_REPORT: say("Laporan warga"),
    SubmissionKind.COOPERATIVE_MESSAGE: say("Titipan pesan"),
    SubmissionKind.LOST_RECEIPT: say("Nomor bukti hilang"),
    SubmissionKind.CLINIC_BOOKING: say("Janji konsultasi"),
    SubmissionKind.CLINIC_WISH: say("Permintaan jadwal konsultasi"),
    SubmissionKind.CLINIC_FEEDBACK: say("Penilaian konsultasi"),
}
STATUS_WORDS: Final[Mapping[SubmissionStatus, LazyString]] = {
    SubmissionStatus.RECEIVED: say("Kami terima"),
    SubmissionStatus.IN_REVIEW: say("Sedang diperiksa"),
    SubmissionStatus.RETURNED: say("Perlu dibetulkan"),
    SubmissionStatus.ACCEPTED: say("Diterima petugas"),
    SubmissionStatus.REJECTED: say("Belum bisa diterima"),
    SubmissionStatus.DUPLICATE: say("Ganda"),
    SubmissionStatus.ARCHIVED: say("Diarsipkan"),
}

# What officers at other desks, older forms and outside programs write for the same reasons.
_RETURN_ALIASES: Final = {
    "data_kurang": ReturnReason.INCOMPLETE,
    "dokumen_buram": ReturnReason.UNREADABLE_DOCUMENT,
    "wilayah_salah": ReturnReason.WRONG_PLACE,
    "lainnya": ReturnReason.OTHER,
}
_REJECT_ALIASES: Final = {
    "bukan_koperasi": RejectReason.NOT_A_COOPERATIVE,
    "bukan_kewenangan": RejectReason.OUTSIDE_KABUPATEN,
    "spam": RejectReason.PLAYFUL,
    "lainnya": RejectReason.OTHER,
}
_DINAS_ROLES: Final = frozenset({Role.ADMINISTRATOR, Role.OFFICER})


@dataclass(frozen=True)
class Reasoned:
    """A reason of the list with the officer's own words."""

    reason: str
    note: str


def return_reason(text: str, note: str) -> Reasoned:
    """The reason named by ``text``; one that is not on the list is kept, in its words, as "other"."""
    code = _RETURN_ALIASES.get(text) or (ReturnReason(text) if text in set(ReturnReason) else None)
    return _reasoned(code, ReturnReason.OTHER, text, note)


def reject_reason(text: str, note: str) -> Reasoned:
    """As ``return_reason``; a rejection without any reason is refused with RuleBroken('reason')."""
    code = _REJECT_ALIASES.get(text) or (RejectReason(text) if text in set(RejectReason) else None)
    if code is None and not text.strip():
        raise RuleBroken("reason", say("Pilih sebabnya."))
    found = _reasoned(code, RejectReason.OTHER, text, note)
    if found.reason == RejectReason.OTHER and not found.note:
        raise RuleBroken("note", say("Tulis sebabnya dengan kalimat sendiri."))
    return found


def _reasoned(code: StrEnum | None, other: StrEnum, text: str, note: str) -> Reasoned:
    note = note.strip()
    if code is not None:
        return Reasoned(code.value, note)
    return Reasoned(other.value, f"{text.strip()}. {note}".strip(" .") if text.strip() else note)


def reason_words(reason: str) -> LazyString | str:
    """The words of a kept reason of either list; '' when there is none to say."""
    if reason in set(ReturnReason) and reason != ReturnReason.OTHER:
        return RETURN_WORDS[ReturnReason(reason)]
    if reason in set(RejectReason) and reason != RejectReason.OTHER:
        return REJECT_WORDS[RejectReason(reason)]
    return ""


def check_returned_fields(
    words_by_field: Mapping[str, str], allowed: Iterable[str], note: str
) -> dict[str, str]:
    """Fields that the sender is asked to mend, with the officer's words at each. Raises RuleBroken.

    Only the marked fields open again, so at least one must be marked. A mark without words gets the note's.
    """
    known = set(allowed)
    marked = {name: words.strip() for name, words in words_by_field.items() if name in known}
    if not marked:
        raise RuleBroken("return_fields", say("Tandai paling sedikit satu isian yang perlu dibetulkan."))
    silent = {"", "1", "on", "ya", "true", "y"}
    return {n: (note.strip() if w.casefold() in silent else w)[:300] for n, w in marked.items()}


@dataclass(frozen=True)
class Matter:
    """What decides who may decide on a submission. ``owner_account_id``: whose body the record is."""

    entered_by: int | None
    owner_account_id: int | None
    handled_kecamatan_code: str | None
    at_dinas: bool


def seen_mark(status: SubmissionStatus, revisions: int, record_version: int | None) -> str:
    """What an officer has on the screen: another status, mending or edit makes another mark."""
    return f"{status.value}-{revisions}-{record_version or 0}"


def is_dinas(actor: Actor) -> bool:
    """The Dinas itself: its administrators and officers, wherever their areas are."""
    return actor.role in _DINAS_ROLES


def why_not_decide(actor: Actor, matter: Matter) -> LazyString | None:
    """Why this person must leave this submission to somebody else; None when they may decide.

    The Dinas verifies; a kecamatan's co-administrator only where the decree says so, inside the area, and not
    what was taken to the Dinas. Nobody decides on what they entered themselves or on a body of their own.
    """
    if not actor.may(Access.VERIFY_COOPERATIVE):
        return say("Akun ini tidak diberi tugas memutuskan.")
    if matter.entered_by is not None and matter.entered_by == actor.account_id:
        return say("Kiriman ini Bapak/Ibu sendiri yang mengisi. Petugas lain yang memutuskan.")
    if matter.owner_account_id is not None and matter.owner_account_id == actor.account_id:
        return say("Bapak/Ibu pengurus koperasi ini. Petugas lain yang memutuskan.")
    if actor.everywhere:
        return None
    if matter.handled_kecamatan_code is None or not actor.covers(matter.handled_kecamatan_code):
        return say("Kiriman ini diperiksa petugas wilayah lain.")
    if matter.at_dinas and not is_dinas(actor):
        return say("Kiriman ini diputuskan oleh Dinas.")
    return None
