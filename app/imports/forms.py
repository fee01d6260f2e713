"""What may be typed when a list is brought in."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import ValidationError

from app.core.clock import today
from app.core.fields import ListField
from app.core.forms import BaseForm
from app.core.language import say
from app.core.values import ValueProblem, parse_date
from app.imports.kinds import KINDS
from app.imports.rules import Decision
from app.imports.words import DECISION_WORDS

OPEN = "open"
KIND_WORDS = {"cooperatives": _l("Koperasi"), "businesses": _l("Usaha (UMKM)")}


class UploadForm(BaseForm):
    """A file, what it lists, and as of which day."""

    kind = ListField(say("Isi daftar ini"), say("Pilih salah satu."))
    file = FileField(_l("Berkas daftar"), validators=[FileRequired(_l("Pilih dulu berkasnya."))])
    as_of = StringField(_l("Data per tanggal"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(name, KIND_WORDS.get(name, name)) for name in KINDS]

    def validate_as_of(self, field: StringField) -> None:
        """A day as people write it; it may stay empty."""
        text = (field.data or "").strip()
        try:
            self.as_of_day = parse_date(text, latest=today()) if text else None
        except ValueProblem as problem:
            raise ValidationError(problem.sentence) from problem

    as_of_day: date | None = None


class DeedForm(BaseForm):
    """A deed on a batch has no questions of its own."""


class DecisionForm(BaseForm):
    """An officer's word about one row; ``code`` only where it is the same as another record than the likely one."""

    decision = ListField(say("Koperasi yang mana?"), say("Pilih salah satu."))
    code = StringField(_l("Kode catatan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [(d.value, words) for d, words in DECISION_WORDS.items()] + [(OPEN, OPEN)]

    @property
    def word(self) -> Decision | None:
        """The decision; None opens the question again."""
        return None if self.decision.data == OPEN else Decision(self.decision.data)
