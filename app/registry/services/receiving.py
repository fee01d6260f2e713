"""Submissions come in exactly once: any order and any repetition of sends leaves one submission, one receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.queries.staff import has_active_decider
from app.core import audit
from app.core.access import Access, Actor
from app.core.clock import now, today
from app.core.codes import new_receipt_number
from app.core.crypt import phone_index, seal
from app.core.db import insert_into
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.workdays import add_working_days
from app.registry.models import Consent, Submission, SubmissionRevision
from app.registry.queries.holidays import list_days_off
from app.registry.queries.submissions import (
    OtherContent,
    Received,
    content_of,
    content_place,
    find_replay,
    find_revision_replay,
    fingerprint_of,
    queue_is_full,
)
from app.registry.rules import (
    SETTLED_AT_ONCE,
    Pairs,
    Source,
    SubmissionKind,
    SubmissionStatus,
    check_move,
    tidy_pairs,
)

__all__ = ["GivenConsent", "Incoming", "Mending", "OtherContent", "Received", "receive", "revise"]

# Two receipts with one number: once in 30 years at a thousand a day; five in a row is a broken generator.
_TRIES_FOR_A_NUMBER: Final = 5
QUEUE_FULL: Final = say(
    "Terlalu banyak kiriman yang belum diperiksa petugas. Kirim lagi besok, atau telepon kami."
)


@dataclass(frozen=True)
class GivenConsent:
    """An answer to one consent, or the notice that was shown. ``how``: screen, or spoken and noted by an officer."""

    purpose: str
    text_version: str
    given: bool
    how: str = "screen"


@dataclass(frozen=True)
class Incoming:
    """A submission about to be taken. ``pairs`` is what was typed; ``phone`` is in its one form or None.

    ``to_dinas``: the Dinas itself decides, whatever the kecamatan. ``working_days``: the promise to the sender.
    ``most_waiting``: the public may add to so many undecided submissions and no more; None: no limit.
    """

    submission_id: str
    kind: SubmissionKind
    pairs: Pairs
    title: str
    kecamatan_code: str | None
    desa_code: str | None
    phone: str | None
    source: Source
    actor: Actor
    form_version: int = 1
    filled_at: datetime | None = None
    language: str = "id"
    suspicious: bool = False
    came_sealed: bool = False
    record_code: str | None = None
    to_dinas: bool = False
    working_days: int = 3
    most_waiting: int | None = None
    consents: tuple[GivenConsent, ...] = ()

    @cached_property
    def content_sealed(self) -> bytes:
        """The content as it is kept."""
        return seal_content(self.submission_id, self.pairs)


@dataclass(frozen=True)
class Mending:
    """What the sender of a returned submission sent again. Only ``open_fields`` are taken, whatever was sent."""

    revision_id: str
    submission_id: str
    pairs: Pairs
    open_fields: frozenset[str]
    title: str | None = None
    kecamatan_code: str | None = None
    desa_code: str | None = None
    phone: str | None = None
    working_days: int = 3


def seal_content(owner_id: str, pairs: Pairs) -> bytes:
    """Field pairs as JSON, sealed to the submission or the mending that they belong to."""
    return seal(json.dumps(tidy_pairs(pairs), ensure_ascii=False), place=content_place(owner_id))


def receive(session: Session, incoming: Incoming) -> Received:
    """Take a submission, or give the receipt it got before. Raises OtherContent, RuleBroken('busy').

    Two sends at once meet at the primary key: the slower one reads again and answers as a replay.
    """
    known = find_replay(session, incoming.submission_id, incoming.pairs)
    if known is not None:
        return known
    if incoming.most_waiting is not None and queue_is_full(session, incoming.most_waiting):
        raise RuleBroken("", QUEUE_FULL, code="busy")
    row = _submission_row(session, incoming)
    for _ in range(_TRIES_FOR_A_NUMBER):
        row["receipt_number"] = new_receipt_number()
        if _inserted(session, Submission, row):
            _note_consents(session, incoming)
            number = str(row["receipt_number"])
            return Received(incoming.submission_id, number, row["status"], replay=False)
        known = find_replay(session, incoming.submission_id, incoming.pairs)
        if known is not None:
            return known
    raise RuntimeError("no free receipt number")


def _submission_row(session: Session, incoming: Incoming) -> dict[str, Any]:
    settled = incoming.kind in SETTLED_AT_ONCE
    return {
        "id": incoming.submission_id,
        "kind": incoming.kind,
        "status": SubmissionStatus.ACCEPTED if settled else SubmissionStatus.RECEIVED,
        "decided_at": now() if settled else None,
        "record_code": incoming.record_code,
        "title": incoming.title,
        "kecamatan_code": incoming.kecamatan_code,
        "desa_code": incoming.desa_code,
        "handled_kecamatan_code": incoming.kecamatan_code,
        "at_dinas": _falls_to_dinas(incoming),
        "content_sealed": incoming.content_sealed,
        "fingerprint": fingerprint_of(incoming.pairs),
        "phone_index": phone_index(incoming.phone) if incoming.phone else None,
        "form_version": incoming.form_version,
        "filled_at": incoming.filled_at,
        "received_at": now(),
        "due_on": promised_day(session, incoming.working_days),
        "source": incoming.source,
        "entered_by": incoming.actor.account_id,
        "suspicious": incoming.suspicious,
        "came_sealed": incoming.came_sealed,
        "language": incoming.language,
    }


def nobody_decides_in(kecamatan_code: str) -> bool:
    """True when no account may decide for this kecamatan today."""
    return not has_active_decider([kecamatan_code])


def _falls_to_dinas(incoming: Incoming) -> bool:
    """The Dinas decides on what officers entered, on wider cooperatives, and where a kecamatan has nobody to."""
    if incoming.to_dinas or incoming.kecamatan_code is None or incoming.actor.may(Access.ASSIST_ENTRY):
        return True
    return nobody_decides_in(incoming.kecamatan_code)


def promised_day(session: Session, working_days: int) -> date:
    """The day until which a decision is promised, counted from today."""
    return add_working_days(today(), working_days, list_days_off(session, today()))


def _inserted(session: Session, table: type[Submission | SubmissionRevision], row: Mapping[str, Any]) -> bool:
    """Insert unless the id (or the number) is taken; works inside the running transaction on both databases."""
    statement = insert_into(session, table).values(**row).on_conflict_do_nothing().returning(table.id)
    return session.scalar(statement) is not None


def _note_consents(session: Session, incoming: Incoming) -> None:
    spoken = incoming.source is Source.ASSISTED
    rows = [
        {
            "submission_id": incoming.submission_id,
            "purpose": consent.purpose,
            "text_version": consent.text_version,
            "given": consent.given,
            "how": consent.how,
            "witness_id": incoming.actor.account_id if spoken else None,
            "at": now(),
        }
        for consent in incoming.consents
    ]
    if rows:
        session.execute(insert(Consent), rows)


def revise(session: Session, mending: Mending, *, actor: Actor) -> Received:
    """Take the mending of a returned submission: back into the queue with a new promise; exactly once, too.

    Raises OtherContent, RuleBroken('closed') when the submission does not wait for mending, LookupError.
    """
    known = find_revision_replay(session, mending.submission_id, mending.revision_id, mending.pairs)
    if known is not None:
        return known
    row = session.scalar(select(Submission).where(Submission.id == mending.submission_id).with_for_update())
    if row is None:
        raise LookupError(mending.submission_id)
    if row.status is not SubmissionStatus.RETURNED:
        raise RuleBroken("", say("Kiriman ini sudah tidak menunggu perbaikan."), code="closed")
    check_move(row.status, SubmissionStatus.RECEIVED)
    returned = row.returned_fields or {}
    if not _inserted(session, SubmissionRevision, _revision_row(session, mending)):
        raise OtherContent(mending.submission_id, row.receipt_number)
    _back_to_queue(session, row, mending)
    audit.record(
        session,
        deed="submission.mended",
        subject=row.record_code or row.receipt_number,
        actor=actor,
        before={"status": SubmissionStatus.RETURNED},
        after={"status": SubmissionStatus.RECEIVED, "fields": sorted(returned)},
        note=row.receipt_number,
    )
    session.flush()
    return Received(row.id, row.receipt_number, row.status, replay=False)


def _revision_row(session: Session, mending: Mending) -> dict[str, Any]:
    """The whole content after mending: what was not asked for stays as it was."""
    sent = [pair for pair in tidy_pairs(mending.pairs) if pair[0] in mending.open_fields]
    kept = [pair for pair in content_of(session, mending.submission_id) if pair[0] not in mending.open_fields]
    return {
        "id": mending.revision_id,
        "submission_id": mending.submission_id,
        "content_sealed": seal_content(mending.revision_id, kept + sent),
        "fingerprint": fingerprint_of(mending.pairs),
        "received_at": now(),
    }


def _back_to_queue(session: Session, row: Submission, mending: Mending) -> None:
    row.status = SubmissionStatus.RECEIVED
    row.returned_fields, row.reason, row.note = None, "", ""
    row.decided_at, row.decided_by = None, None
    row.due_on = promised_day(session, mending.working_days)
    row.title = mending.title or row.title
    if mending.phone:
        row.phone_index = phone_index(mending.phone)
    if mending.kecamatan_code:
        row.kecamatan_code = row.handled_kecamatan_code = mending.kecamatan_code
        row.at_dinas = row.at_dinas or nobody_decides_in(mending.kecamatan_code)
    if mending.desa_code:
        row.desa_code = mending.desa_code
