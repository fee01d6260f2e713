"""Pictures that belong to a submission. They come here shrunk and sealed: nothing slow happens in the block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.models import Attachment
from app.registry.services.deciding import locked, subject_of

MOST_PICTURES: Final = 3


@dataclass(frozen=True)
class SealedPicture:
    """A re-encoded JPEG, sealed. ``sha256`` is of the JPEG itself."""

    public_id: str
    content_sealed: bytes
    sha256: str
    width: int
    height: int


def add_picture(session: Session, *, submission_id: str, picture: SealedPicture, actor: Actor) -> bool:
    """Keep a picture with a submission; False when the very same one is there already.

    Raises RuleBroken when there are enough, LookupError.
    """
    row = locked(session, submission_id)
    theirs = Attachment.submission_id == submission_id
    if session.scalar(select(Attachment.id).where(theirs, Attachment.sha256 == picture.sha256)) is not None:
        return False
    count = session.scalar(select(func.count()).select_from(Attachment).where(theirs)) or 0
    if count >= MOST_PICTURES:
        raise RuleBroken("", say("Paling banyak tiga foto untuk satu kiriman."))
    session.execute(
        insert(Attachment),
        {
            "public_id": picture.public_id,
            "submission_id": submission_id,
            "content_sealed": picture.content_sealed,
            "sha256": picture.sha256,
            "width": picture.width,
            "height": picture.height,
            "added_by": actor.account_id,
            "added_at": now(),
        },
    )
    audit.record(
        session,
        deed="submission.picture_added",
        subject=subject_of(row),
        actor=actor,
        after={"receipt": row.receipt_number, "sha256": picture.sha256[:12]},
    )
    return True
