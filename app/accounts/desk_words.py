"""The history of an account in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import LazyString

from app.accounts.forms import PROOF_WORDS, ROLE_WORDS, SECTION_WORDS
from app.accounts.queries.people import HistoryRow
from app.core.access import Role, Section
from app.core.language import LANGUAGES, formatting_locale, say
from app.core.typed_words import Said
from app.core.words import date_long

_DEEDS: Final = {
    "account.created": say("Akun dibuat"),
    "account.changed": say("Akun diubah"),
    "account.disabled": say("Akun dinonaktifkan"),
    "account.enabled": say("Akun diaktifkan lagi"),
    "account.link_made": say("Tautan kata sandi dibuat"),
    "account.password_set_by_link": say("Kata sandi dibuat lewat tautan"),
    "account.password_changed": say("Kata sandi diganti"),
    "account.phone_changed": say("Nomor HP diganti"),
    "account.sessions_ended": say("Dikeluarkan dari semua perangkat"),
    "account.stand_in_named": say("Pelaksana harian ditunjuk"),
    "account.stand_in_ended": say("Pelaksana harian selesai"),
    "account.second_factor_set": say("Kode masuk dipasang"),
    "account.second_factor_removed": say("Kode masuk dilepas"),
    "account.recovery_codes_renewed": say("Kode cadangan diganti"),
}
_FIELDS: Final = {
    "name": say("nama"),
    "role": say("peran"),
    "section": say("bidang"),
    "areas": say("kecamatan"),
    "institution": say("instansi"),
    "decree_number": say("nomor SK"),
    "decree_date": say("tanggal SK"),
    "valid_from": say("berlaku mulai"),
    "valid_until": say("berlaku sampai"),
    "may_decide": say("boleh memutuskan"),
    "phone": say("nomor HP"),
    "proof": say("bukti"),
    "sessions": say("perangkat"),
    "language": say("bahasa"),
    "stand_in": say("pelaksana harian"),
    "for": say("menggantikan"),
    "from": say("mulai"),
    "until": say("sampai"),
}
_DATES: Final = {"decree_date", "valid_from", "valid_until", "from", "until"}
_NOTHING: Final = "-"


@dataclass(frozen=True)
class Entry:
    """One line for ``ui.timeline``."""

    at: datetime
    title: str
    who: str
    text: str
    kind: str = ""


def history_entries(rows: Iterable[HistoryRow], *, areas: Mapping[str, str]) -> list[Entry]:
    """The lines in the language of the page. ``areas``: names of kecamatan by code."""
    return [
        Entry(row.at, str(_DEEDS.get(row.deed, row.deed)), row.actor_name, _text(row, areas)) for row in rows
    ]


def _text(row: HistoryRow, areas: Mapping[str, str]) -> str:
    parts = []
    for name, after in row.after.items():
        label, now = str(_FIELDS.get(name, name)), _shown(name, after, areas)
        if name in row.before:
            parts.append(f"{label}: {_shown(name, row.before[name], areas)} → {now}")
        elif now != _NOTHING:
            parts.append(f"{label}: {now}")
    return "; ".join([*parts, row.note] if row.note else parts)


def typed_words(name: str, value: str) -> Said | None:
    """A field of this room's forms."""
    words = _WORDS.get(name, {}).get(value)
    label = str(_FIELDS.get(name, ""))
    return (label[:1].upper() + label[1:], str(words or value)) if label or words else None


def _shown(name: str, value: object, areas: Mapping[str, str]) -> str:
    if value in (None, "", [], False):
        return _NOTHING
    if value is True:
        return str(say("ya"))
    if isinstance(value, list):
        return ", ".join(areas.get(str(code), str(code)) for code in value)
    if name in _DATES:
        return date_long(date.fromisoformat(str(value)), formatting_locale())
    return str(_WORDS.get(name, {}).get(str(value), value))


_WORDS: Final[dict[str, dict[str, LazyString | str]]] = {
    "role": {role.value: ROLE_WORDS[role] for role in Role},
    "section": {section.value: SECTION_WORDS[section] for section in Section},
    "proof": dict(PROOF_WORDS),
    "language": dict(LANGUAGES),
}
