"""What people are told about their data before they send it, and what they may agree to. Versioned.

A consent row names the version of the text that was on the screen. Change a text: change its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString

from app.core.language import say


@dataclass(frozen=True)
class Notice:
    """A text shown, at most 120 words, and its version."""

    version: str
    text: LazyString


# UU 27/2022 art. 21: who, what for, which data, how long, whose rights. Legal basis: the office's public task.
REGISTRATION: Final = Notice(
    "daftar-2026-11",
    say(
        "Data ini disimpan Dinas Koperasi dan UKM Kabupaten Bogor untuk mendata dan membina koperasi. "
        "Umum hanya melihat data koperasinya, bukan nomor HP, nama orang, omzet, NPWP, atau NIB. "
        "Disimpan selama koperasi terdaftar dan lima tahun sesudahnya. "
        "Bapak/Ibu boleh minta lihat, betulkan, atau hapus: dijawab paling lama 3 x 24 jam."
    ),
)

CONTACT: Final = Notice(
    "kontak-2026-11",
    say(
        "Nama dan nomor HP hanya dipakai petugas Dinas untuk menghubungi Bapak/Ibu tentang kiriman ini. "
        "Tidak ditampilkan di situs. Disimpan dua tahun. Boleh minta lihat, betulkan, atau hapus: dijawab "
        "paling lama 3 x 24 jam."
    ),
)

PUBLIC_CONTACT: Final = Notice("kontak-umum-2026-11", say("Nomor HP saya boleh dilihat umum."))
WHATSAPP: Final = Notice(
    "whatsapp-2026-11", say("Saya mau dikabari lewat WhatsApp. Bisa berhenti kapan saja.")
)
SPOKEN: Final = Notice(
    "lisan-2026-11",
    say("Pemberitahuan di atas sudah saya bacakan dan orangnya setuju datanya dicatat."),
)
