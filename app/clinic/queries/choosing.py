"""What somebody who looks for a time chooses from, besides the times: experts, and the own hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.models import Expert, Slot
from app.clinic.queries.free import NOTICE, Asked, edges_of, is_free
from app.clinic.rules.timetable import Service
from app.core.clock import in_wib

_MOST_EXPERTS = 40


@dataclass(frozen=True)
class ExpertChoice:
    """An expert who serves soon."""

    id: int
    name: str


def list_experts_on_duty(
    session: Session, service: Service, first_day: date, last_day: date
) -> list[ExpertChoice]:
    """Experts with half hours of the service on these days, free or not."""
    serves = (
        select(Slot.id)
        .where(
            Slot.expert_id == Expert.id,
            Slot.service == service,
            Slot.open,
            Slot.starts_at >= edges_of(first_day)[0],
            Slot.starts_at < edges_of(last_day)[1],
        )
        .exists()
    )
    statement = (
        select(Expert.id, Expert.name).where(Expert.active, serves).order_by(Expert.name).limit(_MOST_EXPERTS)
    )
    return [ExpertChoice(id_, name) for id_, name in session.execute(statement)]


def free_day_from(
    session: Session, asked: Asked, first_day: date, last_day: date, *, now: datetime
) -> date | None:
    """The first day from..to with a free time."""
    statement = (
        select(Slot.starts_at)
        .where(
            is_free(asked, now),
            Slot.starts_at >= max(edges_of(first_day)[0], now + NOTICE),
            Slot.starts_at < edges_of(last_day)[1],
        )
        .order_by(Slot.starts_at)
        .limit(1)
    )
    found = session.scalar(statement)
    return in_wib(found).date() if found else None


def free_day_before(session: Session, asked: Asked, day: date, *, now: datetime) -> date | None:
    """The last day before ``day`` with a free time that is still to come."""
    statement = (
        select(Slot.starts_at)
        .where(is_free(asked, now), Slot.starts_at >= now + NOTICE, Slot.starts_at < edges_of(day)[0])
        .order_by(Slot.starts_at.desc())
        .limit(1)
    )
    found = session.scalar(statement)
    return in_wib(found).date() if found else None


@dataclass(frozen=True)
class OwnHold:
    """The half hour that waits for an asker."""

    service: Service
    starts_at: datetime
    until: datetime


def find_hold(session: Session, key: str, *, now: datetime) -> OwnHold | None:
    """What ``key`` holds now."""
    if not key:
        return None
    row = session.execute(
        select(Slot.service, Slot.starts_at, Slot.held_until)
        .where(Slot.held_by == key, Slot.held_until > now)
        .order_by(Slot.starts_at)
        .limit(1)
    ).first()
    return OwnHold(row.service, row.starts_at, row.held_until) if row else None
