"""Form fields that read values as people write them and keep what was typed for showing it again.

``data`` is the text as typed, ``value`` the one kept form (None when empty). Every refusal is one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from flask_babel import LazyString
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of an older release
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput

from app.core.language import say
from app.core.values import ValueProblem, says_none

Value = TypeVar("Value")

NOT_A_CHOICE = say("Pilih salah satu yang ada di daftar.")


class TypedField(StringField, Generic[Value]):
    """One line read by ``parse`` (raises ValueProblem). ``missing``: the sentence when it must not be empty.

    In a field that may stay empty, "-", "belum ada" and the like mean empty.
    """

    value: Value | None = None

    def __init__(
        self,
        label: LazyString,
        parse: Callable[[str], Value],
        missing: LazyString | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.parse = parse
        self.missing = missing
        if missing is not None:
            self.flags.required = True

    def pre_validate(self, form: BaseForm) -> None:
        """Read what was typed."""
        text = self.data or ""
        if not text.strip() or (self.missing is None and says_none(text)):
            if self.missing is not None:
                raise StopValidation(self.missing)
            return
        try:
            self.value = self.parse(text)
        except ValueProblem as problem:
            raise StopValidation(problem.sentence) from problem


class LongTypedField(TypedField[str], TextAreaField):
    """As TypedField, in several lines."""


Choices = Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]] | None


def _declared(choices: Choices) -> Any:
    """Pairs as the library wants them declared."""
    if choices is None or callable(choices):
        return choices
    return [SelectChoice(value=value, label=label) for value, label in choices]


class _Chosen:
    """One of the choices; '' counts as not answered."""

    missing: LazyString | None = None
    data: Any
    choices: Any
    flags: Any

    def _check(self) -> None:
        if not self.data:
            if self.missing is not None:
                raise StopValidation(self.missing)
            return
        if self.data not in {value for value, *_label in self.choices or ()}:
            raise StopValidation(NOT_A_CHOICE)


class ChoiceField(_Chosen, RadioField):
    """Choice cards."""

    def __init__(
        self, label: LazyString, missing: LazyString | None = None, choices: Choices = None, **options: Any
    ) -> None:
        super().__init__(label, choices=_declared(choices), **options)
        self.missing = missing
        if missing is not None:
            self.flags.required = True

    def pre_validate(self, form: BaseForm) -> None:
        """Known choice."""
        self._check()


class ListField(_Chosen, SelectField):
    """A drop-down list whose choices may come from the database."""

    def __init__(
        self, label: LazyString, missing: LazyString | None = None, choices: Choices = None, **options: Any
    ) -> None:
        super().__init__(label, choices=_declared(choices), **options)
        self.missing = missing
        if missing is not None:
            self.flags.required = True

    def pre_validate(self, form: BaseForm) -> None:
        """Known choice."""
        self._check()


class SeveralField(SelectMultipleField):
    """Several of a list as boxes to tick, each read by ``parse``; ``values`` are the kept forms."""

    option_widget = CheckboxInput()
    values: tuple[Any, ...] = ()

    def __init__(self, label: LazyString, parse: Callable[[str], Any], **options: Any) -> None:
        super().__init__(label, **options)
        self.parse = parse

    def pre_validate(self, form: BaseForm) -> None:
        """Read each."""
        try:
            self.values = tuple(dict.fromkeys(self.parse(text) for text in self.data or () if text.strip()))
        except ValueProblem as problem:
            raise StopValidation(problem.sentence) from problem


class YesField(BooleanField):
    """A box to tick. What other programs write for "no" is no."""

    def __init__(self, label: LazyString, **options: Any) -> None:
        super().__init__(label, false_values=(False, "", "0", "false", "no", "off", "tidak"), **options)


def refuse(sentence: LazyString) -> ValidationError:
    """The error to raise in ``validate_<field>`` of a form."""
    return ValidationError(sentence)


def choices_of(words: Iterable[tuple[Any, LazyString]]) -> list[tuple[str, LazyString]]:
    """Choices of a field from (enum member, words)."""
    return [(str(member), text) for member, text in words]
