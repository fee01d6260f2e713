"""Wishes that came without signal: the office books the time for them, or closes them with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import Wish
from app.clinic.queries.free import Asked
from app.clinic.queries.people import phone_in
from app.clinic.queries.today import booking_of_submission
from app.clinic.rules.booking import ClientType
from app.clinic.services.booking import Wanted, book
from app.core import audit
from app.core.access import Actor
from app.core.clock import in_wib, now
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.models import Submission
from app.registry.queries.submissions import content_of
from app.registry.rules import Pairs, Source, SubmissionKind, SubmissionStatus
from app.registry.services.receiving import Incoming
from app.registry.services.settling import settle

_OF_A_WISH: Final = uuid.UUID("6f3c2f0e-5a0f-4b55-9a35-0b8b6b1f7c1d")


@dataclass(frozen=True)
class Scheduled:
    """The time that the office chose for a wish."""

    starts_at: datetime
    asked: Asked


def booking_submission(wish_id: str) -> str:
    """Id of the submission that a wish's booking gets: always the same, so that it is booked once."""
    return str(uuid.uuid5(_OF_A_WISH, wish_id))


def schedule(session: Session, wish_id: str, chosen: Scheduled, *, actor: Actor) -> int:
    """Book the chosen time for whoever wished; the sender is to be told. Returns the booking's id.

    Raises RuleBroken('closed') when somebody was quicker, SlotTaken, RuleBroken('phone'), LookupError.
    """
    wish = _waiting(session, wish_id)
    sent = session.get_one(Submission, wish_id)
    pairs = content_of(session, wish_id)
    wanted = _wanted(wish, sent, pairs, chosen)
    received = book(session, wanted, _incoming(sent, pairs, wanted.phone, actor))
    booking_id = booking_of_submission(session, received.submission_id)
    if booking_id is None:
        raise LookupError(wish_id)
    wish.booking_id, wish.closed_at, wish.closed_by = booking_id, now(), actor.account_id
    settle(session, wish_id, SubmissionStatus.ACCEPTED, actor=actor, tell=True)
    audit.record(
        session,
        deed="clinic.wish_scheduled",
        subject=f"klinik:{booking_id}",
        actor=actor,
        after={"at": in_wib(chosen.starts_at).isoformat(), "receipt": sent.receipt_number},
    )
    return booking_id


def _wanted(wish: Wish, sent: Submission, pairs: Pairs, chosen: Scheduled) -> Wanted:
    client = dict(pairs).get("client_type", "")
    return Wanted(
        asked=chosen.asked,
        starts_at=chosen.starts_at,
        client_type=ClientType(client) if client in set(ClientType) else ClientType.PUBLIC,
        topic=wish.topic,
        mode=wish.mode,
        phone=phone_in(pairs),
        kecamatan_code=sent.kecamatan_code,
        record_code=sent.record_code,
        at_desk=True,
    )


def _incoming(sent: Submission, pairs: Pairs, phone: str | None, actor: Actor) -> Incoming:
    """The booking's own submission says what the wish said."""
    return Incoming(
        submission_id=booking_submission(sent.id),
        kind=SubmissionKind.CLINIC_BOOKING,
        pairs=pairs,
        title=sent.title,
        kecamatan_code=sent.kecamatan_code,
        desa_code=sent.desa_code,
        phone=phone,
        source=Source.ASSISTED,
        actor=actor,
        filled_at=sent.filled_at,
        language=sent.language,
        record_code=sent.record_code,
        to_dinas=True,
    )


def close(session: Session, wish_id: str, reason: str, *, actor: Actor) -> None:
    """No time for this one; the sender reads the ``reason``. Raises RuleBroken('closed'), LookupError."""
    wish = _waiting(session, wish_id)
    wish.closed_at, wish.closed_by = now(), actor.account_id
    settle(session, wish_id, SubmissionStatus.REJECTED, actor=actor, note=reason)


def _waiting(session: Session, wish_id: str) -> Wish:
    wish = session.scalar(
        select(Wish)
        .where(Wish.submission_id == wish_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if wish is None:
        raise LookupError(wish_id)
    if wish.closed_at is not None:
        raise RuleBroken(
            "", say("Permintaan ini sudah dikerjakan petugas lain. Muat ulang halamannya."), code="closed"
        )
    return wish
