"""What the office may type about the roster, and about bookings to be moved."""

from __future__ import annotations

from datetime import date, time
from typing import Any, Final

from app.clinic.forms.timetable import OnWeekdays
from app.core.fields import ChoiceField, ListField, TypedField, choices_of
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import parse_date, tidy_text

HOW_ASKED: Final = {
    "telephone": say("Telepon"),
    "whatsapp": say("WhatsApp"),
    "present": say("Datang langsung"),
}
PARTS: Final = {
    "day": say("Sehari penuh"),
    "morning": say("Pagi, sampai jam 12.00"),
    "afternoon": say("Siang, mulai jam 12.00"),
}
NO_DESK: Final = "0"
_NOON: Final = time(12)
Names = list[tuple[int, str]]


class DutyForm(OnWeekdays):
    """Somebody serves on days of a month."""

    expert_id = ListField(say("Narasumber"), say("Pilih narasumbernya."))
    desk_id = ListField(say("Meja"), say("Pilih mejanya."), default=NO_DESK)
    first_day = TypedField[date](say("Mulai tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 1-12-2026"))
    last_day = TypedField[date](
        say("Sampai tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 31-12-2026")
    )

    def __init__(self, experts: Names, desks: Names, **options: Any) -> None:
        super().__init__(**options)
        self.expert_id.choices = [("", say("Pilih")), *((str(number), name) for number, name in experts)]
        self.desk_id.choices = [
            (NO_DESK, say("Tanpa meja, hanya Zoom dan telepon")),
            *((str(number), name) for number, name in desks),
        ]


class SwapForm(PlainForm):
    """Two experts in each other's place."""

    one = ListField(say("Narasumber"), say("Pilih narasumbernya."))
    other = ListField(say("Ditukar dengan"), say("Pilih narasumbernya."))

    def __init__(self, on_duty: Names, everybody: Names, **options: Any) -> None:
        super().__init__(**options)
        self.one.choices = [("", say("Pilih")), *((str(number), name) for number, name in on_duty)]
        self.other.choices = [("", say("Pilih")), *((str(number), name) for number, name in everybody)]


class AbsenceForm(PlainForm):
    """Somebody cannot come."""

    expert_id = ListField(say("Narasumber"), say("Pilih narasumbernya."))
    part = ListField(say("Waktu"), say("Pilih waktunya."), choices=choices_of(PARTS.items()), default="day")
    reason = TypedField[str](say("Sebabnya"), lambda text: tidy_text(text, most=160))

    def __init__(self, experts: Names, **options: Any) -> None:
        super().__init__(**options)
        self.expert_id.choices = [(str(number), name) for number, name in experts]

    @property
    def hours(self) -> tuple[time | None, time | None]:
        """From when to when."""
        return {"morning": (None, _NOON), "afternoon": (_NOON, None)}.get(self.part.data or "", (None, None))


class MoveForm(PlainForm):
    """The time that the client agreed to."""

    slot = ChoiceField(say("Pindah ke"), say("Pilih jam yang disetujui."))
    how_asked = ChoiceField(
        say("Ditanya lewat apa"),
        say("Pilih cara menanyakannya."),
        choices=choices_of(HOW_ASKED.items()),
    )

    def __init__(self, times: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.slot.choices = times


class UnreachedForm(PlainForm):
    """How the client was tried to be reached."""

    tried = ChoiceField(
        say("Sudah dicoba lewat"),
        say("Pilih cara yang sudah dicoba."),
        choices=[
            *((name, words) for name, words in HOW_ASKED.items() if name != "present"),
            ("no_number", say("Tidak punya nomor HP")),
        ],
    )
