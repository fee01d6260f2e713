"""A wish for a time, written without signal: days and a part of the day. The office finds the time."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import LazyString

from app.clinic.forms.booking import AboutForm
from app.clinic.rules.booking import Mode
from app.clinic.words import MODE_WORDS
from app.core.fields import ChoiceField, SeveralField, choices_of
from app.core.language import say
from app.core.values import ValueProblem

# 0 is Monday, as everywhere
DAYS: Final[dict[str, LazyString]] = {
    "0": say("Senin"),
    "1": say("Selasa"),
    "2": say("Rabu"),
    "3": say("Kamis"),
    "4": say("Jumat"),
}
PARTS: Final[dict[str, LazyString]] = {
    "pagi": say("Pagi, 09.00 sampai 12.00"),
    "siang": say("Siang, 13.00 sampai 16.00"),
    "bebas": say("Jam berapa saja"),
}


def _day(text: str) -> str:
    if text not in DAYS:
        raise ValueProblem("unclear", say("Pilih hari Senin sampai Jumat."))
    return text


class WishForm(AboutForm):
    """Days, part of the day, topic, how to meet, name, telephone."""

    days = SeveralField(say("Hari apa Bapak/Ibu bisa?"), _day)
    part = ChoiceField(say("Jam berapa Bapak/Ibu bisa?"), choices=choices_of(PARTS.items()), default="bebas")
    mode = ChoiceField(
        say("Bertemu di mana?"), choices=choices_of(MODE_WORDS.items()), default=str(Mode.IN_PERSON)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days.choices = list(DAYS.items())

    def chosen_mode(self) -> Mode:
        """How they meet; at the office unless something else was said."""
        return Mode(self.mode.data or Mode.IN_PERSON)

    @property
    def weekdays(self) -> str:
        """The days as the office's list keeps them: '024' is Monday, Wednesday, Friday; '' is any day."""
        return "".join(sorted(self.days.values))
