"""A wish for a time comes in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.clinic.models import Wish
from app.clinic.rules.booking import Mode, Topic
from app.clinic.rules.timetable import Service
from app.core.clock import now
from app.registry.services.receiving import Incoming, Received, receive


@dataclass(frozen=True)
class Wished:
    """What is wished for. ``weekdays`` as digits, 0 is Monday: '024'."""

    service: Service
    topic: Topic
    mode: Mode
    weekdays: str


def take_wish(session: Session, wished: Wished, incoming: Incoming) -> Received:
    """Take it exactly once. Raises OtherContent."""
    received = receive(session, incoming)
    if not received.replay:
        row = {
            "submission_id": received.submission_id,
            "service": wished.service,
            "topic": wished.topic,
            "mode": wished.mode,
            "weekdays": wished.weekdays,
            "received_at": now(),
        }
        session.execute(insert(Wish), row)
    return received
