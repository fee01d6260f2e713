"""What a record of a cooperative is made of, in plain values, and how history keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

from app.cooperatives.rules import CooperativeType, FieldStatus, Health, MembershipArea, MinistryStatus
from app.core.values import phone_masked
from app.registry.rules import RecordStatus, Source


@dataclass(frozen=True)
class CooperativeData:
    """Plain values of a cooperative, named as its columns; None means unknown. Numbers already in their one form."""

    name: str
    kecamatan_code: str
    desa_code: str | None = None
    cooperative_type: CooperativeType = CooperativeType.UNKNOWN
    membership_area: MembershipArea = MembershipArea.KABUPATEN
    main_activity: str = ""
    address: str = ""
    legal_entity_number: str = ""
    legal_entity_date: date | None = None
    legal_entity_checked: bool = False
    nik_koperasi: str | None = None
    nib: str | None = None
    npwp: str | None = None
    members_male: int | None = None
    members_female: int | None = None
    members_total: int | None = None
    annual_turnover: int | None = None
    chair_name: str = ""
    contact_name: str | None = None
    phone: str | None = None
    phone_owner: str = "self"
    consent_public_contact: bool = False
    consent_whatsapp: bool = False
    ministry_status: MinistryStatus | None = None
    ministry_status_on: date | None = None
    ministry_record: Mapping[str, Any] | None = None
    field_status: FieldStatus | None = None
    field_status_on: date | None = None
    health_claim: Health | None = None
    health_claim_year: int | None = None
    health: Health = Health.UNASSESSED
    health_source: str = ""
    health_on: date | None = None
    dissolved_on: date | None = None
    rat_years: tuple[int, ...] = ()
    owner_account_id: int | None = None


DATA_FIELDS: Final = tuple(f.name for f in fields(CooperativeData))


@dataclass(frozen=True)
class NewRecord:
    """A record about to be made."""

    code: str
    data: CooperativeData
    status: RecordStatus
    source: Source
    source_note: str
    source_on: date
    accepted_at: datetime | None = None


@dataclass(frozen=True)
class Changes:
    """What a change did: plain values, for history masked by ``shown``."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as history keeps them: JSON-able, personal ones masked."""
    return {name: _shown(name, value) for name, value in values.items()}


def given(data: CooperativeData) -> dict[str, Any]:
    """What is known of ``data``."""
    return {n: v for n in DATA_FIELDS if (v := getattr(data, n)) not in (None, "", (), False)}


def comparable(value: Any) -> Any:
    """A value in the form in which two are compared: nothing is nothing, book years have no order."""
    if isinstance(value, list | tuple):
        return tuple(sorted(set(value)))
    return None if value == "" else value


def _shown(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if name == "phone":
        return phone_masked(str(value))
    if name in {"contact_name", "chair_name"}:
        return str(value)[:1] + "***"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return {"keys": len(value)}
    return str(value)
