"""The base of every form: what each carries besides its questions, and its errors in one order."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.fields.core import Field

from app.core.clock import now
from app.core.errors import RuleBroken

PERSONAL_EXTRAS = {
    "submission_id",
    "form_version",
    "filled_at",
    "website",
    "csrf_token",
    "uid",  # whose form it is, where only its owner may send it
    "reader",
}


class PlainForm(FlaskForm):
    """A form of the desk: its questions and its errors, nothing travels with it."""

    class Meta:
        """The token is checked before the form, by core/cross_site.py."""

        csrf = False

    def reject(self, problem: RuleBroken) -> None:
        """Show a broken rule at its field, or on top when it concerns the whole form."""
        target = self._fields.get(problem.field)
        if target is None:
            self.form_errors.append(problem.sentence)
        else:
            target.errors = [*target.errors, problem.sentence]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field's element or '', sentence) for the summary on top, in the order of the form."""
        found = [("", str(words)) for words in self.form_errors]
        return found + [(str(f.id), str(words)) for f in self._questions() for words in f.errors]

    def _questions(self) -> Iterator[Field]:
        return (f for f in self._fields.values() if f.name not in PERSONAL_EXTRAS)


class BaseForm(PlainForm):
    """Submission id, form version and time of filling travel with every form (contract.md section 4).

    All three may be absent, then the server makes them. ``website`` is a trap for machines: people never see it;
    a form with it filled is kept and marked, never refused, because browsers sometimes fill it by themselves.
    """

    VERSION = 1

    submission_id = HiddenField()
    form_version = HiddenField()
    filled_at = HiddenField()
    website = StringField()

    @property
    def identity(self) -> str:
        """The submission's uuid in its one spelling; a new one when absent or unreadable."""
        try:
            return str(uuid.UUID(self.submission_id.data or ""))
        except ValueError:
            return str(uuid.uuid4())

    def fill_identity(self) -> None:
        """Give a fresh form its id, version and time, for browsers without JavaScript."""
        self.submission_id.data = self.identity
        self.form_version.data = str(self.VERSION)
        self.filled_at.data = self.filled_at.data or str(int(now().timestamp() * 1000))

    @property
    def looks_automatic(self) -> bool:
        """True when the trap was filled."""
        return bool((self.website.data or "").strip())

    def errors_by_field(self) -> dict[str, str]:
        """First sentence per field, for the JSON answer."""
        found: dict[str, str] = {}
        for words in self.form_errors:
            found.setdefault("form", str(words))
        for field in self._questions():
            for words in field.errors:
                found.setdefault(str(field.name), str(words))
        return found

    def keep_only(self, names: Collection[str]) -> None:
        """Drop every question but ``names``: only what an officer returned is open."""
        for name in [field.name for field in self._questions() if field.name not in names]:
            delattr(self, name)


def sent_pairs() -> list[tuple[str, str]]:
    """What was sent, in its order, as pairs, without what does not belong to the content."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in PERSONAL_EXTRAS
    ]
