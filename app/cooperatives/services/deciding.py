"""What an officer's decision on a submission does to the cooperative: one deed, one write block, one history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cooperatives.deciding_rules import (
    GUIDED_ELSEWHERE,
    MERGEABLE,
    NOTHING_TO_CHECK,
    RETURNABLE,
    WITH_OWN_RECORD,
    claim_changes,
    contact_in,
    number_was_checked,
    status_on_acceptance,
)
from app.cooperatives.models import Cooperative
from app.cooperatives.services.records import change_record, mark_merged, set_status
from app.core.access import Actor
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.models import Submission
from app.registry.queries.submissions import content_of
from app.registry.rules import (
    HowChecked,
    RecordStatus,
    SubmissionKind,
    SubmissionStatus,
)
from app.registry.services.deciding import Decided, Decision, decide

if TYPE_CHECKING:
    from flask_babel import LazyString

_DEED_ACCEPTED = "cooperative.accepted"
HOW_NOT_SAID = "Cara periksa tidak disebut."


@dataclass(frozen=True)
class Ruling:
    """An officer's word as it came from the page."""

    submission_id: str
    seen: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Subject:
    """What a decision needs to know of the record."""

    code: str
    status: RecordStatus
    version: int
    owner_account_id: int | None
    membership_note: str
    legal_entity_number: str


def accept(
    session: Session,
    ruling: Ruling,
    *,
    actor: Actor,
    how_checked: HowChecked | None,
    legal_entity_checked: bool = False,
    proposed: Mapping[str, Any] | None = None,
) -> Decided:
    """Accept. A registration becomes a public record, or a *calon koperasi* while its number is unchecked.

    A claim makes the claimant the contact. A correction puts its ``proposed`` values in. Reports, messages and lost
    receipts are done with. ``how_checked`` None counts as a document where there is something to check, and the
    history says that it was not named. Raises what ``decide`` raises, and RuleBroken at ``legal_entity_number`` when
    another live record has the number.
    """
    subject = _subject(session, ruling.submission_id)
    note, kind = ruling.note, _kind(session, ruling)
    if subject is not None:
        note = _joined(note, subject.membership_note if kind in WITH_OWN_RECORD else "")
    if how_checked is None and kind not in NOTHING_TO_CHECK:
        how_checked, note = HowChecked.DOCUMENT, _joined(note, HOW_NOT_SAID)
    decided = _decide(
        session,
        Decision(
            ruling.submission_id,
            SubmissionStatus.ACCEPTED,
            note=note,
            how_checked=how_checked,
            seen=ruling.seen,
        ),
        actor,
        subject,
    )
    if subject is not None:
        number_checked = number_was_checked(
            legal_entity_number=subject.legal_entity_number,
            how_checked=how_checked,
            ticked=legal_entity_checked,
        )
        _carry_out(session, decided, subject, actor, number_checked)
        if decided.kind is SubmissionKind.COOPERATIVE_CORRECTION and proposed:
            change_record(
                session,
                code=subject.code,
                changes=proposed,
                actor=actor,
                deed="cooperative.corrected",
                note=decided.receipt_number,
            )
    return decided


def return_for_correction(
    session: Session, ruling: Ruling, *, actor: Actor, reason: str, fields: Mapping[str, str]
) -> Decided:
    """Back to the sender, with the officer's words at each field. ``fields`` must be checked by the rules already."""
    subject = _subject(session, ruling.submission_id)
    _only(
        session,
        ruling.submission_id,
        RETURNABLE,
        say("Kiriman ini tidak bisa dikembalikan. Terima atau tolak."),
    )
    decision = Decision(
        ruling.submission_id,
        SubmissionStatus.RETURNED,
        reason=reason,
        note=ruling.note,
        returned_fields=fields,
        seen=ruling.seen,
    )
    return _decide(session, decision, actor, subject)


def reject(session: Session, ruling: Ruling, *, actor: Actor, reason: str) -> Decided:
    """Not acceptable. The record of a registration leaves the desk with it; its code goes on saying why."""
    subject = _subject(session, ruling.submission_id)
    decided = _decide(
        session,
        Decision(
            ruling.submission_id, SubmissionStatus.REJECTED, reason=reason, note=ruling.note, seen=ruling.seen
        ),
        actor,
        subject,
    )
    if subject is not None and decided.kind in WITH_OWN_RECORD:
        set_status(
            session,
            code=subject.code,
            status=RecordStatus.REJECTED,
            actor=actor,
            deed="cooperative.rejected",
            note=ruling.note,
        )
    return decided


def mark_same_as(session: Session, ruling: Ruling, *, actor: Actor, into: str) -> Decided:
    """The registration is a body on record already: its code leads to ``into`` from now on.

    Raises RuleBroken('into') for a code that cannot take it.
    """
    subject = _subject(session, ruling.submission_id)
    _only(session, ruling.submission_id, MERGEABLE, say("Hanya pendaftaran yang bisa ditandai ganda."))
    _check_target(session, into, subject.code if subject else None)
    decision = Decision(
        ruling.submission_id,
        SubmissionStatus.DUPLICATE,
        note=ruling.note,
        same_as_code=into,
        seen=ruling.seen,
    )
    decided = _decide(session, decision, actor, subject)
    if subject is not None:
        set_status(
            session,
            code=subject.code,
            status=RecordStatus.MERGED,
            actor=actor,
            deed="cooperative.same_as",
            note=into,
        )
        mark_merged(session, code=subject.code, into=into)
    return decided


def take_up_again(session: Session, ruling: Ruling, *, actor: Actor) -> Decided:
    """A rejection or a "same as" was wrong: the submission lies on the desk again, its record with it."""
    subject = _subject(session, ruling.submission_id)
    decided = _decide(
        session,
        Decision(ruling.submission_id, SubmissionStatus.IN_REVIEW, note=ruling.note, seen=ruling.seen),
        actor,
        subject,
    )
    if subject is not None and decided.kind in WITH_OWN_RECORD:
        mark_merged(session, code=subject.code, into=None)
        set_status(
            session,
            code=subject.code,
            status=RecordStatus.PENDING,
            actor=actor,
            deed="cooperative.taken_up_again",
            note=ruling.note,
        )
    return decided


def publish_candidate(
    session: Session, *, code: str, actor: Actor, how_checked: HowChecked, note: str = ""
) -> RecordStatus:
    """The legal-entity number of a *calon koperasi* was checked: from now on it is public.

    Raises RuleBroken when there is no number, or it is no candidate (any more), LookupError.
    """
    subject = _subject_by_code(session, code)
    if subject.status is not RecordStatus.CANDIDATE:
        raise RuleBroken("", say("Ini bukan calon koperasi (lagi)."), code="closed")
    status = status_on_acceptance(legal_entity_number=subject.legal_entity_number, number_checked=True)
    change_record(
        session,
        code=code,
        changes={"legal_entity_checked": True},
        actor=actor,
        deed="cooperative.number_checked",
        note=_joined(how_checked.value, note),
    )
    set_status(session, code=code, status=status, actor=actor, deed="cooperative.published", note=note)
    return status


def _carry_out(
    session: Session, decided: Decided, subject: _Subject, actor: Actor, legal_entity_checked: bool
) -> None:
    """What acceptance means for the record."""
    if decided.kind in WITH_OWN_RECORD:
        status = status_on_acceptance(
            legal_entity_number=subject.legal_entity_number, number_checked=legal_entity_checked
        )
        if legal_entity_checked:
            change_record(
                session,
                code=subject.code,
                changes={"legal_entity_checked": True},
                actor=actor,
                deed="cooperative.number_checked",
            )
        set_status(session, code=subject.code, status=status, actor=actor, deed=_DEED_ACCEPTED)
    elif decided.kind is SubmissionKind.COOPERATIVE_CLAIM:
        contact = contact_in(content_of(session, decided.submission_id))
        owner = decided.entered_by if decided.self_sent else None
        change_record(
            session,
            code=subject.code,
            changes=claim_changes(contact, owner),
            actor=actor,
            deed="cooperative.contact_changed",
            note=decided.receipt_number,
        )


def _decide(session: Session, decision: Decision, actor: Actor, subject: _Subject | None) -> Decided:
    return decide(
        session,
        decision,
        actor=actor,
        record_version=subject.version if subject else None,
        owner_account_id=subject.owner_account_id if subject else None,
    )


def _subject(session: Session, submission_id: str) -> _Subject | None:
    """The record a submission is about; None for one without. Raises LookupError for an unknown submission."""
    row = session.execute(select(Submission.record_code).where(Submission.id == submission_id)).one_or_none()
    if row is None:
        raise LookupError(submission_id)
    return _subject_by_code(session, row.record_code) if row.record_code else None


def _subject_by_code(session: Session, code: str) -> _Subject:
    # locked first and in the same order everywhere (record, then submission), or two officers could wait for each other
    row = session.scalar(select(Cooperative).where(Cooperative.code == code).with_for_update())
    if row is None:
        raise LookupError(code)
    return _Subject(
        code=row.code,
        status=row.status,
        version=row.version,
        owner_account_id=row.owner_account_id,
        membership_note=GUIDED_ELSEWHERE.get(row.membership_area, ""),
        legal_entity_number=row.legal_entity_number,
    )


def _check_target(session: Session, into: str, own_code: str | None) -> None:
    if into == own_code:
        raise RuleBroken("into", say("Itu kode kiriman ini sendiri. Isi kode koperasi yang lain."))
    status = session.scalar(select(Cooperative.status).where(Cooperative.code == into))
    if status not in {RecordStatus.PUBLIC, RecordStatus.CANDIDATE}:
        raise RuleBroken("into", say("Kode itu tidak ada di daftar koperasi yang sudah diterima."))


def _only(
    session: Session, submission_id: str, kinds: frozenset[SubmissionKind], sentence: LazyString
) -> None:
    kind = session.scalar(select(Submission.kind).where(Submission.id == submission_id))
    if kind not in kinds:
        raise RuleBroken("", sentence)


def _kind(session: Session, ruling: Ruling) -> SubmissionKind | None:
    return session.scalar(select(Submission.kind).where(Submission.id == ruling.submission_id))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
