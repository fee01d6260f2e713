"""What officers may type on the desk of the cooperatives: decisions, contact, edits, merges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import request
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectMultipleField

from app.cooperatives.forms import QUESTIONS
from app.core.fields import (
    ChoiceField,
    ListField,
    LongTypedField,
    TypedField,
    YesField,
    choices_of,
    refuse,
)
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import tidy_name, tidy_text
from app.regions.fields import kecamatan_choices
from app.registry.deciding_rules import (
    CONTACT_WORDS,
    HOW_CHECKED_WORDS,
    REJECT_WORDS,
    RETURN_WORDS,
)
from app.registry.rules import ContactWay, HowChecked

RETURN_PREFIX: Final = "return_"
TICK: Final = "on"
PURPOSES: Final = (
    ("check", say("Memeriksa kiriman")),
    ("tell", say("Mengabari keputusan")),
    ("message", say("Menyampaikan pesan warga")),
    ("update", say("Memperbarui data")),
)


def _text(most: int) -> Callable[[str], str]:
    return lambda text: tidy_text(text, most=most)


def _line(most: int) -> Callable[[str], str]:
    return lambda text: tidy_name(text, most=most)


class DeskForm(PlainForm):
    """A small form of the desk. Several stand on one page, so each gives its fields ids of their own."""

    DEED = ""
    ANSWERED: tuple[str, ...] = (
        "how_checked",
        "photo",
    )  # plainly needed: nobody need read "optional"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.DEED:
            for field in self._fields.values():
                field.flags.required = field.flags.required or field.name in self.ANSWERED
                field.id = f"{self.DEED}-{field.name}"
                field.label.field_id = field.id


class RulingForm(DeskForm):
    """What every decision carries: on which submission, what was on the screen, a word of one's own."""

    submission = HiddenField()
    seen = HiddenField()
    note = LongTypedField(say("Catatan"), _text(1000))


class AcceptForm(RulingForm):
    """Accept."""

    DEED = "terima"

    how_checked = ListField(
        say("Diperiksa dengan cara apa?"),
        choices=[("", say("Pilih caranya")), *choices_of(HOW_CHECKED_WORDS.items())],
    )
    legal_entity_checked = YesField(say("Nomor badan hukumnya sudah saya cocokkan"))

    def validate_how_checked(self, field: ListField) -> None:
        """Chosen by the officer: nothing is chosen beforehand, because it goes into the history."""
        if request.form.get("how_checked") == "":
            raise refuse(say("Pilih dulu: diperiksa dengan cara apa."))

    @property
    def how(self) -> HowChecked | None:
        """As chosen; None when the request did not say."""
        return HowChecked(self.how_checked.data) if request.form.get("how_checked") else None


class ReturnForm(RulingForm):
    """Return, with words at each field that is to be mended (``return_<field>``)."""

    DEED = "kembalikan"

    reason = ListField(
        say("Sebabnya"), choices=[("", say("Pilih sebabnya")), *choices_of(RETURN_WORDS.items())]
    )
    return_fields = SelectMultipleField(say("Isian yang perlu dibetulkan"), validate_choice=False)

    @property
    def words_by_field(self) -> dict[str, str]:
        """Marked fields with the officer's words. A tick and the words beside it have one name."""
        found: dict[str, str] = {}
        for name, values in request.form.lists():
            asked = name.removeprefix(RETURN_PREFIX)
            said = [value.strip() for value in values if value.strip()]
            if name != asked and asked in QUESTIONS and said:
                found[asked] = max(said, key=lambda words: (words != TICK, len(words)))
        return found


class RejectForm(RulingForm):
    """Reject. ``reason`` of the list; other words are kept as "other"."""

    DEED = "tolak"

    reason = ListField(
        say("Sebabnya"), choices=[("", say("Pilih sebabnya")), *choices_of(REJECT_WORDS.items())]
    )


class SameAsForm(RulingForm):
    """The same body as a record that is there."""

    DEED = "gabung"

    into = TypedField(
        say("Kode koperasi yang sudah ada"), _line(20), say("Isi kode koperasinya. Contoh: K-ABC2345.")
    )


class HandOverForm(RulingForm):
    """To the officers of another kecamatan, or to the Dinas itself ("dinas")."""

    DEED = "oper"

    kecamatan = ListField(
        say("Oper ke kecamatan"), say("Pilih kecamatan tujuannya."), choices=kecamatan_choices
    )


class TakeUpForm(RulingForm):
    """Decide anew."""

    DEED = "periksa"


class PublishForm(DeskForm):
    """The number of a *calon koperasi* was checked."""

    DEED = "umumkan"

    how_checked = ListField(
        say("Nomornya dicek dengan cara apa?"),
        choices=choices_of(HOW_CHECKED_WORDS.items()),
        default=HowChecked.MINISTRY_LIST.value,
    )
    note = LongTypedField(say("Catatan"), _text(1000))


class TellForm(DeskForm):
    """The sender was told."""

    submission = HiddenField()
    how = ChoiceField(
        say("Dikabari lewat apa?"), say("Pilih lewat apa."), choices=choices_of(CONTACT_WORDS.items())
    )

    @property
    def way(self) -> ContactWay:
        """As chosen. Call after validation."""
        return ContactWay(self.how.data)


class RevealForm(DeskForm):
    """Show a telephone number: of the record, or of one submission's sender."""

    submission = HiddenField()
    purpose = ChoiceField(say("Untuk apa?"), choices=list(PURPOSES), default="check")


class PhotoForm(DeskForm):
    """One photo of a decree."""

    DEED = "foto"

    submission = HiddenField()
    photo = FileField(say("Foto SK atau dokumen"))


class MergeForm(DeskForm):
    """Two records become one; ``pilih_<group>`` = kept | merged."""

    DEED = "satukan"

    seen = HiddenField()
    note = LongTypedField(say("Catatan"), _text(500))

    @property
    def chosen(self) -> dict[str, str]:
        """Group -> side, as chosen."""
        return {n.removeprefix("pilih_"): v for n, v in request.form.items() if n.startswith("pilih_")}


class ExportForm(DeskForm):
    """The list as a spreadsheet. ``purpose`` is asked when names or telephone numbers of people go along."""

    DEED = "ekspor"

    purpose = TypedField(say("Untuk apa nomor HP-nya?"), _line(150))
