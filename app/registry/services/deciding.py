"""Deciding on submissions: guarded moves, so that of two officers at once the second learns who was first.

Only the submission is touched here; what a decision does to the record is its registry's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.queries.staff import has_active_decider
from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.words import datetime_wib
from app.registry.deciding_rules import STATUS_WORDS, Matter, seen_mark, why_not_decide
from app.registry.models import NotTheSame, Submission
from app.registry.queries.deciding import count_revisions
from app.registry.rules import OPEN, ContactWay, HowChecked, SubmissionKind, SubmissionStatus, may_move

_DEED: Final = {
    SubmissionStatus.ACCEPTED: "submission.accepted",
    SubmissionStatus.RETURNED: "submission.returned",
    SubmissionStatus.REJECTED: "submission.rejected",
    SubmissionStatus.DUPLICATE: "submission.same_as",
    SubmissionStatus.IN_REVIEW: "submission.taken_up_again",
}


class NotYours(RuleBroken):
    """The submission must be left to somebody else."""

    def __init__(self, why: Any) -> None:
        super().__init__("", why, code="not_yours")


class TooLate(RuleBroken):
    """Somebody else decided, or the sender mended it, since the page was opened."""


@dataclass(frozen=True)
class Decision:
    """An officer's word on one submission. ``seen``: the mark of what was on the screen; '' skips that check."""

    submission_id: str
    status: SubmissionStatus
    reason: str = ""
    note: str = ""
    how_checked: HowChecked | None = None
    returned_fields: Mapping[str, str] | None = None
    same_as_code: str | None = None
    seen: str = ""


@dataclass(frozen=True)
class Decided:
    """The submission as it was when the decision came."""

    submission_id: str
    receipt_number: str
    kind: SubmissionKind
    before: SubmissionStatus
    record_code: str | None
    entered_by: int | None
    self_sent: bool


def decide(
    session: Session,
    decision: Decision,
    *,
    actor: Actor,
    record_version: int | None,
    owner_account_id: int | None,
) -> Decided:
    """Move the submission and write the decision down.

    Raises TooLate (409: who decided, when), NotYours, LookupError.
    """
    row = locked(session, decision.submission_id)
    refuse_if_decided(session, row, decision.status)
    why = why_not_decide(actor, matter_of(row, owner_account_id))
    if why is not None:
        raise NotYours(why)
    _refuse_stale(session, row, decision.seen, record_version)
    before = row.status
    _write(row, decision, actor)
    session.flush()
    audit.record(
        session,
        deed=_DEED[decision.status],
        subject=subject_of(row),
        actor=actor,
        before={"status": before.value},
        after=_told(decision, row.receipt_number),
        note=decision.note,
    )
    return Decided(
        submission_id=row.id,
        receipt_number=row.receipt_number,
        kind=row.kind,
        before=before,
        record_code=row.record_code,
        entered_by=row.entered_by,
        self_sent=row.source.value == "self",
    )


def locked(session: Session, submission_id: str) -> Submission:
    """The row, held until the block ends. Raises LookupError."""
    row = session.scalar(select(Submission).where(Submission.id == submission_id).with_for_update())
    if row is None:
        raise LookupError(submission_id)
    return row


def matter_of(row: Submission, owner_account_id: int | None) -> Matter:
    """What the rules ask about a submission."""
    return Matter(
        entered_by=row.entered_by,
        owner_account_id=owner_account_id,
        handled_kecamatan_code=row.handled_kecamatan_code,
        at_dinas=row.at_dinas,
    )


def subject_of(row: Submission) -> str:
    """Under which name the history keeps deeds on this submission: its record's code, else its own number."""
    return row.record_code or row.receipt_number


def refuse_if_decided(session: Session, row: Submission, wanted: SubmissionStatus) -> None:
    """Raise TooLate unless the submission may go to ``wanted``; the sentence names who decided what, when."""
    if may_move(row.status, wanted):
        return
    name = (
        session.scalar(select(Account.name).where(Account.id == row.decided_by)) if row.decided_by else None
    )
    raise TooLate("", _decided_sentence(row.status, name, row.decided_at), code="closed")


def _decided_sentence(status: SubmissionStatus, name: str | None, at: datetime | None) -> Any:
    if name is None or at is None:
        return say("Kiriman ini sudah diputuskan: %(status)s.", status=STATUS_WORDS[status])
    return say(
        "Sudah diputuskan oleh %(name)s, %(when)s: %(status)s.",
        name=name,
        when=datetime_wib(at),
        status=STATUS_WORDS[status],
    )


def _refuse_stale(session: Session, row: Submission, seen: str, record_version: int | None) -> None:
    if not seen or seen == seen_mark(row.status, count_revisions(session, row.id), record_version):
        return
    raise TooLate(
        "", say("Isinya berubah sejak halaman ini dibuka. Lihat lagi, lalu putuskan."), code="closed"
    )


def _write(row: Submission, decision: Decision, actor: Actor) -> None:
    final = decision.status is not SubmissionStatus.IN_REVIEW
    row.status = decision.status
    row.decided_at = now() if final else None
    row.decided_by = actor.account_id if final else None
    row.reason, row.note = decision.reason, decision.note
    row.how_checked = decision.how_checked
    row.returned_fields = dict(decision.returned_fields) if decision.returned_fields else None
    row.same_as_code = decision.same_as_code
    row.contact_pending = final
    row.contacted_at = row.contacted_by = row.contacted_how = None


def _told(decision: Decision, number: str) -> dict[str, Any]:
    """The decision as history keeps it."""
    told: dict[str, Any] = {
        "status": decision.status.value,
        "receipt": number,
        "how_checked": decision.how_checked.value if decision.how_checked else None,
        "reason": decision.reason or None,
        "returned_fields": sorted(decision.returned_fields) if decision.returned_fields else None,
        "same_as": decision.same_as_code,
    }
    return {name: value for name, value in told.items() if value is not None}


def hand_over(
    session: Session, *, submission_id: str, kecamatan_code: str, actor: Actor, note: str = ""
) -> bool:
    """Give a submission to the officers of another kecamatan, without sending it back to the citizen.

    Returns True when nobody decides there today, so that it lies with the Dinas at once. Raises TooLate,
    RuleBroken('kecamatan'), LookupError.
    """
    row = _open(session, submission_id)
    if row.handled_kecamatan_code == kecamatan_code and not row.at_dinas:
        raise RuleBroken("kecamatan", say("Kiriman ini sudah di kecamatan itu."))
    before = _whereabouts(row)
    row.handled_kecamatan_code = kecamatan_code
    row.at_dinas = kecamatan_code not in has_active_decider([kecamatan_code])
    session.flush()
    _note_move(session, row, "submission.handed_over", actor, before, note)
    return row.at_dinas


def take_to_dinas(session: Session, *, submission_id: str, actor: Actor, note: str = "") -> None:
    """Let the Dinas itself decide. Raises TooLate, RuleBroken, LookupError."""
    row = _open(session, submission_id)
    if row.at_dinas:
        raise RuleBroken("kecamatan", say("Kiriman ini sudah di meja Dinas."))
    before = _whereabouts(row)
    row.at_dinas = True
    session.flush()
    _note_move(session, row, "submission.taken_to_dinas", actor, before, note)


def _open(session: Session, submission_id: str) -> Submission:
    row = locked(session, submission_id)
    if row.status not in OPEN:
        refuse_if_decided(session, row, SubmissionStatus.RECEIVED)
        raise TooLate("", say("Kiriman ini sudah diputuskan."), code="closed")
    return row


def _whereabouts(row: Submission) -> dict[str, Any]:
    return {"kecamatan": row.handled_kecamatan_code, "at_dinas": row.at_dinas}


def _note_move(
    session: Session, row: Submission, deed: str, actor: Actor, before: dict[str, Any], note: str
) -> None:
    after = {**_whereabouts(row), "receipt": row.receipt_number}
    audit.record(
        session, deed=deed, subject=subject_of(row), actor=actor, before=before, after=after, note=note
    )


def tick_contact(session: Session, *, submission_id: str, how: ContactWay, actor: Actor) -> bool:
    """The sender was told of the decision. False when somebody had ticked it before. Raises LookupError."""
    row = locked(session, submission_id)
    if not row.contact_pending:
        return False
    row.contact_pending = False
    row.contacted_at, row.contacted_by, row.contacted_how = now(), actor.account_id, how
    session.flush()
    audit.record(
        session,
        deed="submission.sender_told",
        subject=subject_of(row),
        actor=actor,
        after={"how": how.value, "receipt": row.receipt_number},
    )
    return True


def say_not_the_same(session: Session, *, first_code: str, second_code: str, actor: Actor) -> bool:
    """Remember that two look-alikes are different bodies. False when it was known."""
    first, second = sorted((first_code, second_code))
    if first == second:
        raise RuleBroken("with", say("Pilih koperasi lain."))
    if session.get(NotTheSame, (first, second)) is not None:
        return False
    if actor.account_id is None:
        raise ValueError("a stranger does not compare records")
    session.add(
        NotTheSame(first_code=first, second_code=second, decided_by=actor.account_id, decided_at=now())
    )
    session.flush()
    for code, other in ((first_code, second_code), (second_code, first_code)):
        audit.record(session, deed="record.not_the_same", subject=code, actor=actor, after={"with": other})
    return True
