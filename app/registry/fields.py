"""The telephone question that every public form asks alike. For forms of all rooms above."""

from __future__ import annotations

from typing import Any, Final

from app.core.fields import ChoiceField, TypedField, refuse
from app.core.forms import BaseForm
from app.core.language import say
from app.core.values import parse_phone

PHONE_OWNERS: Final = (
    ("self", say("Nomor saya sendiri")),
    ("family", say("Nomor keluarga")),
    ("helper", say("Nomor orang yang membantu")),
    ("none", say("Tidak punya nomor HP")),
)


class PhoneMixin(BaseForm):
    """A telephone number and whose it is. Without one the receipt is made for paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone.flags.required = True  # in words; browsers must not insist, because of "none"

    phone = TypedField(say("Nomor HP"), parse_phone)
    phone_owner = ChoiceField(say("Nomor ini milik siapa?"), choices=list(PHONE_OWNERS), default="self")

    def validate_phone(self, field: TypedField[str]) -> None:
        """Needed, unless there is none."""
        if field.value is None and self.phone_owner.data != "none":
            raise refuse(say("Tulis nomor HP yang bisa dihubungi. Contoh: 0812-3456-7890."))
