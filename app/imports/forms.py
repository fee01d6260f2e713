"""What may be typed when a list is brought in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.core.clock import today
from app.core.forms import BaseForm
from app.core.values import ValueProblem, parse_date
from app.imports.kinds import KINDS

KIND_WORDS = {"cooperatives": _l("Koperasi"), "businesses": _l("Usaha (UMKM)")}


class UploadForm(BaseForm):
    """A file, what it lists, and as of which day."""

    kind = SelectField(_l("Isi daftar ini"), validators=[DataRequired()])
    file = FileField(_l("Berkas daftar"), validators=[FileRequired(_l("Pilih dulu berkasnya."))])
    as_of = StringField(_l("Data per tanggal"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(name, KIND_WORDS.get(name, name)) for name in KINDS]

    def validate_as_of(self, field: StringField) -> None:
        """A day as people write it; empty means today."""
        if not (field.data or "").strip():
            return
        try:
            parse_date(field.data or "", latest=today())
        except ValueProblem as problem:
            raise ValidationError(problem.sentence) from problem

    @property
    def as_of_iso(self) -> str:
        """The day as ISO text."""
        text = (self.as_of.data or "").strip()
        return (parse_date(text, latest=today()) if text else today()).isoformat()


class DeedForm(BaseForm):
    """A deed on a batch has no questions of its own."""
