"""What people are told about their data before they send it (UU 27/2022 art. 21). Versioned: the consent names it."""

from __future__ import annotations

from typing import Final

from app.core.language import say
from app.registry.services.receiving import GivenConsent

VERSION: Final = "klinik-2026-11"
TEXT: Final = say(
    "Nama, nomor HP, dan pertanyaan hanya dilihat petugas Dinas dan narasumber, untuk konsultasi ini. "
    "Tidak ditampilkan di situs. Disimpan dua tahun. Boleh minta lihat, betulkan, atau hapus: dijawab paling "
    "lama 3 x 24 jam."
)


def shown() -> tuple[GivenConsent, ...]:
    """The notice stood above the button."""
    return (GivenConsent("notice", VERSION, given=True),)
