"""The history of an account in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import LazyString

from app.accounts.forms import PROOF_WORDS, ROLE_WORDS, SECTION_WORDS
from app.accounts.queries.people import HistoryRow
from app.core.access import Role, Section
from app.core.language import LANGUAGES, say

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
_NOTHING: Final = "-"


@dataclass(frozen=True)
class Entry:
    """One line for ``ui.timeline``."""

    at: datetime
    title: str
    who: str
    text: str
    kind: str = ""


def history_entries(rows: Iterable[HistoryRow]) -> list[Entry]:
    """The lines in the language of the page."""
    return [Entry(row.at, str(_DEEDS.get(row.deed, row.deed)), row.actor_name, _text(row)) for row in rows]


def _text(row: HistoryRow) -> str:
    parts = [
        _change(name, row.before.get(name), value, bool(row.before)) for name, value in row.after.items()
    ]
    return "; ".join([part for part in parts if part] + ([row.note] if row.note else []))


def _change(name: str, before: object, after: object, had_before: bool) -> str:
    label = str(_FIELDS.get(name, name))
    if not had_before:
        return f"{label}: {_shown(name, after)}" if after not in (None, "", [], False) else ""
    return (
        f"{label}: {_shown(name, before)} → {_shown(name, after)}"
        if before is not None
        else f"{label}: {_shown(name, after)}"
    )


def _shown(name: str, value: object) -> str:
    if value in (None, "", []):
        return _NOTHING
    if isinstance(value, bool):
        return str(say("ya") if value else say("tidak"))
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(_WORDS.get(name, {}).get(str(value), value))


_WORDS: Final[dict[str, dict[str, LazyString | str]]] = {
    "role": {role.value: ROLE_WORDS[role] for role in Role},
    "section": {section.value: SECTION_WORDS[section] for section in Section},
    "proof": dict(PROOF_WORDS),
    "language": dict(LANGUAGES),
}
