"""Tables shared by all registries: submissions and their receipts, search words, counts, merges, holidays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import BigId
from app.core.db import Base, choice
from app.registry.rules import (
    ContactWay,
    HowChecked,
    RecordKind,
    Source,
    SubmissionKind,
    SubmissionStatus,
)


class Submission(Base):
    """One form sent, perhaps days after it was filled. ``id`` is the uuid the phone made: the same id is one submission.

    The content lies sealed in ``content_sealed`` (JSON list of field pairs); only what queues need stands open:
    the name of the body, the place, the status. ``fingerprint`` is a keyed HMAC of the content for replays.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_queue", "status", "handled_kecamatan_code", "received_at"),
        Index("ix_submission_record", "record_code"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    receipt_number: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[SubmissionKind] = mapped_column(choice(SubmissionKind, "kind"))
    status: Mapped[SubmissionStatus] = mapped_column(choice(SubmissionStatus, "status"))
    record_code: Mapped[str | None] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("kecamatan.code"))
    desa_code: Mapped[str | None] = mapped_column(ForeignKey("desa.code"))
    handled_kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("kecamatan.code"))
    at_dinas: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(32))
    phone_index: Mapped[str | None] = mapped_column(String(32), index=True)
    form_version: Mapped[int]
    filled_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    due_on: Mapped[date]
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    suspicious: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    # others may have carried it and know its id: the id alone then shows nobody what it says
    came_sealed: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    language: Mapped[str] = mapped_column(String(5), default="id")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    how_checked: Mapped[HowChecked | None] = mapped_column(choice(HowChecked, "how_checked"))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    returned_fields: Mapped[dict[str, str] | None] = mapped_column(JSON)
    same_as_code: Mapped[str | None] = mapped_column(String(12))
    contact_pending: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
    contacted_at: Mapped[datetime | None]
    contacted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    contacted_how: Mapped[ContactWay | None] = mapped_column(choice(ContactWay, "contacted_how"))


class SubmissionRevision(Base):
    """A returned submission mended by its sender; the mend has a uuid of its own, so it too arrives once."""

    __tablename__ = "submission_revision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), index=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime]


class Consent(Base):
    """A consent or the notice that was read: for what, which text, how it was given."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool] = mapped_column(Boolean)
    how: Mapped[str] = mapped_column(String(20))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Attachment(Base):
    """A shrunk picture (a decree), re-encoded by us, without place or camera data, sealed."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), index=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]


class SearchWord(Base):
    """A word that occurs in names or places of records: in how many, and in how many public ones."""

    __tablename__ = "search_word"
    __table_args__ = (UniqueConstraint("kind", "word"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    word: Mapped[str] = mapped_column(String(40))
    records: Mapped[int]
    public_records: Mapped[int]


class SearchVariant(Base):
    """A word with one letter left out, or whole: two words one typing error apart share a variant."""

    __tablename__ = "search_variant"
    __table_args__ = {"sqlite_with_rowid": False}

    variant: Mapped[str] = mapped_column(String(40), primary_key=True)
    word_id: Mapped[int] = mapped_column(ForeignKey("search_word.id"), primary_key=True)


class SearchPosting(Base):
    """Word -> record. B-trees that hold everything a search asks, alike on both databases and at 751,888 records.

    Two lists of one word in the order of records are compared as fast as they are read; the list in the order of
    ``weight`` (search_rules) gives the best records of one word first.
    """

    __tablename__ = "search_posting"
    __table_args__ = (
        Index("ix_search_posting_weight", "word_id", "weight", "record_id"),
        Index("ix_search_posting_record", "record_id", "word_id"),
        {"sqlite_with_rowid": False},
    )

    word_id: Mapped[int] = mapped_column(ForeignKey("search_word.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    weight: Mapped[int] = mapped_column(SmallInteger)


class PublicTally(Base):
    """How many public records a desa has ('' where the desa is unknown), kept in the same block as the records."""

    __tablename__ = "public_tally"

    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    desa_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    records: Mapped[int]


class NotTheSame(Base):
    """An officer's word that two look-alikes are different bodies; remembered, never asked again."""

    __tablename__ = "not_the_same"

    first_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    second_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    decided_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class Merge(Base):
    """Two records became one. Both codes keep working; ``snapshot`` lets it be taken back."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    kept_code: Mapped[str] = mapped_column(String(12), index=True)
    merged_code: Mapped[str] = mapped_column(String(12), index=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    merged_at: Mapped[datetime]
    merged_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Holiday(Base):
    """A day on which the office is closed; editable, filled yearly."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    estimated: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
