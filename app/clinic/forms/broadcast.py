"""What the media team types about a post."""

from __future__ import annotations

from app.clinic.broadcast_words import CHANNEL_WORDS
from app.clinic.rules.broadcast import MOST_COUNTED
from app.core.fields import ListField, TypedField, choices_of
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import parse_count, parse_date, tidy_name


def _count(text: str) -> int:
    return parse_count(text, most=MOST_COUNTED)


class PostForm(PlainForm):
    """One post: where, when, and what was counted under it so far. A number left empty is zero."""

    channel = ListField(say("Saluran"), say("Pilih salurannya."), choices=choices_of(CHANNEL_WORDS.items()))
    posted_on = TypedField(say("Tanggal tayang"), parse_date, say("Tulis tanggalnya. Contoh: 23-11-2026."))
    address = TypedField(say("Tautan pos"), lambda text: tidy_name(text, most=300))
    likes = TypedField(say("Jumlah suka"), _count)
    comments = TypedField(say("Jumlah komentar"), _count)
    questions = TypedField(say("Jumlah pertanyaan"), _count)
