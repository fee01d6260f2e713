"""The public face of one cooperative: an allowlist of columns, each status with its source and date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.rules import (
    Activity,
    ActivitySource,
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
    RatGrade,
    rat_grade,
)
from app.core.codes import RECORD_PATTERN
from app.core.crypt import CannotOpen, unseal
from app.registry.rules import RecordStatus, Source

_MOST_MERGES: Final = 10
_RAT_YEARS_SHOWN: Final = 10


@dataclass(frozen=True)
class Profile:
    """What everybody may know. ``public_phone`` only with its owner's consent; persons' names never."""

    code: str
    name: str
    cooperative_type: CooperativeType
    membership_area: MembershipArea
    main_activity: str
    kecamatan_code: str
    desa_code: str | None
    address: str
    is_kdmp: bool
    legal_entity_number: str
    legal_entity_date: date | None
    legal_entity_checked: bool
    nik_koperasi: str | None
    members_total: int | None
    activity: Activity
    activity_source: ActivitySource
    activity_on: date | None
    ministry_status: MinistryStatus | None
    ministry_status_on: date | None
    field_status: FieldStatus | None
    field_status_on: date | None
    health: Health
    health_source: str
    health_on: date | None
    dissolved_on: date | None
    source: Source
    source_on: date
    updated_at: datetime
    rat_years: tuple[int, ...]
    grade: RatGrade
    public_phone: str | None


@dataclass(frozen=True)
class Moved:
    """The record lives on under another code."""

    code: str


_SHOWN: Final = (
    Cooperative.code,
    Cooperative.name,
    Cooperative.cooperative_type,
    Cooperative.membership_area,
    Cooperative.main_activity,
    Cooperative.kecamatan_code,
    Cooperative.desa_code,
    Cooperative.address,
    Cooperative.is_kdmp,
    Cooperative.legal_entity_number,
    Cooperative.legal_entity_date,
    Cooperative.legal_entity_checked,
    Cooperative.nik_koperasi,
    Cooperative.members_total,
    Cooperative.activity,
    Cooperative.activity_source,
    Cooperative.activity_on,
    Cooperative.ministry_status,
    Cooperative.ministry_status_on,
    Cooperative.field_status,
    Cooperative.field_status_on,
    Cooperative.health,
    Cooperative.health_source,
    Cooperative.health_on,
    Cooperative.dissolved_on,
    Cooperative.source,
    Cooperative.source_on,
    Cooperative.updated_at,
)
_NEEDED: Final = (
    Cooperative.id,
    Cooperative.status,
    Cooperative.merged_into_code,
    Cooperative.consent_public_contact,
    Cooperative.phone_sealed,
)


def find_profile(session: Session, code: str, today: date) -> Profile | Moved | None:
    """The public profile under ``code``; where it moved to when merged; None for everything not public."""
    if not RECORD_PATTERN.fullmatch(code):
        return None
    row = session.execute(select(*_SHOWN, *_NEEDED).where(Cooperative.code == code)).first()
    if row is None:
        return None
    if row.status is RecordStatus.MERGED:
        return _kept_after_merges(session, row.merged_into_code)
    if row.status is not RecordStatus.PUBLIC:
        return None
    return _profile(row, _rat_years(session, row.id), today)


def _kept_after_merges(session: Session, code: str | None) -> Moved | None:
    """The public record at the end of a chain of merges; merges of merges happen."""
    for _ in range(_MOST_MERGES):
        row = session.execute(
            select(Cooperative.status, Cooperative.merged_into_code).where(Cooperative.code == code)
        ).first()
        if code is None or row is None:
            return None
        if row.status is RecordStatus.PUBLIC:
            return Moved(code)
        if row.status is not RecordStatus.MERGED:
            return None
        code = row.merged_into_code
    return None


def _rat_years(session: Session, record_id: int) -> tuple[int, ...]:
    statement = select(RatMeeting.book_year).where(RatMeeting.cooperative_id == record_id)
    return tuple(session.scalars(statement.order_by(RatMeeting.book_year.desc()).limit(_RAT_YEARS_SHOWN)))


def _profile(row: Any, rat_years: Collection[int], today: date) -> Profile:
    values = {column.key: getattr(row, column.key) for column in _SHOWN}
    values["activity_source"] = ActivitySource(row.activity_source)
    return Profile(
        **values,
        rat_years=tuple(rat_years),
        grade=rat_grade(rat_years, row.legal_entity_date, today),
        public_phone=_public_phone(row),
    )


def _public_phone(row: Any) -> str | None:
    if not row.consent_public_contact or row.phone_sealed is None:
        return None
    try:
        return unseal(row.phone_sealed, place=f"cooperative.phone:{row.code}")
    except CannotOpen:
        return None  # a key is gone: the page still stands


def public_title(session: Session, code: str) -> Any:
    """Name and place of a public record, for forms about it; None when there is none."""
    if not RECORD_PATTERN.fullmatch(code):
        return None
    statement = select(
        Cooperative.code, Cooperative.name, Cooperative.kecamatan_code, Cooperative.desa_code
    ).where(Cooperative.code == code, Cooperative.status == RecordStatus.PUBLIC)
    return session.execute(statement).first()
