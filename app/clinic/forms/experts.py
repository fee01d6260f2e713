"""What the office may type about experts and desks."""

from __future__ import annotations

import re
from typing import Any, Final

from app.clinic.queries.roster import ExpertRow
from app.clinic.rules.booking import Topic
from app.clinic.words import TOPIC_WORDS
from app.core.fields import ListField, SeveralField, TypedField, YesField, choices_of
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import ValueProblem, tidy_name

_LINK: Final = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(/[\w\-.~:/?#@!$&'()*+,;=%]*)?", re.IGNORECASE)


def read_link(text: str) -> str:
    """The address of an online meeting. Raises ValueProblem."""
    link = text.strip()
    if len(link) > 300 or not _LINK.fullmatch(link):
        raise ValueProblem(
            "unclear", say("Tautannya harus mulai dengan https:// dan disalin lengkap dari Zoom.")
        )
    return link


def _topic(text: str) -> Topic:
    try:
        return Topic(text)
    except ValueError:
        raise ValueProblem("unclear", say("Pilih salah satu yang ada di daftar.")) from None


class ExpertForm(PlainForm):
    """An expert."""

    name = TypedField[str](
        say("Nama narasumber"),
        lambda text: tidy_name(text, most=120),
        say("Tulis namanya. Contoh: Dra. Endang Sulastri"),
    )
    topics = SeveralField(say("Menguasai soal apa"), _topic)
    account_id = ListField(say("Akun untuk masuk"))
    meeting_link = TypedField[str](say("Tautan Zoom"), read_link)
    active = YesField(say("Masih bertugas"), default=True)

    def __init__(self, accounts: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self.topics.choices = choices_of(TOPIC_WORDS.items())
        self.account_id.choices = [
            ("", say("Belum punya akun")),
            *((str(number), name) for number, name in accounts),
        ]

    def show(self, row: ExpertRow) -> None:
        """What is known."""
        self.name.data = row.name
        self.topics.data = list(row.topics)
        self.account_id.data = str(row.account_id or "")
        self.meeting_link.data = row.meeting_link
        self.active.data = row.active

    @property
    def values(self) -> dict[str, Any]:
        """As ``save_expert`` takes them, once valid."""
        return {
            "name": self.name.value,
            "topics": self.topics.values,
            "account_id": int(self.account_id.data) if self.account_id.data else None,
            "meeting_link": self.meeting_link.value or "",
            "active": bool(self.active.data),
        }


class DeskForm(PlainForm):
    """A desk or a room."""

    name = TypedField[str](
        say("Nama meja atau ruang"),
        lambda text: tidy_name(text, most=80),
        say("Tulis namanya. Contoh: Meja 1, ruang pelayanan"),
    )
    active = YesField(say("Masih dipakai"), default=True)
