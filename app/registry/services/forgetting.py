"""Contents that have been kept as long as was promised go; that something was sent, when and with which number stays."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.registry.models import Submission, SubmissionRevision
from app.registry.services.receiving import seal_content


def forget_contents(session: Session, submission_ids: Collection[str]) -> None:
    """Take out what was typed, and by which it could be found again or compared.

    An empty fingerprint marks them. The same submission sent once more is then other content, and is not taken.
    """
    rows = session.scalars(
        select(Submission).where(Submission.id.in_(submission_ids)).order_by(Submission.id)
    )
    for row in rows:
        row.content_sealed = seal_content(row.id, [])
        row.fingerprint, row.phone_index, row.note = "", None, ""
    session.execute(delete(SubmissionRevision).where(SubmissionRevision.submission_id.in_(submission_ids)))
    session.flush()
