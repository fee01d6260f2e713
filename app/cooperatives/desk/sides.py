"""Two or three records beside each other, and what a sender wrote, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from werkzeug.datastructures import MultiDict

from app.cooperatives import room
from app.cooperatives.forms import POSITIONS, REPORT_PROBLEMS, RegistrationForm
from app.cooperatives.history_words import COLUMN_WORDS, value_words
from app.cooperatives.queries.desk_record import RecordView, SubmissionView
from app.cooperatives.queries.desk_twins import Agreement, Twin
from app.core.access import Actor
from app.core.db import db
from app.core.language import formatting_locale, say
from app.core.typed_words import Said, speak_for
from app.core.values import phone_masked
from app.registry.fields import PHONE_OWNERS
from app.registry.queries.submissions import content_of
from app.registry.rules import SubmissionKind

if TYPE_CHECKING:
    from flask import Flask

_COMPARED: Final = (
    "name",
    "cooperative_type",
    "place",
    "address",
    "legal_entity_number",
    "legal_entity_date",
    "nik_koperasi",
    "nib",
    "npwp",
    "chair_name",
    "main_activity",
    "members_total",
    "phone_masked",
)
_LABELS: Final = {**COLUMN_WORDS, "place": say("Tempat"), "phone_masked": say("Nomor HP")}
AGREEMENT_WORDS: Final = {
    Agreement.LEGAL_ENTITY: say("nomor badan hukum sama"),
    Agreement.NIK_KOPERASI: say("NIK koperasi sama"),
    Agreement.NIB: say("NIB sama"),
    Agreement.NPWP: say("NPWP sama"),
    Agreement.PHONE: say("nomor HP sama"),
    Agreement.NAME: say("nama mirip"),
}
_CONTENT_LABELS: Final = {
    **COLUMN_WORDS,
    "desa": say("Desa"),
    "health_year": say("Tahun buku yang dinilai"),
    "position": say("Jabatan"),
    "proof": say("Bukti"),
    "message": say("Pesan"),
    "problem": say("Yang tidak benar"),
    "description": say("Keterangan"),
    "spoken_consent": say("Persetujuan lisan"),
    "present": say("Yang hadir"),
}
_CONTENT_CHOICES: Final[dict[str, dict[str, Any]]] = {
    "position": dict(POSITIONS),
    "problem": dict(REPORT_PROBLEMS),
    "phone_owner": dict(PHONE_OWNERS),
}
_YES: Final = frozenset({"y", "on", "1", "true", "ya"})


@dataclass(frozen=True)
class Comparison:
    """A table: headings, and rows of (label, values, differs)."""

    heads: list[str]
    rows: list[tuple[str, list[str], bool]]


def compare(record: RecordView, twins: list[Twin]) -> Comparison:
    """The record and its possible twins, one column each; a row differs when two of them say different things."""
    language = formatting_locale()
    columns = [record, *(twin.record for twin in twins)]
    rows = []
    for name in _COMPARED:
        values = [value_words(name, getattr(view, name), language) for view in columns]
        said = {" ".join(v.casefold().split()) for v in values if v}
        if any(values):
            rows.append((str(_LABELS[name]), values, len(said) > 1))
    heads = [str(say("Kiriman ini")), *(twin.record.code for twin in twins)]
    return Comparison(heads, rows)


_WANTED: Final = (
    "main_activity",
    "address",
    "chair_name",
    "members_total",
    "annual_turnover",
    "legal_entity_number",
    "nik_koperasi",
    "nib",
    "npwp",
    "rat_years",
    "ministry_status",
    "field_status",
)


def still_unknown(record: RecordView) -> list[str]:
    """What nobody told us of a record yet, in words: one line instead of many empty ones."""
    return [_inside(str(_LABELS[name])) for name in _WANTED if getattr(record, name) in {None, "", ()}]


def _inside(label: str) -> str:
    """A label as it stands within a sentence: "nama ketua", but "NIB"."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def content_in_words(content: list[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    """(label, value) of what a sender wrote; several values of one question in one line."""
    found: dict[str, list[str]] = {}
    for name, value in content:
        if name in _CONTENT_LABELS:
            found.setdefault(name, []).append(_said(name, value, language))
    return [(str(_CONTENT_LABELS[name]), ", ".join(values)) for name, values in found.items()]


def typed_words(name: str, value: str) -> Said | None:
    """A field of this room's forms, of the public ones as of the desk's."""
    told = content_in_words([(name, value)], formatting_locale())
    if told and told[0][1] != value:
        return told[0]
    label = _CONTENT_LABELS.get(name)
    try:
        words = value_words(name, value, formatting_locale())
    except ValueError:  # typed in words, or wrong
        words = value
    return (str(label or ""), words) if label or words != value else None


room.record(lambda state: speak_for(cast("Flask", state.app), room.name, typed_words))


def _said(name: str, value: str, language: str) -> str:
    """A value as typed, choices in words. What cannot be read is shown as it came."""
    if name in _CONTENT_CHOICES:
        return str(_CONTENT_CHOICES[name].get(value, value))
    if name.startswith("consent_") or name == "spoken_consent":
        return str(say("ya") if value.casefold() in _YES else value)
    if name in {"cooperative_type", "membership_area", "health_claim"}:
        try:
            return value_words(name, value, language)
        except ValueError:
            return value
    if name in {"kecamatan", "desa"}:
        return value_words(f"{name}_code", value, language)
    return value


def proposal(record: RecordView, current: SubmissionView, actor: Actor) -> Comparison | None:
    """For a proposed correction: what stands, what is proposed."""
    if current.kind is not SubmissionKind.COOPERATIVE_CORRECTION:
        return None
    language = formatting_locale()
    rows = []
    for name, value in proposed_changes(current.id).items():
        if name == "phone":
            now, then = record.phone_masked, phone_masked(value) if value else ""
        elif name == "contact_name" or name not in COLUMN_WORDS or not hasattr(record, name):
            continue
        else:
            now, then = (value_words(name, v, language) for v in (getattr(record, name), value))
        if now != then:
            rows.append((str(COLUMN_WORDS[name]), [now, then], True))
    return Comparison([str(say("Sekarang")), str(say("Usulan"))], rows)


def proposed_changes(submission_id: str) -> dict[str, Any]:
    """What a correction asks to change, by the record's names; nothing when it cannot be read."""
    sent = MultiDict(content_of(db.session(), submission_id))
    form = RegistrationForm(formdata=sent)
    return form.record_values() if form.validate() else {}
