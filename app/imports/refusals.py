"""Why a file is not taken, in a sentence each, with what to do next."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.language import say
from app.imports.reading.limits import Refused


def sentence_of(refused: Refused) -> str:
    """The sentence for a refused file, in the language of the moment."""
    words = SENTENCES.get(refused.code, SENTENCES["damaged"])
    return str(words) % {name: _shown(value) for name, value in refused.values.items()}


def _shown(value: str | int) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


# One for every code that the readers use; a test holds it. Values are filled in by sentence_of.
SENTENCES: Final[dict[str, LazyString]] = {
    "empty": say("Berkas ini kosong. Pilih berkas daftar yang ada isinya."),
    "too_big": say("Berkas terlalu besar. Paling besar %(megabytes)s MB. Pisahkan menjadi beberapa berkas."),
    "not_a_sheet": say(
        "Ini bukan berkas tabel. Yang bisa dibaca: Excel (.xlsx, .xls), LibreOffice (.ods), dan .csv."
    ),
    "picture": say("Ini gambar, bukan berkas tabel. Kirim berkas Excel aslinya."),
    "pdf": say("Ini PDF, bukan berkas tabel. Minta berkas Excel aslinya."),
    "web_page": say(
        "Ini halaman web yang diberi nama Excel. Buka di Excel, lalu pilih Simpan Sebagai, jenis .xlsx."
    ),
    "word_document": say(
        "Ini dokumen Word atau presentasi. Salin tabelnya ke Excel, lalu simpan sebagai .xlsx."
    ),
    "archive": say(
        "Ini berkas yang dipadatkan (zip, rar). Buka dulu, lalu kirim berkas Excel yang ada di dalamnya."
    ),
    "binary_workbook": say(
        "Jenis .xlsb belum bisa dibaca. Buka di Excel, lalu pilih Simpan Sebagai, jenis .xlsx."
    ),
    "macros": say(
        "Berkas ini berisi program (makro), jadi tidak kami buka. Simpan sebagai .xlsx biasa, lalu kirim."
    ),
    "password": say("Berkas ini terkunci kata sandi. Buka kuncinya di Excel, simpan, lalu kirim lagi."),
    "damaged": say(
        "Berkas ini rusak atau tidak lengkap. Buka di Excel, simpan lagi sebagai .xlsx, lalu kirim lagi."
    ),
    "bomb": say(
        "Isi berkas ini membengkak sangat besar saat dibuka, jadi kami tolak. Salin tabelnya ke berkas baru."
    ),
    "xml_entities": say(
        "Ada perintah yang tidak wajar di berkas ini, jadi kami tolak. Salin tabelnya ke berkas baru."
    ),
    "too_many_parts": say(
        "Di dalam berkas ini ada lebih dari %(parts)s bagian. Salin tabelnya saja ke berkas baru."
    ),
    "too_many_sheets": say("Lembarnya terlalu banyak. Paling banyak %(sheets)s lembar dalam satu berkas."),
    "too_many_rows": say(
        "Barisnya terlalu banyak. Paling banyak %(rows)s baris. Pisahkan menjadi beberapa berkas."
    ),
    "too_many_columns": say("Kolomnya terlalu banyak. Paling banyak %(columns)s kolom."),
    "too_many_cells": say(
        "Lembar %(sheet)s terlalu besar. Salin tabelnya saja ke berkas baru, tanpa sel kosong yang berwarna."
    ),
    "too_wide": say(
        "Lembar %(sheet)s terlalu lebar untuk jumlah barisnya. Hapus isi yang jauh di luar tabel."
    ),
    "stray_cell": say(
        "Di lembar %(sheet)s ada isi di sel %(cell)s, terlalu jauh dari tabel. Hapus isi sel itu, "
        "atau pisahkan menjadi beberapa berkas."
    ),
    "cell_too_long": say(
        "Di baris %(line)s ada sel yang terlalu panjang. Kalau ini .csv, mungkin ada tanda kutip "
        "yang tidak ditutup."
    ),
    "too_slow": say(
        "Berkas ini terlalu lama dibaca, jadi kami hentikan. Salin tabelnya ke berkas baru, lalu coba lagi."
    ),
    "too_much_memory": say(
        "Isi berkas ini terlalu besar untuk dibaca. Salin tabelnya saja ke berkas baru, atau pisahkan."
    ),
}
