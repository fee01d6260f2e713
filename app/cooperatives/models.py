"""Tables of the cooperatives' registry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.cooperatives.rules import (
    Activity,
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
)
from app.core.audit import BigId
from app.core.db import Base, choice
from app.registry.rules import RecordStatus, Source


class Cooperative(Base):
    """One cooperative, or a body on its way to become one.

    Personal fields are sealed with the place ``cooperative.<column>:<code>``. ``name_key`` is the name without
    kind words, for comparison; ``sort_name`` orders lists. The ``live_`` keys repeat a number only on accepted
    records: there it is unique, while two pending registrations may name the same one until an officer decides. Derived columns (``activity``) are refreshed by
    services whenever what they derive from changes, and by the daily job because grades move with the calendar.
    """

    __tablename__ = "cooperative"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("live_legal_entity_key"),
        UniqueConstraint("live_nik_koperasi"),
        Index("ix_cooperative_legal_entity", "legal_entity_key"),
        Index("ix_cooperative_nik", "nik_koperasi"),
        Index("ix_cooperative_public", "status", "sort_name", "id"),
        # the public list filters by these and shows names in order: without, a rare value reads the whole table
        Index("ix_cooperative_type", "status", "cooperative_type", "sort_name", "id"),
        Index("ix_cooperative_activity", "status", "activity", "sort_name", "id"),
        Index("ix_cooperative_health", "status", "health", "sort_name", "id"),
        Index("ix_cooperative_kecamatan", "status", "kecamatan_code", "sort_name", "id"),
        Index("ix_cooperative_desa", "desa_code", "status"),
        Index("ix_cooperative_name_key", "name_key"),
        Index("ix_cooperative_phone", "phone_index"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(12))
    status: Mapped[RecordStatus] = mapped_column(choice(RecordStatus, "status"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(200))
    is_kdmp: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    cooperative_type: Mapped[CooperativeType] = mapped_column(choice(CooperativeType, "cooperative_type"))
    membership_area: Mapped[MembershipArea] = mapped_column(choice(MembershipArea, "membership_area"))
    main_activity: Mapped[str] = mapped_column(String(200), default="")
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"))
    desa_code: Mapped[str | None] = mapped_column(ForeignKey("desa.code"))
    address: Mapped[str] = mapped_column(String(300), default="")
    legal_entity_number: Mapped[str] = mapped_column(String(80), default="")
    legal_entity_key: Mapped[str | None] = mapped_column(String(80))
    live_legal_entity_key: Mapped[str | None] = mapped_column(String(80))
    legal_entity_date: Mapped[date | None]
    legal_entity_checked: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    nik_koperasi: Mapped[str | None] = mapped_column(String(13))
    live_nik_koperasi: Mapped[str | None] = mapped_column(String(13))
    nib: Mapped[str | None] = mapped_column(String(13))
    npwp: Mapped[str | None] = mapped_column(String(16))
    members_male: Mapped[int | None]
    members_female: Mapped[int | None]
    members_total: Mapped[int | None]
    annual_turnover: Mapped[int | None] = mapped_column(BigInteger)
    chair_name: Mapped[str] = mapped_column(String(120), default="")
    contact_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(32))
    phone_owner: Mapped[str] = mapped_column(String(10), default="self")
    consent_public_contact: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    consent_whatsapp: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    ministry_status: Mapped[MinistryStatus | None] = mapped_column(choice(MinistryStatus, "ministry_status"))
    ministry_status_on: Mapped[date | None]
    ministry_record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    field_status: Mapped[FieldStatus | None] = mapped_column(choice(FieldStatus, "field_status"))
    field_status_on: Mapped[date | None]
    health_claim: Mapped[Health | None] = mapped_column(choice(Health, "health_claim"))
    health_claim_year: Mapped[int | None]
    health: Mapped[Health] = mapped_column(choice(Health, "health"))
    health_source: Mapped[str] = mapped_column(String(120), default="")
    health_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]
    activity: Mapped[Activity] = mapped_column(choice(Activity, "activity"))
    activity_source: Mapped[str] = mapped_column(String(40), default="")
    activity_on: Mapped[date | None]
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    source_note: Mapped[str] = mapped_column(String(160), default="")
    source_on: Mapped[date]
    owner_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    merged_into_code: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class RatMeeting(Base):
    """A members' meeting about one book year (UU 25/1992 art. 26)."""

    __tablename__ = "rat_meeting"
    __table_args__ = (UniqueConstraint("cooperative_id", "book_year"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    book_year: Mapped[int]
    held_on: Mapped[date | None]
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    recorded_at: Mapped[datetime]


class PocketVersion(Base):
    """A state of the pocket directory that phones may have been told; numbers without gaps."""

    __tablename__ = "pocket_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    changes: Mapped[int]


class PocketEntry(Base):
    """What phones were told about a record in a kecamatan, and in which version; '' where it is not (any more).

    Differences are read from here and not from the records: only so do they lead every phone to the same state.
    Of a record that left, nothing stays but its code.
    """

    __tablename__ = "pocket_entry"
    __table_args__ = (Index("ix_pocket_entry_kecamatan", "kecamatan_code", "code"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    line: Mapped[str] = mapped_column(String(300))
    version: Mapped[int]
