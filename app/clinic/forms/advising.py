"""What officers and experts type on a day of the clinic: steps, notes, why a telephone number is read, wishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from wtforms import HiddenField

from app.clinic.forms.experts import read_link
from app.clinic.rules.booking import BookingStatus
from app.clinic.words import OUTCOME_WORDS
from app.core.clock import today
from app.core.fields import ChoiceField, ListField, LongTypedField, TypedField, choices_of
from app.core.forms import PlainForm
from app.core.language import say
from app.core.values import parse_date, tidy_text
from app.registry.deciding_rules import CONTACT_WORDS
from app.registry.rules import ContactWay

PURPOSES: Final = (
    ("session", say("Konsultasi lewat telepon")),
    ("late", say("Menanyakan jadi datang atau tidak")),
    ("tell", say("Mengabari tentang janji ini")),
    ("follow_up", say("Menindaklanjuti hasil konsultasi")),
)
_LONGEST_FOLLOW_UP: Final = timedelta(days=366)


def _coming_day(text: str) -> date:
    return parse_date(text, earliest=today(), latest=today() + _LONGEST_FOLLOW_UP)


class StepForm(PlainForm):
    """One touch: where the booking goes now. ``asal`` is the page it was touched on."""

    status = HiddenField()
    asal = HiddenField()

    @property
    def wanted(self) -> BookingStatus | None:
        """As touched; None for what is no state."""
        return BookingStatus(self.status.data) if self.status.data in set(BookingStatus) else None


class NoteForm(PlainForm):
    """What came of a session."""

    text = LongTypedField(
        say("Catatan"),
        lambda text: tidy_text(text, most=3000),
        say("Tulis satu kalimat: apa yang dibahas. Contoh: cara membuat pembukuan harian."),
    )
    outcome = ChoiceField(say("Hasilnya"), say("Pilih hasilnya."), choices=choices_of(OUTCOME_WORDS.items()))
    follow_up_on = TypedField(say("Tindak lanjut tanggal"), _coming_day)


class RevealForm(PlainForm):
    """Show a telephone number."""

    purpose = ChoiceField(
        say("Untuk apa nomornya?"), say("Pilih untuk apa nomornya."), choices=list(PURPOSES)
    )


class LinkForm(PlainForm):
    """Where one online session meets; empty: in the room of its expert."""

    meeting_link = TypedField[str](say("Tautan Zoom untuk janji ini"), read_link)


class PlaceForm(PlainForm):
    """Another free half hour of today for somebody whose expert is not there."""

    slot = ListField(say("Pindah ke"), say("Pilih jam dan narasumbernya."), choices=[])


class ScheduleForm(PlainForm):
    """The time for a wish."""

    slot = ListField(say("Jam yang kosong"), say("Pilih jamnya."), choices=[])


class CloseForm(PlainForm):
    """No time for a wish, and why."""

    reason = LongTypedField(
        say("Sebabnya"),
        lambda text: tidy_text(text, most=500),
        say("Tulis sebabnya. Pengirim membacanya di tanda terima."),
    )


class ToldForm(PlainForm):
    """The sender of a wish was told."""

    how = ChoiceField(
        say("Dikabari lewat apa?"), say("Pilih lewat apa."), choices=choices_of(CONTACT_WORDS.items())
    )

    @property
    def way(self) -> ContactWay:
        """As chosen. Call after validation."""
        return ContactWay(self.how.data)
