"""Everything an officer may change on a record. Empty is allowed here where a registration asks: lists have gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from app.cooperatives.forms import TEXT_COLUMNS, AssistedRegistrationForm, RegistrationForm
from app.cooperatives.queries.desk_record import RecordView
from app.cooperatives.rules import FieldStatus, Health, MinistryStatus
from app.cooperatives.services.editing import OFFICIAL
from app.cooperatives.words import (
    FIELD_WORDS,
    HEALTH_WORDS,
    MEMBERSHIP_WORDS,
    MINISTRY_WORDS,
    TYPE_EXAMPLES,
)
from app.core.clock import today
from app.core.fields import ListField, TypedField, YesField, choices_of, refuse
from app.core.language import say
from app.core.values import ValueProblem, parse_count, parse_date, parse_year, tidy_name
from app.regions.queries import places
from app.registry.fields import PHONE_OWNERS

_PERSONAL: Final = ("phone", "contact_name")
_CHOICES: Final[Mapping[str, type[MinistryStatus | FieldStatus | Health]]] = {
    "ministry_status": MinistryStatus,
    "field_status": FieldStatus,
    "health": Health,
}
_TYPED: Final = ("ministry_status_on", "field_status_on", "health_source", "health_on", "dissolved_on")


def _past_day(text: str) -> date:
    return parse_date(text, latest=today())


def _finished_years(text: str) -> tuple[int, ...]:
    """Book years that are over, from text such as 2023, 2024 2025."""
    words = text.replace(",", " ").replace(";", " ").split()
    years = tuple(sorted({parse_year(word) for word in words}))
    if years and years[-1] >= today().year:
        raise ValueProblem("too_late", say("Tahun buku %(year)s belum selesai.", year=years[-1]))
    return years


def _institution(text: str) -> str:
    return tidy_name(text, most=120)


def _present(text: str) -> str:
    return tidy_name(text, most=160)


def _reason(text: str) -> str:
    return tidy_name(text, most=300)


class CompactMixin(RegistrationForm):
    """Lists to drop down instead of choice cards: an officer knows the words, and sees the whole form."""

    cooperative_type = ListField(  # type: ignore[assignment]
        say("Jenis koperasi"),
        say("Pilih jenis koperasinya. Boleh Tidak tahu."),
        choices=[("", say("Pilih jenisnya")), *choices_of(TYPE_EXAMPLES.items())],
    )
    membership_area = ListField(  # type: ignore[assignment]
        say("Anggotanya tinggal di mana?"), choices=choices_of(MEMBERSHIP_WORDS.items()), default="kabupaten"
    )
    phone_owner = ListField(  # type: ignore[assignment]
        say("Nomor ini milik siapa?"), choices=list(PHONE_OWNERS), default="self"
    )


class EditForm(CompactMixin):
    """The fields of a registration, and what only officers know. ``version``: the record's when the form was opened.

    The telephone number and the contact's name are never put into the form: empty means "as it is".
    """

    version = HiddenField()
    reason = TypedField(
        say("Mengapa diubah?"), _reason, say("Tulis sebabnya. Contoh: hasil telepon dengan ketua.")
    )
    book_years = TypedField(say("Tahun buku yang sudah RAT"), _finished_years)
    members_total = TypedField(say("Jumlah anggota, kalau tidak dipisah"), parse_count)
    forget_contact = YesField(say("Hapus nama dan nomor kontak yang lama"))
    legal_entity_checked = YesField(say("Nomor badan hukum sudah dicocokkan"))
    ministry_status = ListField(
        say("Status menurut kementerian (ODS)"),
        choices=[("", say("Belum ada data")), *choices_of(MINISTRY_WORDS.items())],
    )
    ministry_status_on = TypedField(say("Data kementerian per tanggal"), _past_day)
    field_status = ListField(
        say("Temuan lapangan"),
        choices=[("", say("Belum pernah didatangi")), *choices_of(FIELD_WORDS.items())],
    )
    field_status_on = TypedField(say("Didatangi tanggal"), _past_day)
    health = ListField(say("Penilaian kesehatan resmi"), choices=choices_of(HEALTH_WORDS.items()))
    health_source = TypedField(say("Dinilai oleh"), _institution)
    health_on = TypedField(say("Tanggal penilaian"), _past_day)
    dissolved_on = TypedField(say("Tanggal bubar"), _past_day)

    def __init__(self, *args: Any, may_set_official: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.rat_years
        for field in (self.main_activity, self.contact_name):
            field.missing = None
            field.flags.required = False
        self.desa.flags.required = self.phone.flags.required = False
        if not may_set_official:
            for name in OFFICIAL:
                delattr(self, name)

    def validate_phone(self, field: TypedField[str]) -> None:
        """Empty leaves the number as it is."""

    def validate_desa(self, field: SelectField) -> None:
        """May be unknown, as in lists; when named, it lies in the kecamatan."""
        if field.data and not places().is_desa_of(field.data, self.kecamatan.data):
            raise ValidationError(str(say("Pilih desa di kecamatan itu.")))

    def validate_field_status_on(self, field: TypedField[date]) -> None:
        """A finding without its day cannot be weighed against others."""
        if self.field_status.data and field.value is None:
            raise refuse(say("Tulis tanggal didatangi."))

    def changes(self) -> dict[str, Any]:
        """Wanted values by the record's names. Call after validation."""
        values = self.record_values()
        values["desa_code"] = values.get("desa_code") or None
        if self.forget_contact.data:
            values.update(contact_name=None, phone=None)
        else:
            values = {n: v for n, v in values.items() if n not in _PERSONAL or v is not None}
        values["rat_years"] = self.book_years.value or ()
        if values["members_male"] is None or values["members_female"] is None:
            values["members_total"] = self.members_total.value
        values.update(self._official_values())
        return values

    def _official_values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, kind in _CHOICES.items():
            if name in self:
                found[name] = kind(self[name].data) if self[name].data else None
        if "health" in found:
            found["health"] = found["health"] or Health.UNASSESSED
        for name in _TYPED:
            if name in self:
                found[name] = getattr(self, name).value
        if "health_source" in found:
            found["health_source"] = found["health_source"] or ""
        if "legal_entity_checked" in self:
            found["legal_entity_checked"] = self.legal_entity_checked.data
        return found

    @property
    def seen_version(self) -> int | None:
        """The record's version on the form; None when the request did not say."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else None


def form_values(record: RecordView) -> dict[str, Any]:
    """A record as the texts of the form."""
    shown: dict[str, Any] = {
        question: _as_text(getattr(record, column))
        for question, column in TEXT_COLUMNS.items()
        if question not in _PERSONAL
    }
    shown.update(
        kecamatan=record.kecamatan_code,
        desa=record.desa_code or "",
        version=str(record.version),
        book_years=", ".join(str(year) for year in sorted(record.rat_years)),
        members_total=_as_text(record.members_total),
        health_claim=_as_text(record.health_claim),
    )
    for name in ("cooperative_type", "phone_owner", "membership_area", *_CHOICES, *_TYPED):
        shown[name] = _as_text(getattr(record, name))
    for name in ("consent_public_contact", "consent_whatsapp", "legal_entity_checked"):
        shown[name] = getattr(record, name)
    return shown


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.day}-{value.month}-{value.year}" if isinstance(value, date) else str(value)


class DeskRegistrationForm(CompactMixin, AssistedRegistrationForm):
    """The registration of somebody who sits in front of the officer. ``present``: who that was."""

    present = TypedField(
        say("Siapa yang hadir?"),
        _present,
        say("Tulis nama dan jabatan orang yang hadir. Contoh: Siti Aminah, bendahara."),
    )
