"""What the office may type about hours, numbers and closures."""

from __future__ import annotations

from datetime import date, time
from typing import Any, Final

from app.clinic.rules.hours import HoursKind, read_clock
from app.clinic.rules.settings import NUMBERS, Number
from app.clinic.rules.timetable import Service
from app.clinic.words import SERVICE_WORDS
from app.core.fields import ChoiceField, ListField, SeveralField, TypedField, choices_of, refuse
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import ValueProblem, parse_count, parse_date, tidy_text

WEEKDAY_WORDS: Final = (
    say("Senin"),
    say("Selasa"),
    say("Rabu"),
    say("Kamis"),
    say("Jumat"),
    say("Sabtu"),
    say("Minggu"),
)
_WEEKDAYS: Final = [(str(number), words) for number, words in enumerate(WEEKDAY_WORDS[:6])]
KIND_WORDS: Final = {
    HoursKind.INSTEAD: say("Ganti jam yang berlaku sekarang"),
    HoursKind.BESIDE: say("Tambahan, jam yang lama tetap"),
    HoursKind.SPECIAL: say("Khusus beberapa waktu, misalnya Ramadan"),
}
EVERYTHING: Final = "all"
_NO_SUCH: Final = say("Pilih salah satu yang ada di daftar.")
_WHICH_DAY: Final = say("Pilih paling sedikit satu hari.")
_WHICH_SERVICE: Final = say("Pilih layanan koperasi, UMKM, atau keduanya.")


def read_weekday(text: str) -> int:
    """0 is Monday. Raises ValueProblem."""
    if text not in {value for value, _words in _WEEKDAYS}:
        raise ValueProblem("unclear", _NO_SUCH)
    return int(text)


def read_service(text: str) -> Service:
    """Raises ValueProblem."""
    try:
        return Service(text)
    except ValueError:
        raise ValueProblem("unclear", _NO_SUCH) from None


class OnWeekdays(PlainForm):
    """Questions that several forms share: for whom, on which days of the week."""

    services = SeveralField(say("Layanan"), read_service)
    weekdays = SeveralField(say("Hari"), read_weekday)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.services.choices = choices_of(SERVICE_WORDS.items())
        self.weekdays.choices = _WEEKDAYS
        self.services.flags.required = self.weekdays.flags.required = True

    def validate_services(self, field: SeveralField) -> None:
        """At least one."""
        if not field.values and not field.errors:
            raise refuse(_WHICH_SERVICE)

    def validate_weekdays(self, field: SeveralField) -> None:
        """At least one."""
        if not field.values and not field.errors:
            raise refuse(_WHICH_DAY)


class HoursForm(OnWeekdays):
    """Weekly hours."""

    starts = TypedField[time](say("Jam mulai"), read_clock, say("Tulis jam mulainya. Contoh: 09.00"))
    ends = TypedField[time](say("Jam selesai"), read_clock, say("Tulis jam selesainya. Contoh: 12.00"))
    kind = ChoiceField(
        say("Jam ini"),
        say("Pilih salah satu."),
        choices=choices_of(KIND_WORDS.items()),
        default=HoursKind.INSTEAD.value,
    )
    valid_from = TypedField[date](
        say("Berlaku mulai"), parse_date, say("Tulis tanggal mulainya. Contoh: 1-12-2026")
    )
    valid_until = TypedField[date](say("Berlaku sampai"), parse_date)


def _number_field(setting: Number, label: Any) -> TypedField[int]:
    return TypedField[int](
        label,
        lambda text: parse_count(text, least=setting.least, most=setting.most),
        say("Isi angkanya."),
    )


class NumbersForm(PlainForm):
    """The office's own numbers (rules/settings.py), each under its name there."""

    weeks_ahead = _number_field(NUMBERS["weeks_ahead"], say("Jam dibuka untuk berapa minggu ke depan"))
    hold_minutes = _number_field(NUMBERS["hold_minutes"], say("Jam ditahan selama orang mengisi"))
    reoffer_minutes = _number_field(
        NUMBERS["reoffer_minutes"], say("Jam yang dibatalkan ditawarkan lagi paling lama setelah")
    )
    reserved_share = _number_field(
        NUMBERS["reserved_share"], say("Bagian untuk yang jauh dan yang baru pertama kali")
    )
    far_km = _number_field(NUMBERS["far_km"], say("Tinggal jauh: lebih dari berapa kilometer dari Cibinong"))
    online_video_mb = _number_field(
        NUMBERS["online_video_mb"], say("Kuota setengah jam lewat Zoom, dengan gambar")
    )
    online_voice_mb = _number_field(
        NUMBERS["online_voice_mb"], say("Kuota setengah jam lewat Zoom, suara saja")
    )
    no_shows_allowed = _number_field(
        NUMBERS["no_shows_allowed"], say("Tidak datang tanpa kabar paling banyak")
    )

    @property
    def numbers(self) -> dict[str, int]:
        """What was typed, once it is valid."""
        return {name: self[name].value for name in NUMBERS}

    def show(self, values: dict[str, int]) -> None:
        """The numbers as they stand."""
        for name, value in values.items():
            self[name].data = str(value)


class ClosureForm(PlainForm):
    """A closure. ``whom``: 'all', 'e3' an expert, 'd2' a desk."""

    whom = ListField(say("Yang tutup"), say("Pilih yang tutup."), default=EVERYTHING)
    first_day = TypedField[date](
        say("Mulai tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 24-11-2026")
    )
    last_day = TypedField[date](say("Sampai tanggal"), parse_date)
    starts = TypedField[time](say("Mulai jam"), read_clock)
    ends = TypedField[time](say("Sampai jam"), read_clock)
    reason = TypedField[str](
        say("Sebabnya"),
        lambda text: tidy_text(text, most=160),
        say("Tulis sebabnya. Contoh: rapat dinas"),
    )

    def __init__(self, whom: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(**options)
        self.whom.choices = [(EVERYTHING, say("Semua layanan")), *whom]

    def id_of(self, kind: str) -> int | None:
        """The expert's ('e') or the desk's ('d') id that was chosen."""
        chosen = str(self.whom.data or "")
        return int(chosen[1:]) if chosen[:1] == kind else None
