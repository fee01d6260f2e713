"""Somebody stands at the desk: the questions of a booking, a free half hour of today, the spoken consent."""

from __future__ import annotations

from typing import Any, Final

from app.clinic.forms.booking import AboutForm, record_code
from app.core.fields import ListField, TypedField, YesField, refuse
from app.core.language import say
from app.regions.fields import kecamatan_choices

_MOST_DIGITS: Final = 12


def read_number(text: str) -> int:
    """The number of a half hour, as the form names it; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


class WalkInForm(AboutForm):
    """One person, one half hour. The choices of ``slot`` are the free ones, by number."""

    slot = ListField(say("Jam dan narasumber"), say("Pilih jam dan narasumbernya."), choices=[])
    kecamatan = ListField(say("Kecamatan"), choices=kecamatan_choices)
    record = TypedField(say("Kode koperasi atau usaha"), record_code)
    spoken_consent = YesField(say("Sudah saya bacakan, dan orangnya setuju"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields["spoken_consent"] = self._fields.pop("spoken_consent")  # it stands last on the page

    def validate_spoken_consent(self, field: YesField) -> None:
        """Nobody's data without their knowing."""
        if not field.data:
            raise refuse(say("Bacakan dulu pemberitahuannya, lalu beri tanda di sini."))

    @property
    def slot_id(self) -> int:
        """The chosen half hour; 0 for what is no number."""
        return read_number(self.slot.data or "")
