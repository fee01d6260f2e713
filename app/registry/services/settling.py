"""Submissions that no officer of a kecamatan decides on: whoever does what they ask for settles them in passing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.registry.deciding_rules import RejectReason
from app.registry.rules import SubmissionStatus
from app.registry.services.deciding import locked, refuse_if_decided, subject_of


def settle(
    session: Session,
    submission_id: str,
    status: SubmissionStatus,
    *,
    actor: Actor,
    note: str = "",
    tell: bool = False,
) -> None:
    """Accept, or reject with a ``note`` that the sender reads. ``tell``: the sender still has to be told.

    Raises TooLate when somebody else settled it before, LookupError.
    """
    row = locked(session, submission_id)
    refuse_if_decided(session, row, status)
    before = row.status
    row.status, row.note = status, note
    row.reason = RejectReason.OTHER.value if status is SubmissionStatus.REJECTED else ""
    row.decided_at, row.decided_by = now(), actor.account_id
    row.contact_pending = tell
    session.flush()
    audit.record(
        session,
        deed=f"submission.{status.value}",
        subject=subject_of(row),
        actor=actor,
        before={"status": before.value},
        after={"status": status.value, "receipt": row.receipt_number},
        note=note,
    )
