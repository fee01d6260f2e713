"""What officers may type in the registry's own pages: days off."""

from __future__ import annotations

from flask_wtf import FlaskForm

from app.core.errors import RuleBroken
from app.core.fields import ListField, TypedField, YesField
from app.core.language import say
from app.core.values import parse_date, tidy_name
from app.core.workdays import HolidayKind


class DayOffForm(FlaskForm):
    """One day off."""

    class Meta:
        """The token is checked before the form, by core/cross_site.py."""

        csrf = False

    day = TypedField(say("Tanggal"), parse_date, say("Tulis tanggalnya. Contoh: 17-8-2027."))
    name = TypedField(
        say("Nama hari libur"),
        lambda text: tidy_name(text, most=120),
        say("Tulis namanya. Contoh: Hari Kemerdekaan."),
    )
    kind = ListField(
        say("Macamnya"),
        say("Pilih macamnya."),
        choices=[
            (HolidayKind.NATIONAL.value, say("Libur nasional")),
            (HolidayKind.JOINT_LEAVE.value, say("Cuti bersama")),
        ],
        default=HolidayKind.NATIONAL.value,
    )
    estimated = YesField(say("Tanggalnya masih perkiraan"))

    def refuse(self, problem: RuleBroken) -> None:
        """Show a broken rule at its field."""
        target = self._fields.get(problem.field)
        if target is None:
            self.form_errors.append(problem.sentence)
        else:
            target.errors = [*target.errors, problem.sentence]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(element id or '', sentence) for the summary on top."""
        found = [("", str(words)) for words in self.form_errors]
        return found + [(f.id, str(words)) for f in self._fields.values() for words in f.errors]
