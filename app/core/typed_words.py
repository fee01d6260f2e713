"""What was typed into a form, in words, for a page that shows it again without knowing the form.

A room says what its fields are called and what its choices mean; dates and times are formatted for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final, cast

from flask import Flask, current_app

from app.core.language import formatting_locale, say
from app.core.words import date_short

EXTENSION: Final = "kop_ukm_typed_words"
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d))?")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

Said = tuple[str, str]
"""A field for people ('' where it has no name), and what stands in it."""
Speaker = Callable[[str, str], Said | None]


def speak_for(app: Flask, room: str, speaker: Speaker) -> None:
    """Let ``speaker(name, value)`` name the fields of this room's forms; None for one it does not know."""
    _speakers(app)[room] = speaker


def in_words(room: str, name: str, value: str) -> Said:
    """A field of a form of ``room``, as people read it."""
    speaker = _speakers(current_app).get(room)
    label, words = (speaker(name, value) if speaker else None) or ("", value)
    return label, formatted(words)


def formatted(text: str) -> str:
    """A date, a time or a tick of a form's own field as it is written elsewhere; everything else as it is."""
    if text == "y":
        return str(say("ya"))
    if moment := _TIME.fullmatch(text):
        return ".".join(moment.groups())
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    try:
        day = date_short(date.fromisoformat(found[1]), formatting_locale())
    except ValueError:
        return text
    return f"{day}, {found[2]}.{found[3]}" if found[2] else day


def _speakers(app: Flask) -> dict[str, Speaker]:
    return cast("dict[str, Speaker]", app.extensions.setdefault(EXTENSION, {}))
