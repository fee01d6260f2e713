"""What is read about submissions: replays, receipts, content. Personal content stays sealed unless a deed needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crypt import keys, personal_index, unseal
from app.core.errors import RuleBroken
from app.core.language import say
from app.regions.queries import places
from app.registry.models import Submission, SubmissionRevision
from app.registry.rules import (
    WAITING,
    Pairs,
    Source,
    SubmissionKind,
    SubmissionStatus,
    canonical_content,
    read_receipt_token,
    receipt_token,
)

_MOST_REVISIONS = 20


class OtherContent(RuleBroken):
    """The same submission id with other content: nothing is taken, both versions are shown."""

    def __init__(self, submission_id: str, receipt_number: str) -> None:
        super().__init__(
            "", say("Formulir ini sudah pernah dikirim dengan isian lain."), code="other_content"
        )
        self.submission_id = submission_id
        self.receipt_number = receipt_number


@dataclass(frozen=True)
class Received:
    """The receipt of a submission. ``replay``: it had arrived before and nothing was done now."""

    submission_id: str
    receipt_number: str
    status: SubmissionStatus
    replay: bool

    @property
    def token(self) -> str:
        """The unguessable end of the receipt's address."""
        return token_of(self.submission_id)


@dataclass(frozen=True)
class ReceiptView:
    """What the sender sees of a submission; nothing about other people's."""

    submission_id: str
    number: str
    kind: SubmissionKind
    status: SubmissionStatus
    title: str
    kecamatan_code: str | None
    desa_code: str | None
    record_code: str | None
    source: Source
    received_at: datetime
    due_on: date
    decided_at: datetime | None
    reason: str
    note: str
    returned_fields: dict[str, str]
    same_as_code: str | None

    @property
    def place(self) -> str:
        """As "Desa X, Kec. Y"."""
        return places().name_of(self.desa_code or self.kecamatan_code)

    @property
    def token(self) -> str:
        """The unguessable end of the receipt's address."""
        return token_of(self.submission_id)


def token_of(submission_id: str) -> str:
    """The receipt token of a submission."""
    ring = keys()
    return receipt_token(ring.receipt, submission_id, key_id=ring.current_receipt)


def submission_of(token: str) -> str | None:
    """The submission id of a genuine receipt token, else None."""
    return read_receipt_token(keys().receipts, token)


def fingerprint_of(pairs: Pairs) -> str:
    """Keyed HMAC of the content: tells whether two submissions say the same without keeping what they say."""
    return personal_index(canonical_content(pairs), purpose="content")


# --- replays ----------------------------------------------------------------------------------------------------


def find_replay(session: Session, submission_id: str, pairs: Pairs) -> Received | None:
    """The receipt of a submission that is here already, or None. Raises OtherContent.

    The sender's own mending counts as the same: whoever sends the original again, or what it was mended to,
    gets the receipt of the first.
    """
    row = session.execute(
        select(Submission.receipt_number, Submission.status, Submission.fingerprint).where(
            Submission.id == submission_id
        )
    ).first()
    if row is None:
        _refuse_revision_id(session, submission_id)
        return None
    same = row.fingerprint == fingerprint_of(pairs) or _was_mended_to(session, submission_id, pairs)
    if not same:
        raise OtherContent(submission_id, row.receipt_number)
    return Received(submission_id, row.receipt_number, row.status, replay=True)


def find_revision_replay(
    session: Session, submission_id: str, revision_id: str, pairs: Pairs
) -> Received | None:
    """As ``find_replay`` for the mending of ``submission_id``."""
    row = _revision(session, revision_id)
    if row is None:
        clash = session.scalar(select(Submission.receipt_number).where(Submission.id == revision_id))
        if clash is not None:
            raise OtherContent(revision_id, clash)
        return None
    if row.submission_id != submission_id or row.fingerprint != fingerprint_of(pairs):
        raise OtherContent(row.submission_id, row.receipt_number)
    return Received(submission_id, row.receipt_number, row.status, replay=True)


def _revision(session: Session, revision_id: str) -> Any:
    return session.execute(
        select(
            SubmissionRevision.submission_id,
            SubmissionRevision.fingerprint,
            Submission.receipt_number,
            Submission.status,
        )
        .join(Submission, Submission.id == SubmissionRevision.submission_id)
        .where(SubmissionRevision.id == revision_id)
    ).first()


def _refuse_revision_id(session: Session, submission_id: str) -> None:
    row = _revision(session, submission_id)
    if row is not None:
        raise OtherContent(row.submission_id, row.receipt_number)


def _was_mended_to(session: Session, submission_id: str, pairs: Pairs) -> bool:
    sent = canonical_content(pairs)
    return any(canonical_content(content) == sent for content in _mended_contents(session, submission_id))


# --- content ----------------------------------------------------------------------------------------------------


def content_place(submission_id: str) -> str:
    """Where the content of a submission, or of one mending, is sealed to."""
    return f"submission.content:{submission_id}"


def content_of(session: Session, submission_id: str) -> list[tuple[str, str]]:
    """The submission's fields as they stand now: as sent, or as mended last. Personal; raises LookupError."""
    newest = next(_mended_contents(session, submission_id), None)
    if newest is not None:
        return newest
    blob = session.scalar(select(Submission.content_sealed).where(Submission.id == submission_id))
    if blob is None:
        raise LookupError(submission_id)
    return _opened(blob, submission_id)


def came_sealed(session: Session, submission_id: str) -> bool:
    """True when it came sealed: then its id is no proof of being its sender."""
    return bool(session.scalar(select(Submission.came_sealed).where(Submission.id == submission_id)))


def _mended_contents(session: Session, submission_id: str) -> Iterator[list[tuple[str, str]]]:
    """Contents of the mendings, newest first."""
    statement = (
        select(SubmissionRevision.id, SubmissionRevision.content_sealed)
        .where(SubmissionRevision.submission_id == submission_id)
        .order_by(SubmissionRevision.received_at.desc(), SubmissionRevision.id)
        .limit(_MOST_REVISIONS)
    )
    return (_opened(blob, revision_id) for revision_id, blob in session.execute(statement).all())


def _opened(blob: bytes, owner_id: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in json.loads(unseal(blob, place=content_place(owner_id)))]


# --- receipts ---------------------------------------------------------------------------------------------------


def receipt_by_token(session: Session, token: str) -> ReceiptView | None:
    """What the receipt page shows; None for a token that is not ours."""
    submission_id = submission_of(token)
    return receipt_of(session, submission_id) if submission_id else None


def receipt_of(session: Session, submission_id: str) -> ReceiptView | None:
    """What the sender of a submission sees of it."""
    row = session.execute(_receipts().where(Submission.id == submission_id)).first()
    return ReceiptView(**{**row._mapping, "returned_fields": row.returned_fields or {}}) if row else None


def _receipts() -> Any:
    return select(
        Submission.id.label("submission_id"),
        Submission.receipt_number.label("number"),
        Submission.kind,
        Submission.status,
        Submission.title,
        Submission.kecamatan_code,
        Submission.desa_code,
        Submission.record_code,
        Submission.source,
        Submission.received_at,
        Submission.due_on,
        Submission.decided_at,
        Submission.reason,
        Submission.note,
        Submission.returned_fields,
        Submission.same_as_code,
    )


def submission_by_number(session: Session, number: str) -> str | None:
    """Id of the submission with a receipt number in its one spelling."""
    return session.scalar(select(Submission.id).where(Submission.receipt_number == number))


def number_of(session: Session, submission_id: str) -> str | None:
    """Receipt number of a submission, by its id or by that of a mending; None while it is not here."""
    number = session.scalar(select(Submission.receipt_number).where(Submission.id == submission_id))
    mended = None if number else _revision(session, submission_id)
    return mended.receipt_number if mended else number


def queue_is_full(session: Session, most: int) -> bool:
    """True when at least ``most`` submissions wait for an officer. Reads no further in the index than that."""
    waiting = select(Submission.status).where(Submission.status.in_(WAITING))
    return session.scalar(waiting.order_by(Submission.status).offset(most - 1).limit(1)) is not None


def record_code_of(session: Session, submission_id: str) -> str | None:
    """Public code of the record that a submission is about."""
    return session.scalar(select(Submission.record_code).where(Submission.id == submission_id))


def language_of(session: Session, submission_id: str) -> str:
    """The language in which the form was filled."""
    return session.scalar(select(Submission.language).where(Submission.id == submission_id)) or ""
