"""Booking a time, and taking another one later."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from wtforms import HiddenField
from wtforms.fields.core import Field

from app.clinic.rules.booking import ClientType, Mode, Topic
from app.clinic.rules.broadcast import channel_of
from app.clinic.rules.timetable import Service
from app.clinic.slot_codes import read_slot_code
from app.clinic.words import CLIENT_WORDS, MODE_WORDS, TOPIC_QUESTIONS
from app.core.codes import RECORD_PATTERN, tidy_code
from app.core.fields import ChoiceField, ListField, LongTypedField, TypedField, YesField, choices_of
from app.core.forms import BaseForm
from app.core.language import say
from app.core.values import ValueProblem, tidy_name, tidy_text
from app.regions.fields import kecamatan_choices
from app.registry.fields import PhoneMixin

CHOOSE_A_TIME: Final = say("Pilih jamnya.")


def record_code(text: str) -> str:
    """The public code of a record in its one spelling. Raises ValueProblem."""
    code = tidy_code(text)
    if not RECORD_PATTERN.fullmatch(code):
        raise ValueProblem(
            "unclear", say("Kode diawali K atau U dan tujuh huruf atau angka. Contoh: K-7H2K9M4.")
        )
    return code


def tidy_key(text: str | None) -> str:
    """The key of a hold in its one spelling; '' for anything else."""
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""


class AboutForm(PhoneMixin):
    """Who asks, and what about: the same for a booking and for a wish."""

    topic = ChoiceField(
        say("Mau tanya tentang apa?"),
        say("Pilih mau tanya tentang apa."),
        choices=choices_of(TOPIC_QUESTIONS.items()),
    )
    client_type = ChoiceField(
        say("Untuk siapa?"), say("Pilih untuk siapa."), choices=choices_of(CLIENT_WORDS.items())
    )
    name = TypedField(
        say("Nama Bapak/Ibu"),
        lambda text: tidy_name(text, most=120),
        say("Tulis nama Bapak/Ibu. Contoh: Siti Aminah."),
    )
    description = LongTypedField(
        say("Ceritakan sedikit, supaya narasumber bersiap"), lambda text: tidy_text(text, most=1000)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields: dict[str, Field]
        # errors are listed as the questions are asked, not as the classes were put together
        self._fields = dict(sorted(self._fields.items(), key=lambda item: _place(item[0])))


class BookingForm(AboutForm):
    """A time, a topic, a name, a telephone number (contract.md section 4)."""

    slot: TypedField[tuple[Service, datetime]] = TypedField(CHOOSE_A_TIME, read_slot_code, CHOOSE_A_TIME)
    mode = ChoiceField(
        say("Bertemu di mana?"), say("Pilih bertemu di mana."), choices=choices_of(MODE_WORDS.items())
    )
    kecamatan = ListField(say("Kecamatan"), choices=kecamatan_choices)
    record = TypedField(say("Kode koperasi atau usaha"), record_code)
    another = YesField(say("Ini janji kedua dengan nomor HP ini, untuk orang lain."))
    promise = YesField(say("Saya pasti datang, atau membatalkan paling lambat dua jam sebelumnya."))
    other_half = YesField(say("Jam ini untuk layanan lain. Saya tetap mau jam ini."))
    wants_earlier = YesField(say("Saya mau kalau ada jam yang lebih awal."))
    # which times were looked at; they also say which page to show again
    layanan = HiddenField()
    tanggal = HiddenField()
    narasumber = HiddenField()
    hold = HiddenField()
    jatah = HiddenField()
    channel = HiddenField()

    @property
    def expert_id(self) -> int | None:
        """The expert asked for."""
        text = self.narasumber.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None

    @property
    def hold_key(self) -> str:
        """The key of the asker's own hold, if there is one."""
        return tidy_key(self.hold.data)

    @property
    def channel_name(self) -> str:
        """By which link the page was found."""
        return channel_of(self.channel.data or "")

    def chosen_mode(self) -> Mode:
        """How they meet; at the office until something else is said."""
        return Mode(self.mode.data) if self.mode.data in set(Mode) else Mode.IN_PERSON

    def chosen_topic(self) -> Topic | None:
        """What about, as far as it is known."""
        return Topic(self.topic.data) if self.topic.data in set(Topic) else None


class MoveForm(BaseForm):
    """Another time for an appointment."""

    slot: TypedField[tuple[Service, datetime]] = TypedField(CHOOSE_A_TIME, read_slot_code, CHOOSE_A_TIME)


def client_of(service: Service) -> ClientType:
    """Who most probably asks for a time of this service."""
    return ClientType.COOPERATIVE if service is Service.COOPERATIVE else ClientType.BUSINESS


_ASKED: Final = (
    "slot",
    "days",
    "part",
    "topic",
    "client_type",
    "mode",
    "name",
    "phone",
    "phone_owner",
    "description",
    "kecamatan",
    "record",
    "other_half",
    "wants_earlier",
    "another",
    "promise",
)


def _place(name: str) -> int:
    return _ASKED.index(name) if name in _ASKED else -1
