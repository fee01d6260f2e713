"""From plain values of a cooperative to the columns of its row and back: sealed, derived, compared forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import Standing, derive_activity
from app.cooperatives.services.record_values import DATA_FIELDS, CooperativeData, NewRecord
from app.core.clock import now, today
from app.core.crypt import phone_index, seal, unseal
from app.core.values import legal_number_key
from app.registry.likeness_rules import is_kdmp, name_key
from app.registry.rules import RecordStatus

LIVE: Final = {RecordStatus.PUBLIC, RecordStatus.CANDIDATE}
_SEALED: Final = {"phone": "phone_sealed", "contact_name": "contact_name_sealed"}
_NOT_A_COLUMN: Final = {"phone", "contact_name", "rat_years"}


def columns_of(new: NewRecord) -> dict[str, Any]:
    """The columns of a new record: sealed, derived, compared forms. No database, so it can be done beforehand."""
    data = new.data
    moment = now()
    row: dict[str, Any] = {name: getattr(data, name) for name in DATA_FIELDS if name not in _NOT_A_COLUMN}
    row.update(_derived_columns(data.name, data.legal_entity_number))
    row.update(_personal_columns(new.code, "phone", data.phone))
    row.update(_personal_columns(new.code, "contact_name", data.contact_name))
    row["members_total"] = _members_total(data.members_male, data.members_female, data.members_total)
    row.update(_activity_columns(_standing_of(data)))
    live = new.status in LIVE
    row.update(
        code=new.code,
        status=new.status,
        live_legal_entity_key=row["legal_entity_key"] if live else None,
        live_nik_koperasi=data.nik_koperasi if live else None,
        source=new.source,
        source_note=new.source_note,
        source_on=new.source_on,
        merged_into_code=None,
        created_at=moment,
        updated_at=moment,
        accepted_at=new.accepted_at,
        version=1,
    )
    return row


def set_values(row: Cooperative, after: Mapping[str, Any], rat_years: Iterable[int]) -> None:
    """Changed values and the columns that derive from them."""
    for name, value in after.items():
        if name in _SEALED:
            for column, sealed in _personal_columns(row.code, name, value).items():
                setattr(row, column, sealed)
        elif name not in _NOT_A_COLUMN:
            setattr(row, name, value)
    for name, value in _derived_columns(row.name, row.legal_entity_number).items():
        setattr(row, name, value)
    row.members_total = _members_total(row.members_male, row.members_female, row.members_total)
    set_live_keys(row)
    derive(row, rat_years)
    touch(row)


def _derived_columns(name: str, legal_entity_number: str) -> dict[str, Any]:
    return {
        "name_key": name_key(name),
        "sort_name": name.casefold(),
        "is_kdmp": is_kdmp(name),
        "legal_entity_key": legal_number_key(legal_entity_number) or None,
    }


def _personal_columns(code: str, name: str, value: str | None) -> dict[str, Any]:
    column = _SEALED[name]
    columns: dict[str, Any] = {column: seal(value, place=f"cooperative.{name}:{code}") if value else None}
    if name == "phone":
        columns["phone_index"] = phone_index(value) if value else None
    return columns


def _members_total(male: int | None, female: int | None, total: int | None) -> int | None:
    return male + female if male is not None and female is not None else total


def _standing_of(data: CooperativeData) -> Standing:
    return Standing(
        rat_years=frozenset(data.rat_years),
        founded=data.legal_entity_date,
        ministry_status=data.ministry_status,
        ministry_status_on=data.ministry_status_on,
        field_status=data.field_status,
        field_status_on=data.field_status_on,
        dissolved_on=data.dissolved_on,
    )


def _activity_columns(facts: Standing) -> dict[str, Any]:
    finding = derive_activity(facts, today())
    return {"activity": finding.activity, "activity_source": finding.source.value, "activity_on": finding.on}


def derive(row: Cooperative, rat_years: Iterable[int]) -> None:
    """Grade, its source and its day anew from the row's own facts."""
    facts = Standing(
        rat_years=frozenset(rat_years),
        founded=row.legal_entity_date,
        ministry_status=row.ministry_status,
        ministry_status_on=row.ministry_status_on,
        field_status=row.field_status,
        field_status_on=row.field_status_on,
        dissolved_on=row.dissolved_on,
    )
    for name, value in _activity_columns(facts).items():
        setattr(row, name, value)


def touch(row: Cooperative) -> None:
    """Another version of the row, changed now."""
    row.updated_at = now()
    row.version += 1


def set_live_keys(row: Cooperative) -> None:
    """Numbers that no other live record may have; a record that is not live lets them go."""
    live = row.status in LIVE
    row.live_legal_entity_key = row.legal_entity_key if live else None
    row.live_nik_koperasi = row.nik_koperasi if live else None


def plain_value(row: Cooperative, name: str, rats: Mapping[int, tuple[int, ...]]) -> Any:
    """One value of ``row`` by its CooperativeData name, opened where sealed; ``rats``: book years by id."""
    if name in _SEALED:
        blob = getattr(row, _SEALED[name])
        return unseal(blob, place=f"cooperative.{name}:{row.code}") if blob else None
    if name == "rat_years":
        return rats[row.id]
    return getattr(row, name)
