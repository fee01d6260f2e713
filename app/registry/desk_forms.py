"""What officers may type in the registry's own pages: days off."""

from __future__ import annotations

from app.core.fields import ListField, TypedField, YesField
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import parse_date, tidy_name
from app.core.workdays import HolidayKind


class DayOffForm(PlainForm):
    """One day off."""

    day = TypedField(say("Tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 17-8-2027."))
    name = TypedField(
        say("Nama hari libur"),
        lambda text: tidy_name(text, most=120),
        say("Tulis namanya. Contoh: Hari Kemerdekaan."),
    )
    kind = ListField(
        say("Macamnya"),
        say("Pilih macamnya."),
        choices=[
            (HolidayKind.NATIONAL.value, say("Libur nasional")),
            (HolidayKind.JOINT_LEAVE.value, say("Cuti bersama")),
        ],
        default=HolidayKind.NATIONAL.value,
    )
    estimated = YesField(say("Tanggalnya masih perkiraan"))
