"""Fields of lists and of records, named for people."""

from __future__ import annotations

from collections.abc import Iterable

from app.cooperatives.history_words import COLUMN_WORDS
from app.cooperatives.sheet_columns import LABELS


def label_of(name: str) -> str:
    """A field for people: a column of the list, or of the record."""
    return str(LABELS.get(name) or COLUMN_WORDS.get(name) or name)


def labels_of(names: Iterable[str]) -> str:
    """Several, in one line, each once."""
    return ", ".join(dict.fromkeys(label_of(name) for name in names))
