"""The two questions every form with a place asks: kecamatan, then desa. For forms of all rooms above."""

from __future__ import annotations

from typing import Any

from wtforms import Form, SelectField
from wtforms.validators import ValidationError

from app.core.language import say
from app.regions.queries import list_desa, list_kecamatan, places

Choices = list[tuple[str, str]]


def kecamatan_choices() -> Choices:
    """('', "Pilih kecamatan") and the 40 kecamatan by name."""
    return [("", str(say("Pilih kecamatan"))), *((row.code, row.name) for row in list_kecamatan())]


def desa_choices(kecamatan_code: str | None) -> Choices:
    """('', "Pilih desa atau kelurahan") and the desa of the kecamatan; kelurahan say so."""
    rows = list_desa(kecamatan_code or "")
    named = [(row.code, f"{row.name} (kelurahan)" if row.status == "kelurahan" else row.name) for row in rows]
    return [("", str(say("Pilih desa atau kelurahan"))), *named]


class OptionalPlaceMixin(Form):
    """Fields ``kecamatan`` and ``desa``, both may be left open; a desa must lie in the chosen kecamatan.

    The choices of ``desa`` are those of the kecamatan sent (or of ``kecamatan=`` given to the form), so that the
    page works in two plain steps without JavaScript.
    """

    kecamatan = SelectField(say("Kecamatan"), choices=kecamatan_choices, validate_choice=False, default="")
    desa = SelectField(say("Desa atau kelurahan"), choices=[], validate_choice=False, default="")

    def process(
        self,
        formdata: Any = None,
        obj: object = None,
        data: Any = None,
        extra_filters: Any = None,
        **kwargs: object,
    ) -> None:
        """As WTForms does, then offer the desa of the kecamatan that came in."""
        super().process(formdata, obj, data, extra_filters, **kwargs)
        self.desa.choices = desa_choices(self.kecamatan.data)

    def validate_kecamatan(self, field: SelectField) -> None:
        """One of the 40, or nothing."""
        if field.data and not places().is_kecamatan(field.data):
            raise ValidationError(str(say("Pilih kecamatan dari daftar.")))

    def validate_desa(self, field: SelectField) -> None:
        """A child of the chosen kecamatan, or nothing."""
        if field.data and not places().is_desa_of(field.data, self.kecamatan.data):
            raise ValidationError(_choose_desa(self.kecamatan.data))


class PlaceMixin(OptionalPlaceMixin):
    """The same with both answers required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kecamatan.flags.required = self.desa.flags.required = True

    def validate_kecamatan(self, field: SelectField) -> None:
        """One of the 40."""
        if not field.data:
            raise ValidationError(str(say("Pilih kecamatan.")))
        super().validate_kecamatan(field)

    def validate_desa(self, field: SelectField) -> None:
        """A child of the chosen kecamatan."""
        if not field.data:
            raise ValidationError(_choose_desa(self.kecamatan.data))
        super().validate_desa(field)


def _choose_desa(kecamatan_code: str | None) -> str:
    name = places().short_name(kecamatan_code)
    if not name:
        return str(say("Pilih kecamatan dulu, lalu desa."))
    return str(say("Pilih desa di Kecamatan %(kecamatan)s.", kecamatan=name))
