"""Words for outcomes and columns, shared by the desk, the report and the commands."""

from __future__ import annotations

from flask_babel import LazyString

from app.core.language import say
from app.imports.kinds import ImportKind
from app.imports.rules import Outcome

OUTCOME_WORDS: dict[Outcome, LazyString] = {
    Outcome.NEW: say("Baru"),
    Outcome.CHANGED: say("Berubah"),
    Outcome.UNCHANGED: say("Sama"),
    Outcome.CONFLICT: say("Bertentangan"),
    Outcome.FAULTY: say("Salah isi"),
    Outcome.SKIPPED: say("Dilewati"),
}


def field_words(kind: ImportKind) -> dict[str, str]:
    """The screen word of each field of ``kind``."""
    return {name: str(kind.labels.get(name, name)) for name in kind.vocabulary}
