"""Two versions of one form side by side, without showing anybody's personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.core.forms import BaseForm
from app.core.language import say
from app.regions.queries import places
from app.registry.rules import Pairs, tidy_pairs

# Whoever sits at a shared phone may not be who sent the first version.
_PERSONAL: Final = frozenset(
    {"phone", "contact_name", "chair_name", "annual_turnover", "nib", "npwp", "proof", "message"}
)


@dataclass(frozen=True)
class Difference:
    """One question answered in two ways."""

    question: str
    kept: str
    sent: str


def differences(form: BaseForm, kept: Pairs, sent: Pairs) -> list[Difference]:
    """Questions of ``form`` whose answers differ, in its order; kept personal answers only as "sudah diisi"."""
    before, after = _by_name(kept), _by_name(sent)
    found = []
    for field in form:
        old, new = before.get(field.name, []), after.get(field.name, [])
        if sorted(old) != sorted(new):
            found.append(
                Difference(
                    str(field.label.text), _shown(form, field.name, old), _words(form, field.name, new)
                )
            )
    return found


def _by_name(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in tidy_pairs(pairs):
        found.setdefault(name, []).append(value)
    return found


def _shown(form: BaseForm, name: str, values: list[str]) -> str:
    if name in _PERSONAL and values:
        return str(say("sudah diisi"))
    return _words(form, name, values)


def _words(form: BaseForm, name: str, values: Iterable[str]) -> str:
    """Answers as a person reads them: the words of a choice, not its code."""
    if name in {"kecamatan", "desa"}:
        return ", ".join(places().short_name(value) or value for value in values) or str(say("tidak diisi"))
    words = {str(code): str(text) for code, text in _choices(form, name)}
    return ", ".join(words.get(value, value) for value in values) or str(say("tidak diisi"))


def _choices(form: BaseForm, name: str) -> Iterable[tuple[str, str]]:
    choices = getattr(form[name], "choices", None) or ()
    return [(value, label) for value, label, *_rest in choices]
