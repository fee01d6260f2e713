"""Samples for the living page of the look (/petugas/gaya): every component in every state, no record behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import BaseForm
from app.core.language import say

REQUIRED = [InputRequired()]


def options(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Choices as the library wants them declared."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


KINDS = options(("consumer", say("Konsumen")), ("service", say("Jasa")), ("unknown", say("Tidak tahu")))


class SampleForm(BaseForm):
    """One field of each sort. Never sent anywhere."""

    name = StringField(say("Nama koperasi"), REQUIRED)
    phone = StringField(say("Nomor HP"), REQUIRED)
    members = StringField(say("Jumlah anggota"))
    nib = StringField(say("Nomor Induk Berusaha (NIB)"))
    turnover = StringField(say("Omzet setahun"))
    note = TextAreaField(say("Catatan"))
    kind = RadioField(say("Jenis koperasi"), REQUIRED, choices=KINDS)
    place = SelectField(
        say("Kecamatan"), choices=options(("", say("Pilih kecamatan")), ("32.01.21", "Nanggung"))
    )
    years = SelectMultipleField(
        say("Tahun buku"),
        choices=options(("2025", "2025"), ("2024", "2024")),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    consent = BooleanField(say("Nomor HP saya boleh dilihat umum."))
    held_on = StringField(say("Tanggal rapat"))
    day = StringField(say("Tanggal"))
    month = StringField(say("Bulan"))
    year = StringField(say("Tahun"))
    photo = FileField(say("Foto akta"))
    password = PasswordField(say("Kata sandi"))
    kecamatan = SelectField(say("Kecamatan"), REQUIRED, choices=options(("", say("Pilih kecamatan"))))
    desa = SelectField(
        say("Desa atau kelurahan"), REQUIRED, choices=options(("", say("Pilih desa atau kelurahan")))
    )


@dataclass(frozen=True)
class SamplePage:
    """A page of a list as pagination wants it."""

    number: int = 2
    pages: int = 93
    total: int = 1845
    first: int = 21
    last: int = 40
    more: bool = False
    prev_url: str | None = "#halaman"
    next_url: str | None = "#halaman"


def _form(prefix: str, errors: dict[str, str]) -> SampleForm:
    form = SampleForm(formdata=None, prefix=prefix)
    for name, words in errors.items():
        form[name].errors = [words]
    return form


def samples() -> dict[str, Any]:
    """Context of staff/style_guide.html."""
    moment = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)
    wrong = {
        "name": str(say("Nama koperasi belum diisi. Contoh: Koperasi Tani Makmur.")),
        "phone": str(say("Nomor HP kurang angkanya. Contoh: 0812 3456 7890.")),
        "kind": str(say("Pilih salah satu jenis koperasi.")),
        "consent": str(say("Beri tanda di sini kalau setuju.")),
        "year": str(say("Tahun ditulis empat angka. Contoh: 2025.")),
    }
    return {
        "form": _form("", {}),
        "wrong": _form("salah-", wrong),
        "list_page": SamplePage(),
        "day": date(2026, 10, 3),
        "moment": moment,
        "history": [
            {"at": moment, "title": say("Dikirim lewat HP"), "who": say("Pengurus koperasi")},
            {
                "at": moment,
                "title": say("Dioper ke Kec. Nanggung"),
                "who": "Siti Rahmawati",
                "text": say("Alamatnya di Nanggung."),
            },
            {"at": moment, "title": say("Diterima petugas"), "who": "Asep Hidayat"},
        ],
    }
