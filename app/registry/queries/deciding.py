"""What is asked while deciding on submissions."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.registry.models import SubmissionRevision


def count_revisions(session: Session, submission_id: str) -> int:
    """How often the sender mended it."""
    statement = select(func.count()).where(SubmissionRevision.submission_id == submission_id)
    return int(session.scalar(statement) or 0)
