"""One record on the officers' desk: what is known, what was sent about it, what happened to it. No full phone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import or_, select

from app.accounts.models import Account
from app.accounts.queries.staff import account_names
from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.queries.desk import KINDS, in_sight_of, records_in_sight_of
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
from app.core.access import Actor
from app.core.audit import History
from app.core.clock import today
from app.core.crypt import unseal, unseal_bytes
from app.core.db import db
from app.core.values import ValueProblem, parse_phone, phone_masked
from app.core.values.covering import cover_numbers
from app.regions.queries import place_names
from app.registry.deciding_rules import Matter, seen_mark
from app.registry.models import Attachment, Merge, Submission
from app.registry.queries.deciding import count_revisions
from app.registry.queries.submissions import content_of
from app.registry.rules import (
    OPEN,
    ContactWay,
    HowChecked,
    RecordStatus,
    Source,
    SubmissionKind,
    SubmissionStatus,
)

MOST_SUBMISSIONS: Final = 50
MOST_HISTORY: Final = 200


@dataclass(frozen=True)
class RecordView:
    """A cooperative as its officers see it. ``phone_masked`` is '' when there is no number."""

    id: int
    code: str
    version: int
    status: RecordStatus
    name: str
    cooperative_type: CooperativeType
    membership_area: MembershipArea
    main_activity: str
    kecamatan_code: str
    desa_code: str | None
    place: str
    address: str
    is_kdmp: bool
    legal_entity_number: str
    legal_entity_date: date | None
    legal_entity_checked: bool
    nik_koperasi: str | None
    nib: str | None
    npwp: str | None
    members_male: int | None
    members_female: int | None
    members_total: int | None
    annual_turnover: int | None
    chair_name: str
    phone_masked: str
    phone_index: str | None
    phone_owner: str
    has_contact_name: bool
    consent_public_contact: bool
    consent_whatsapp: bool
    ministry_status: MinistryStatus | None
    ministry_status_on: date | None
    field_status: FieldStatus | None
    field_status_on: date | None
    health: Health
    health_source: str
    health_on: date | None
    health_claim: Health | None
    health_claim_year: int | None
    dissolved_on: date | None
    activity: Activity
    activity_source: ActivitySource
    activity_on: date | None
    rat_years: tuple[int, ...]
    grade: RatGrade
    source: Source
    source_note: str
    source_on: date
    owner_account_id: int | None
    owner_name: str
    merged_into_code: str | None
    created_at: datetime
    updated_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True)
class SubmissionView:
    """One submission about a record, with what decides who may decide on it. ``seen``: mark of what is on screen."""

    id: str
    receipt_number: str
    kind: SubmissionKind
    status: SubmissionStatus
    record_code: str | None
    title: str
    place: str
    kecamatan_code: str | None
    handled_kecamatan_code: str | None
    handled_place: str
    at_dinas: bool
    received_at: datetime
    filled_at: datetime | None
    due_on: date
    late: bool
    source: Source
    entered_by: int | None
    entered_by_name: str
    suspicious: bool
    language: str
    decided_at: datetime | None
    decided_by_name: str
    how_checked: HowChecked | None
    reason: str
    note: str
    returned_fields: Mapping[str, str]
    same_as_code: str | None
    contact_pending: bool
    contacted_at: datetime | None
    contacted_by_name: str
    contacted_how: ContactWay | None
    has_phone: bool
    seen: str
    matter: Matter

    @property
    def open(self) -> bool:
        """Not decided yet, or waiting for its sender."""
        return self.status in OPEN

    @property
    def waiting(self) -> bool:
        """Waiting for an officer."""
        return self.status in OPEN and self.status is not SubmissionStatus.RETURNED


@dataclass(frozen=True)
class HistoryLine:
    """One deed, as the record's history tells it."""

    at: datetime
    deed: str
    who: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    note: str


@dataclass(frozen=True)
class MergeLine:
    """A standing merge in which the record takes part."""

    id: int
    kept_code: str
    merged_code: str
    merged_at: datetime
    merged_by: str


@dataclass(frozen=True)
class Photo:
    """A picture that belongs to a submission."""

    public_id: str
    width: int
    height: int
    added_at: datetime
    added_by: str


def record_for(actor: Actor, code: str) -> RecordView | None:
    """The record with this code, if this person may see it."""
    return _view_of(code, records_in_sight_of(actor))


def comparable_record_for(actor: Actor, code: str) -> RecordView | None:
    """As ``record_for``, and public records of other areas too: everybody may see those."""
    public = Cooperative.status == RecordStatus.PUBLIC
    return _view_of(code, or_(records_in_sight_of(actor), public))


def _view_of(code: str, condition: Any) -> RecordView | None:
    row = db.session.scalar(select(Cooperative).where(Cooperative.code == code, condition))
    return record_view(row) if row is not None else None


def record_view(row: Cooperative) -> RecordView:
    """The view of a row: phone masked, names of places and people filled in."""
    years = tuple(
        db.session.scalars(
            select(RatMeeting.book_year)
            .where(RatMeeting.cooperative_id == row.id)
            .order_by(RatMeeting.book_year.desc())
            .limit(80)
        )
    )
    copied = {name: getattr(row, name) for name in _COPIED}
    owner = account_names([row.owner_account_id]) if row.owner_account_id else {}
    return RecordView(
        **copied,
        place=_place(row.desa_code, row.kecamatan_code),
        phone_masked=masked_phone_of(row),
        has_contact_name=row.contact_name_sealed is not None,
        activity_source=ActivitySource(row.activity_source or ActivitySource.NOTHING),
        rat_years=years,
        grade=rat_grade(years, row.legal_entity_date, today()),
        owner_name=owner.get(row.owner_account_id or 0, ""),
    )


_COPIED: Final = tuple(
    name
    for name in RecordView.__dataclass_fields__
    if name
    not in {
        "place",
        "phone_masked",
        "has_contact_name",
        "activity_source",
        "rat_years",
        "grade",
        "owner_name",
    }
)


def masked_phone_of(row: Cooperative) -> str:
    """'0812-****-789', or '' without a number."""
    if row.phone_sealed is None:
        return ""
    return phone_masked(unseal(row.phone_sealed, place=f"cooperative.phone:{row.code}"))


def _place(desa_code: str | None, kecamatan_code: str | None) -> str:
    names = place_names([desa_code, kecamatan_code])
    return names.get(desa_code or "") or names.get(kecamatan_code or "") or ""


# --- submissions --------------------------------------------------------------------------------------------------


def list_submissions_for(actor: Actor, record: RecordView) -> list[SubmissionView]:
    """What was sent about a record that this person sees: what waits first, the oldest first."""
    rows = db.session.scalars(
        select(Submission)
        .where(Submission.record_code == record.code, Submission.kind.in_(KINDS))
        .order_by(Submission.received_at, Submission.id)
        .limit(MOST_SUBMISSIONS)
    ).all()
    views = [_submission_view(row, record) for row in rows]
    return sorted(
        views,
        key=lambda s: (not s.waiting, not s.open, s.received_at if s.open else s.decided_at or s.received_at),
    )


def submission_for(actor: Actor, number: str) -> SubmissionView | None:
    """The submission with this receipt number, if it lies in this person's sight."""
    row = db.session.scalar(select(Submission).where(Submission.receipt_number == number, in_sight_of(actor)))
    if row is None:
        return None
    record = record_for(actor, row.record_code) if row.record_code else None
    return _submission_view(row, record)


def _submission_view(row: Submission, record: RecordView | None) -> SubmissionView:
    names = account_names(i for i in (row.entered_by, row.decided_by, row.contacted_by) if i)
    owner = record.owner_account_id if record else None
    return SubmissionView(
        **{name: getattr(row, name) for name in _COPIED_SUBMISSION},
        place=_place(row.desa_code, row.kecamatan_code),
        handled_place=_place(None, row.handled_kecamatan_code),
        late=row.due_on < today(),
        entered_by_name=names.get(row.entered_by or 0, ""),
        decided_by_name=names.get(row.decided_by or 0, ""),
        contacted_by_name=names.get(row.contacted_by or 0, ""),
        returned_fields=row.returned_fields or {},
        has_phone=row.phone_index is not None,
        seen=seen_mark(row.status, count_revisions(db.session(), row.id), record.version if record else None),
        matter=Matter(row.entered_by, owner, row.handled_kecamatan_code, row.at_dinas),
    )


_COPIED_SUBMISSION: Final = tuple(
    name
    for name in SubmissionView.__dataclass_fields__
    if name
    not in {
        "place",
        "handled_place",
        "late",
        "entered_by_name",
        "decided_by_name",
        "contacted_by_name",
        "returned_fields",
        "has_phone",
        "seen",
        "matter",
    }
)


# What senders write in their own words may hold anybody's number.
FREE_TEXTS: Final = frozenset({"message", "proof", "description", "address", "main_activity", "present"})


def content_for(actor: Actor, submission: SubmissionView) -> list[tuple[str, str]]:
    """What the sender wrote; numbers and names of persons masked. The caller got ``submission`` for this person."""
    return [(name, _masked(name, value)) for name, value in content_of(db.session(), submission.id)]


def _masked(name: str, value: str) -> str:
    if name == "phone":
        return _masked_phone(value)
    if name == "contact_name":
        return value[:1] + "***"
    return cover_numbers(value) if name in FREE_TEXTS else value


def _masked_phone(typed: str) -> str:
    try:
        return phone_masked(parse_phone(typed))
    except ValueProblem:
        return "****"


def list_senders_other_receipts_for(actor: Actor, submission: SubmissionView) -> list[SubmissionView]:
    """For a lost receipt: what came from the same phone, and what bears the same name in the same desa."""
    row = db.session.get(Submission, submission.id)
    if row is None:
        return []
    same_phone = Submission.phone_index == row.phone_index if row.phone_index else None
    same_title = (Submission.title == row.title) & (Submission.desa_code == row.desa_code)
    found = db.session.scalars(
        select(Submission)
        .where(
            in_sight_of(actor),
            Submission.id != row.id,
            Submission.kind != SubmissionKind.LOST_RECEIPT,
            same_title if same_phone is None else or_(same_phone, same_title),
        )
        .order_by(Submission.received_at.desc(), Submission.id)
        .limit(10)
    ).all()
    return [_submission_view(other, None) for other in found]


# --- history, merges, pictures ------------------------------------------------------------------------------------


def list_history_for(actor: Actor, subject: str) -> list[HistoryLine]:
    """The history of a record or submission that the caller got for this person, the latest first."""
    rows = db.session.scalars(
        select(History)
        .where(History.subject == subject)
        .order_by(History.at.desc(), History.id.desc())
        .limit(MOST_HISTORY)
    )
    return [HistoryLine(h.at, h.deed, h.actor_name, h.before or {}, h.after or {}, h.note) for h in rows]


def list_merges_for(actor: Actor, code: str) -> list[MergeLine]:
    """Standing merges of a record that the caller got for this person, the latest first."""
    rows = db.session.execute(
        select(Merge.id, Merge.kept_code, Merge.merged_code, Merge.merged_at, Account.name)
        .join(Account, Account.id == Merge.merged_by)
        .where(or_(Merge.kept_code == code, Merge.merged_code == code), Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(20)
    )
    return [MergeLine(*row) for row in rows]


def list_photos_for(actor: Actor, submission_ids: list[str]) -> list[Photo]:
    """Pictures of submissions that the caller got for this person."""
    rows = db.session.execute(
        select(Attachment.public_id, Attachment.width, Attachment.height, Attachment.added_at, Account.name)
        .outerjoin(Account, Account.id == Attachment.added_by)
        .where(Attachment.submission_id.in_(submission_ids))
        .order_by(Attachment.id)
        .limit(20)
    )
    return [Photo(p, w, h, at, name or "") for p, w, h, at, name in rows]


def photo_for(actor: Actor, code: str, public_id: str) -> bytes | None:
    """The picture (JPEG) of a record or submission in this person's sight."""
    row = db.session.execute(
        select(Attachment.content_sealed, Submission.record_code, Submission.receipt_number)
        .join(Submission, Submission.id == Attachment.submission_id)
        .where(Attachment.public_id == public_id)
    ).one_or_none()
    if row is None or code not in (row.record_code, row.receipt_number):
        return None
    seen = record_for(actor, code) if row.record_code else submission_for(actor, code)
    return unseal_bytes(row.content_sealed, place=photo_place(public_id)) if seen is not None else None


def photo_place(public_id: str) -> str:
    """Where a picture is sealed to."""
    return f"attachment.content:{public_id}"
