"""Why a file is not taken, in a sentence each, with what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask_babel import LazyString

from app.core.language import say
from app.imports.reading.limits import Refused

Values = dict[str, str | int]


def sentence_of(refused: Refused) -> LazyString:
    """The sentence for a refused file."""
    words = SENTENCES.get(refused.code, SENTENCES["damaged"])
    return words(refused.values)


def _thousands(value: str | int) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


# One for every code that the readers use; a test holds it.
SENTENCES: Final[dict[str, Callable[[Values], LazyString]]] = {
    "empty": lambda v: say("Berkas ini kosong. Pilih berkas daftar yang ada isinya."),
    "too_big": lambda v: say(
        "Berkas terlalu besar. Paling besar %(megabytes)s MB. Pisahkan menjadi beberapa berkas.",
        megabytes=v["megabytes"],
    ),
    "not_a_sheet": lambda v: say(
        "Ini bukan berkas tabel. Yang bisa dibaca: Excel (.xlsx, .xls), LibreOffice (.ods), dan .csv."
    ),
    "picture": lambda v: say("Ini gambar, bukan berkas tabel. Kirim berkas Excel aslinya."),
    "pdf": lambda v: say("Ini PDF, bukan berkas tabel. Minta berkas Excel aslinya."),
    "web_page": lambda v: say(
        "Ini halaman web yang diberi nama Excel. Buka di Excel, lalu pilih Simpan Sebagai, jenis .xlsx."
    ),
    "word_document": lambda v: say(
        "Ini dokumen Word atau presentasi. Salin tabelnya ke Excel, simpan sebagai .xlsx."
    ),
    "archive": lambda v: say(
        "Ini berkas yang dipadatkan (zip, rar). Buka dulu, lalu kirim berkas Excel di dalamnya."
    ),
    "binary_workbook": lambda v: say(
        "Jenis .xlsb belum bisa dibaca. Buka di Excel, lalu pilih Simpan Sebagai, jenis .xlsx."
    ),
    "macros": lambda v: say(
        "Berkas ini berisi program (makro), jadi tidak kami buka. Simpan sebagai .xlsx biasa, lalu kirim lagi."
    ),
    "password": lambda v: say(
        "Berkas ini terkunci kata sandi. Buka kuncinya di Excel, simpan, lalu kirim lagi."
    ),
    "damaged": lambda v: say(
        "Berkas ini rusak atau tidak lengkap. Buka di Excel, simpan lagi sebagai .xlsx, lalu kirim lagi."
    ),
    "bomb": lambda v: say(
        "Isi berkas ini membengkak sangat besar ketika dibuka, jadi kami tolak. Salin tabelnya ke berkas baru."
    ),
    "xml_entities": lambda v: say(
        "Berkas ini berisi perintah yang tidak wajar, jadi kami tolak. Salin tabelnya ke berkas baru."
    ),
    "too_many_parts": lambda v: say(
        "Di dalam berkas ini ada lebih dari %(parts)s bagian. Salin tabelnya saja ke berkas baru.",
        parts=_thousands(v["parts"]),
    ),
    "too_many_sheets": lambda v: say(
        "Lembarnya terlalu banyak. Paling banyak %(sheets)s lembar dalam satu berkas.",
        sheets=_thousands(v["sheets"]),
    ),
    "too_many_rows": lambda v: say(
        "Barisnya terlalu banyak. Paling banyak %(rows)s baris. Pisahkan menjadi beberapa berkas.",
        rows=_thousands(v["rows"]),
    ),
    "too_many_columns": lambda v: say(
        "Kolomnya terlalu banyak. Paling banyak %(columns)s kolom.", columns=_thousands(v["columns"])
    ),
    "too_many_cells": lambda v: say(
        "Lembar %(sheet)s terlalu besar. Salin tabelnya saja ke berkas baru, tanpa sel kosong yang diberi warna.",
        sheet=v["sheet"],
    ),
    "too_wide": lambda v: say(
        "Lembar %(sheet)s terlalu lebar untuk jumlah barisnya. Hapus isi yang jauh di kanan atau di bawah tabel.",
        sheet=v["sheet"],
    ),
    "stray_cell": lambda v: say(
        "Di lembar %(sheet)s ada isi di sel %(cell)s, terlalu jauh dari tabel. Hapus isi sel itu, atau pisahkan "
        "menjadi beberapa berkas.",
        sheet=v["sheet"],
        cell=v["cell"],
    ),
    "cell_too_long": lambda v: say(
        "Di baris %(line)s ada sel yang terlalu panjang. Kalau ini .csv, mungkin ada tanda kutip yang tidak ditutup.",
        line=_thousands(v["line"]),
    ),
    "too_slow": lambda v: say(
        "Berkas ini terlalu lama dibaca, jadi kami hentikan. Salin tabelnya ke berkas baru, lalu coba lagi."
    ),
    "too_much_memory": lambda v: say(
        "Isi berkas ini terlalu besar untuk dibaca. Salin tabelnya saja ke berkas baru, atau pisahkan."
    ),
}
