"""Screen words of the clinic's vocabulary, shared by the public pages, the desk, lists and notices."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString, force_locale

from app.clinic.rules.booking import BookingStatus, ClientType, Mode, Outcome, Topic
from app.clinic.rules.timetable import Service
from app.core.language import DEFAULT_LANGUAGE, say
from app.core.typed_words import Said

SERVICE_WORDS: Final[dict[Service, LazyString]] = {
    Service.COOPERATIVE: say("Koperasi"),
    Service.BUSINESS: say("Usaha (UMKM)"),
}

# Values of ``layanan`` in addresses (contract.md section 3), and of a free time's radio button.
SERVICE_SLUGS: Final[dict[str, Service]] = {"koperasi": Service.COOPERATIVE, "umkm": Service.BUSINESS}
SLUG_OF_SERVICE: Final[dict[Service, str]] = {service: slug for slug, service in SERVICE_SLUGS.items()}

CLIENT_WORDS: Final[dict[ClientType, LazyString]] = {
    ClientType.COOPERATIVE: say("Koperasi"),
    ClientType.BUSINESS: say("Usaha (UMKM)"),
    ClientType.PUBLIC: say("Umum, belum punya usaha"),
}

# Short, for lists and tables.
TOPIC_WORDS: Final[dict[Topic, LazyString]] = {
    Topic.OPPORTUNITY: say("Peluang usaha"),
    Topic.FINANCE: say("Uang dan pembukuan"),
    Topic.MARKETING: say("Pemasaran"),
    Topic.OPERATIONS: say("Menjalankan usaha"),
    Topic.LEGAL: say("Izin dan surat"),
    Topic.PRODUCT: say("Barang dan kemasan"),
    Topic.FOUNDING: say("Mendirikan koperasi atau usaha"),
    Topic.OTHER: say("Lainnya"),
}

# What each is about, for people who choose one: as they would say it themselves.
TOPIC_QUESTIONS: Final[dict[Topic, LazyString]] = {
    Topic.OPPORTUNITY: say("Usaha apa yang cocok buat saya"),
    Topic.FINANCE: say("Uang: modal, pinjaman, pembukuan"),
    Topic.MARKETING: say("Cara menjual, mencari pembeli"),
    Topic.OPERATIONS: say("Menjalankan usaha atau koperasi sehari-hari, RAT"),
    Topic.LEGAL: say("Izin dan surat: NIB, akta, halal, merek"),
    Topic.PRODUCT: say("Membuat barang atau kemasan lebih baik"),
    Topic.FOUNDING: say("Mau mendirikan koperasi atau usaha"),
    Topic.OTHER: say("Lainnya"),
}

MODE_WORDS: Final[dict[Mode, LazyString]] = {
    Mode.IN_PERSON: say("Datang ke kantor"),
    Mode.ONLINE: say("Lewat Zoom"),
    Mode.PHONE: say("Lewat telepon"),
}

STATUS_WORDS: Final[dict[BookingStatus, LazyString]] = {
    BookingStatus.BOOKED: say("Janji tercatat"),
    BookingStatus.ARRIVED: say("Sudah datang"),
    BookingStatus.IN_SESSION: say("Sedang konsultasi"),
    BookingStatus.DONE: say("Selesai"),
    BookingStatus.NO_SHOW: say("Tidak datang"),
    BookingStatus.CANCELLED_BY_CLIENT: say("Dibatalkan sendiri"),
    BookingStatus.CANCELLED_BY_OFFICE: say("Dibatalkan kantor"),
}

# Kinds of badges (templates/shared/ui.html).
STATUS_KINDS: Final[dict[BookingStatus, str]] = {
    BookingStatus.BOOKED: "info",
    BookingStatus.ARRIVED: "ok",
    BookingStatus.IN_SESSION: "ok",
    BookingStatus.DONE: "ok",
    BookingStatus.NO_SHOW: "warn",
    BookingStatus.CANCELLED_BY_CLIENT: "plain",
    BookingStatus.CANCELLED_BY_OFFICE: "bad",
}

OUTCOME_WORDS: Final[dict[Outcome, LazyString]] = {
    Outcome.ANSWERED: say("Terjawab"),
    Outcome.REFERRED: say("Diarahkan ke tempat lain"),
    Outcome.ANOTHER_SESSION: say("Perlu konsultasi lagi"),
    Outcome.NEW_COOPERATIVE: say("Koperasi baru akan berdiri"),
    Outcome.NEW_BUSINESS: say("Usaha baru akan mulai"),
}


def topic_title(topic: Topic) -> str:
    """What the office's lists call a submission about ``topic``: names of people stay sealed."""
    with force_locale(DEFAULT_LANGUAGE):
        return str(TOPIC_WORDS[topic])


_CHOICES: Final[dict[str, dict[str, LazyString]]] = {
    "service": {str(value): words for value, words in SERVICE_WORDS.items()},
    "client_type": {str(value): words for value, words in CLIENT_WORDS.items()},
    "topic": {str(value): words for value, words in TOPIC_WORDS.items()},
    "mode": {str(value): words for value, words in MODE_WORDS.items()},
    "status": {str(value): words for value, words in STATUS_WORDS.items()},
    "outcome": {str(value): words for value, words in OUTCOME_WORDS.items()},
}


def typed_words(name: str, value: str) -> Said | None:
    """A choice in this room's forms."""
    words = _CHOICES.get(name, {}).get(value)
    return ("", str(words)) if words is not None else None
