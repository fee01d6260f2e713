"""Words for outcomes, decisions and columns, shared by the desk, the report and the commands."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.language import say
from app.imports.kinds import ImportKind
from app.imports.rules import Decision, Outcome

OUTCOME_WORDS: Final[dict[Outcome, LazyString]] = {
    Outcome.NEW: say("Baru"),
    Outcome.CHANGED: say("Berubah"),
    Outcome.UNCHANGED: say("Sama"),
    Outcome.CONFLICT: say("Bertentangan"),
    Outcome.FAULTY: say("Salah isi"),
    Outcome.SKIPPED: say("Dilewati"),
}

OUTCOME_KINDS: Final[dict[Outcome, str]] = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "info",
    Outcome.UNCHANGED: "plain",
    Outcome.CONFLICT: "warn",
    Outcome.FAULTY: "bad",
    Outcome.SKIPPED: "plain",
}
"""Colour and sign of an outcome's badge."""

DECISION_WORDS: Final[dict[Decision, LazyString]] = {
    Decision.SAME: say("Koperasi yang sama"),
    Decision.OTHER: say("Koperasi lain"),
    Decision.SKIP: say("Dilewati petugas"),
}


def field_words(kind: ImportKind) -> dict[str, str]:
    """The screen word of each field of ``kind``."""
    return {name: kind.label(name) for name in kind.vocabulary}
