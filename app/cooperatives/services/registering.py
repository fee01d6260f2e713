"""A cooperative registers, and mends its registration when an officer returned it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.cooperatives.services.record_values import CooperativeData
from app.cooperatives.services.records import change_record, create_record
from app.core import audit
from app.core.access import Actor
from app.core.clock import today
from app.core.codes import new_record_code
from app.registry.queries.submissions import record_code_of
from app.registry.rules import RecordStatus, SubmissionKind
from app.registry.services.receiving import Incoming, Mending, Received, receive, revise


def register_cooperative(session: Session, *, incoming: Incoming, data: CooperativeData) -> Received:
    """Take a registration and make its pending record, once. Raises OtherContent.

    Used by the public form in a browser, by programs, and by officers who fill it for somebody present.
    """
    incoming = replace(incoming, record_code=_free_code(session))
    received = receive(session, incoming)
    if not received.replay:
        create_record(
            session,
            code=incoming.record_code or "",
            data=data,
            status=RecordStatus.PENDING,
            source=incoming.source,
            source_note=received.receipt_number,
            source_on=today(),
            actor=incoming.actor,
        )
    return received


def propose_correction(session: Session, *, incoming: Incoming, replaces: str) -> Received | None:
    """Take a registration that says it mends an earlier one: an officer compares. None when that never arrived.

    The earlier submission stays as it is; the record waits for the officer.
    """
    code = record_code_of(session, replaces)
    if code is None:
        return None
    return receive_about(
        session,
        incoming=replace(incoming, kind=SubmissionKind.COOPERATIVE_CORRECTION, record_code=code),
        deed="cooperative.correction_proposed",
    )


def receive_about(session: Session, *, incoming: Incoming, deed: str) -> Received:
    """Take a submission about a record that is there already (claim, report, message, correction)."""
    received = receive(session, incoming)
    if not received.replay:
        audit.record(
            session,
            deed=deed,
            subject=incoming.record_code or received.receipt_number,
            actor=incoming.actor,
            note=received.receipt_number,
        )
    return received


def mend_registration(
    session: Session, *, mending: Mending, changes: Mapping[str, Any], actor: Actor
) -> Received:
    """Take the mended fields of a returned registration and bring its pending record along."""
    received = revise(session, mending, actor=actor)
    code = record_code_of(session, mending.submission_id)
    if received.replay or code is None:
        return received
    status = session.scalar(select(Cooperative.status).where(Cooperative.code == code))
    if status is RecordStatus.PENDING:
        change_record(
            session,
            code=code,
            changes=changes,
            actor=actor,
            deed="cooperative.mended",
            note=received.receipt_number,
        )
    return received


def _free_code(session: Session) -> str:
    """A public code nobody has: at 750,000 records one in 20,000 random codes is taken."""
    while True:
        code = new_record_code("K")
        if session.scalar(select(Cooperative.id).where(Cooperative.code == code)) is None:
            return code
