"""What the sender is told of a decision: the words of a WhatsApp text, a telephone call or a slip of paper."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import LazyString, force_locale

from app.cooperatives.desk.subject import Subject
from app.cooperatives.forms import question_words
from app.cooperatives.queries.desk_record import SubmissionView
from app.core.language import LANGUAGES, say
from app.core.links import outside_url
from app.registry.deciding_rules import reason_words
from app.registry.queries.submissions import token_of
from app.registry.rules import RecordStatus, SubmissionKind, SubmissionStatus


def whatsapp_text(subject: Subject) -> str:
    """The decision in the sender's language, with the link of the receipt: only for the sender's own number."""
    current = _current(subject)
    return _in_their_words(subject, _link(current))


def slip_text(subject: Subject) -> str:
    """The same without the link, for telling and for paper that passes through other hands."""
    return _in_their_words(subject, "")


def indonesian_text(subject: Subject) -> str:
    """What ``slip_text`` says, in Indonesian, for the officer who tells it; '' where that is Indonesian itself."""
    return "" if language_of(subject) == "id" else _in_words_of("id", subject, "")


def language_of(subject: Subject) -> str:
    """The language in which the sender filled the form."""
    code = _current(subject).language
    return code if code in LANGUAGES else "id"


def how_to_look(subject: Subject) -> str:
    """How the sender looks it up, for paper, in the sender's language. The page asks for digits of a telephone."""
    with force_locale(language_of(subject)):
        return str(_HOW_TO_LOOK if _current(subject).has_phone else _HOW_TO_ASK)


_HOW_TO_LOOK = say(
    "Cek sendiri: buka halaman Lihat kiriman saya, isi nomor bukti dan empat angka terakhir nomor HP."
)
_HOW_TO_ASK = say("Mau tahu kabarnya? Datang atau telepon kami, sebut nomor bukti ini.")


def _in_their_words(subject: Subject, link: str) -> str:
    return _in_words_of(language_of(subject), subject, link)


def _in_words_of(language: str, subject: Subject, link: str) -> str:
    current = _current(subject)
    with force_locale(language):
        office = current_app.config["SETTINGS"].office
        parts = [
            say("Bapak/Ibu pengurus %(name)s,", name=current.title)
            if current.kind in _OF_THE_BODY
            else say("Bapak/Ibu,"),
            _news(subject, current),
            say("Nomor bukti: %(number)s.", number=current.receipt_number),
            say("Lihat di sini: %(link)s", link=link) if link else "",
            say("Ada pertanyaan? Telepon %(phone)s.", phone=office.phone_display),
            office.name,
        ]
        return "\n".join(words for part in parts if (words := str(part)))


_OF_THE_BODY = {SubmissionKind.COOPERATIVE_REGISTRATION, SubmissionKind.COOPERATIVE_CORRECTION}


def _news(subject: Subject, current: SubmissionView) -> LazyString:
    match current.status:
        case SubmissionStatus.ACCEPTED:
            return _accepted(subject, current)
        case SubmissionStatus.RETURNED:
            fields = "\n".join(_field_line(n, w) for n, w in current.returned_fields.items())
            return say("Ada yang perlu dibetulkan:\n%(fields)s", fields=fields)
        case SubmissionStatus.DUPLICATE:
            return say(
                "Koperasi ini sudah ada di daftar kami dengan kode %(code)s, jadi tidak perlu didaftarkan lagi.",
                code=current.same_as_code or "",
            )
        case _:
            why = " ".join(str(w) for w in (reason_words(current.reason), current.note) if w)
            return say("Kiriman Bapak/Ibu belum bisa kami terima. Sebabnya: %(why)s", why=why)


def _accepted(subject: Subject, current: SubmissionView) -> LazyString:
    if current.kind is SubmissionKind.LOST_RECEIPT:
        return say("Nomor bukti Bapak/Ibu yang hilang sudah kami cari.")
    if current.kind is SubmissionKind.COOPERATIVE_MESSAGE:
        return say("Pesan untuk %(name)s sudah kami sampaikan.", name=subject.title)
    if current.kind is SubmissionKind.COOPERATIVE_REPORT:
        return say("Terima kasih atas laporan tentang %(name)s. Sudah kami periksa.", name=subject.title)
    if current.kind is SubmissionKind.COOPERATIVE_CLAIM:
        return say("Bapak/Ibu sudah kami catat sebagai pengurus %(name)s.", name=subject.title)
    if subject.record is not None and subject.record.status is RecordStatus.CANDIDATE:
        return say(
            "Sudah kami catat sebagai calon koperasi. Setelah badan hukumnya ada dan nomornya kami cek, "
            "koperasinya tampil di daftar umum. Kami bantu langkah berikutnya, gratis."
        )
    return say("Pendaftarannya sudah diterima. Koperasi ini sekarang ada di daftar umum.")


def _field_line(name: str, words: str) -> str:
    label = question_words(name)
    return f"- {label}: {words}" if words else f"- {label}"


def _link(current: SubmissionView) -> str:
    language = None if current.language == "id" else current.language
    return outside_url(url_for("registry.receipt", token=token_of(current.id), bahasa=language))


def _current(subject: Subject) -> SubmissionView:
    if subject.current is None:
        raise ValueError("nobody to tell")
    return subject.current
