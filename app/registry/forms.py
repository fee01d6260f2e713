"""What may be typed on the pages of receipts."""

from __future__ import annotations

import re

from app.core.codes import RECEIPT_PATTERN, tidy_code
from app.core.fields import TypedField
from app.core.forms import BaseForm
from app.core.language import say
from app.core.values import ValueProblem, parse_phone, tidy_name
from app.regions.fields import PlaceMixin


def _receipt_number(text: str) -> str:
    number = tidy_code(text)
    if not RECEIPT_PATTERN.fullmatch(number):
        raise ValueProblem(
            "unclear", say("Nomor bukti diawali KB dan delapan huruf atau angka. Contoh: KB-7H2K9M4P.")
        )
    return number


def _last_four(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text[:40])
    if len(digits) < 4:
        raise ValueProblem("short", say("Tulis empat angka terakhir nomor HP. Contoh: 7890."))
    return digits[-4:]


class StatusForm(BaseForm):
    """Look-up of one submission by its number and the last digits of the phone it names."""

    number = TypedField(
        say("Nomor bukti"), _receipt_number, say("Tulis nomor buktinya. Contoh: KB-7H2K9M4P.")
    )
    phone_last4 = TypedField(
        say("Empat angka terakhir nomor HP"),
        _last_four,
        say("Tulis empat angka terakhir nomor HP. Contoh: 7890."),
    )


class LostReceiptForm(PlaceMixin, BaseForm):
    """The number got lost: what is needed to call back. Nothing is confirmed on the screen."""

    name = TypedField(
        say("Nama koperasi"),
        lambda text: tidy_name(text, most=200),
        say("Tulis nama koperasinya. Contoh: Koperasi Tani Maju."),
    )
    phone = TypedField(
        say("Nomor HP yang dipakai waktu mendaftar"),
        parse_phone,
        say("Tulis nomor HP-nya. Contoh: 0812-3456-7890."),
    )
