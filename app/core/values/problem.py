"""What went wrong with a typed value: a code for machines, a plain sentence for people."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.language import say


class ValueProblem(ValueError):
    """A typed value cannot be taken as it stands.

    ``code`` names the trouble for machines ('empty', 'letters', 'length' ...); ``sentence`` tells the person
    what to do, translated when shown. The value itself is never part of it: problems end up in logs.
    """

    def __init__(self, code: str, sentence: LazyString) -> None:
        super().__init__(code, sentence)
        self.code: Final = code
        self.sentence: Final = sentence

    def __str__(self) -> str:
        return self.code


def empty() -> ValueProblem:
    """Nothing was typed."""
    return ValueProblem("empty", say("Bagian ini belum diisi."))


def too_long() -> ValueProblem:
    """Far more was typed than any such value has."""
    return ValueProblem("too_long", say("Tulisannya terlalu panjang. Tulis seperlunya saja."))
