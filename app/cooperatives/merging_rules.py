"""Pure rules of making one record of two: which values go together, which side is offered, what can be undone."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from flask_babel import LazyString

from app.cooperatives.rules import CooperativeType, FieldStatus, Health, MembershipArea, MinistryStatus
from app.core.language import say

# Values that only make sense together are chosen together. RAT years are not chosen: they are united.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "type": ("cooperative_type",),
    "activity": ("main_activity",),
    "membership": ("membership_area",),
    "place": ("kecamatan_code", "desa_code", "address"),
    "legal_entity": ("legal_entity_number", "legal_entity_date", "legal_entity_checked"),
    "nik_koperasi": ("nik_koperasi",),
    "nib": ("nib",),
    "npwp": ("npwp",),
    "members": ("members_male", "members_female", "members_total"),
    "turnover": ("annual_turnover",),
    "chair": ("chair_name",),
    "contact": ("contact_name", "phone", "phone_owner", "consent_public_contact", "consent_whatsapp"),
    "owner": ("owner_account_id",),
    "ministry": ("ministry_status", "ministry_status_on", "ministry_record"),
    "field": ("field_status", "field_status_on"),
    "health": ("health", "health_source", "health_on"),
    "health_claim": ("health_claim", "health_claim_year"),
    "dissolution": ("dissolved_on",),
}
GROUP_WORDS: Final[Mapping[str, LazyString]] = {
    "name": say("Nama"),
    "type": say("Jenis"),
    "activity": say("Kegiatan utama"),
    "membership": say("Tempat tinggal anggota"),
    "place": say("Alamat"),
    "legal_entity": say("Badan hukum"),
    "nik_koperasi": say("NIK koperasi"),
    "nib": say("NIB"),
    "npwp": say("NPWP"),
    "members": say("Jumlah anggota"),
    "turnover": say("Omzet setahun"),
    "chair": say("Nama ketua"),
    "contact": say("Kontak"),
    "owner": say("Akun pengurus"),
    "ministry": say("Status menurut kementerian"),
    "field": say("Temuan lapangan"),
    "health": say("Penilaian kesehatan"),
    "health_claim": say("Kesehatan menurut koperasi"),
    "dissolution": say("Tanggal bubar"),
}

PERSONAL: Final = frozenset({"phone", "contact_name"})
_EMPTY: Final = (None, "", (), "self", False, CooperativeType.UNKNOWN, Health.UNASSESSED)
_DATES: Final = frozenset(
    {"legal_entity_date", "ministry_status_on", "field_status_on", "health_on", "dissolved_on"}
)
_ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    "cooperative_type": CooperativeType,
    "membership_area": MembershipArea,
    "ministry_status": MinistryStatus,
    "field_status": FieldStatus,
    "health": Health,
    "health_claim": Health,
}

Seal = Callable[[str, str], bytes]
Unseal = Callable[[bytes, str], str]


@dataclass(frozen=True)
class GroupChoice:
    """One group of values that differ. ``offered``: "kept" or "merged", what is chosen beforehand."""

    name: str
    fields: tuple[str, ...]
    offered: str


def is_empty(values: Mapping[str, Any], fields: Collection[str]) -> bool:
    """True when a group says nothing."""
    return all(values.get(name) in _EMPTY for name in fields)


def differing_groups(kept: Mapping[str, Any], merged: Mapping[str, Any]) -> list[GroupChoice]:
    """Groups in which the two records do not say the same; what the kept one lacks is offered from the other."""
    found = []
    for name, fields in GROUPS.items():
        if all(_same(kept.get(f), merged.get(f)) for f in fields) or is_empty(merged, fields):
            continue
        found.append(GroupChoice(name, fields, "merged" if is_empty(kept, fields) else "kept"))
    return found


def merged_changes(
    kept: Mapping[str, Any], merged: Mapping[str, Any], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """What changes on the kept record. ``chosen``: group -> "kept" | "merged"; groups not named as offered."""
    changes: dict[str, Any] = {}
    for group in differing_groups(kept, merged):
        if chosen.get(group.name, group.offered) == "merged":
            changes.update({f: merged[f] for f in group.fields if not _same(kept.get(f), merged.get(f))})
    years = tuple(sorted({*(kept.get("rat_years") or ()), *(merged.get("rat_years") or ())}))
    if set(years) != set(kept.get("rat_years") or ()):
        changes["rat_years"] = years
    return changes


def untouched_since(after: Mapping[str, Any], present: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """(fields that still have the merge's value, fields changed since): only the first are taken back."""
    same = {name for name, value in after.items() if _same(value, present.get(name))}
    return same, set(after) - same


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(sorted(set(value)))
    return None if value == "" else value


# --- snapshots ----------------------------------------------------------------------------------------------------


def pack(values: Mapping[str, Any], place: str, seal: Seal) -> dict[str, Any]:
    """Values as JSON, personal ones sealed to ``place`` and their name."""
    return {name: _packed(name, value, f"{place}.{name}", seal) for name, value in values.items()}


def unpack(packed: Mapping[str, Any], place: str, unseal: Unseal) -> dict[str, Any]:
    """What ``pack`` was given."""
    return {name: _unpacked(name, value, f"{place}.{name}", unseal) for name, value in packed.items()}


def _packed(name: str, value: Any, place: str, seal: Seal) -> Any:
    if value is None:
        return None
    if name in PERSONAL:
        return b64encode(seal(str(value), place)).decode()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _unpacked(name: str, value: Any, place: str, unseal: Unseal) -> Any:
    if value is None:
        return None
    if name in PERSONAL:
        return unseal(b64decode(value), place)
    if name in _DATES:
        return date.fromisoformat(value)
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if name == "rat_years" else value
