"""Which days the numbers are about."""

from __future__ import annotations

from app.core.fields import TypedField
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import parse_date


class PeriodForm(PlainForm):
    """From one day to another; the parameters of the address are its fields."""

    dari = TypedField(say("Dari tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 1-11-2026."))
    sampai = TypedField(say("Sampai tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 30-11-2026."))
