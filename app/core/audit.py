"""Who did what, when, before and after: append-only (the database refuses UPDATE and DELETE).

Two tables. ``history`` is shown on the record. ``personal_access`` notes each look at personal data; it is
written before the data is shown, and if that fails nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String, Text, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Actor
from app.core.clock import now
from app.core.db import Base
from app.core.request_id import request_id

BigId = BigInteger().with_variant(Integer, "sqlite")


class History(Base):
    """One deed on one subject (public code of a record, number of a submission, "akun:7", "impor:3")."""

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(String(40), index=True)
    deed: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(16))


class PersonalAccess(Base):
    """One look at personal data: who, of which subject, which fields, what for."""

    __tablename__ = "personal_access"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[int]
    actor_name: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    fields: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[str] = mapped_column(String(16))


def history_row(
    *,
    deed: str,
    subject: str,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> dict[str, Any]:
    """One line of history as a plain row, for bulk inserts. Personal values must already be masked."""
    return {
        "at": now(),
        "subject": subject,
        "deed": deed,
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "before": dict(before) if before is not None else None,
        "after": dict(after) if after is not None else None,
        "note": note,
        "request_id": request_id(),
    }


def record(
    session: Session,
    *,
    deed: str,
    subject: str,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write one line of history in the running write block. ``actor`` ANONYMOUS means the public."""
    row = history_row(deed=deed, subject=subject, actor=actor, before=before, after=after, note=note)
    session.execute(insert(History), [row])


def record_many(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write many lines made by ``history_row`` at once."""
    if rows:
        session.connection().execute(insert(Base.metadata.tables[History.__tablename__]), rows)


def record_personal_access(
    session: Session, *, actor: Actor, subject: str, fields: str, purpose: str
) -> None:
    """Note a look at personal data. Call in a write block of its own, before showing anything."""
    record_personal_accesses(session, actor=actor, subjects=[subject], fields=fields, purpose=purpose)


def record_personal_accesses(
    session: Session, *, actor: Actor, subjects: Sequence[str], fields: str, purpose: str
) -> None:
    """As ``record_personal_access`` for many subjects at once (an export)."""
    if actor.account_id is None:
        raise ValueError("a stranger never sees personal data")
    look = {
        "at": now(),
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "fields": fields,
        "purpose": purpose,
        "request_id": request_id(),
    }
    if subjects:
        session.execute(insert(PersonalAccess), [{**look, "subject": subject} for subject in subjects])
