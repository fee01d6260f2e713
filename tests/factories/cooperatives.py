"""Cooperatives for tests, made by the same function as real ones."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.cooperatives.services.records import CooperativeData, create_record
from app.core.access import ANONYMOUS, Actor
from app.core.clock import now, today
from app.core.codes import new_record_code
from app.core.transaction import atomically
from app.registry.rules import RecordStatus, Source
from tests.factories.regions import CIBINONG

_numbers = count(1)


def make_cooperative(
    session: Session,
    *,
    code: str | None = None,
    status: RecordStatus = RecordStatus.PUBLIC,
    source: Source = Source.IMPORT,
    actor: Actor = ANONYMOUS,
    **values: Any,
) -> str:
    """One record; returns its public code. ``values`` are fields of CooperativeData."""
    code = code or new_record_code("K")
    data = {"name": f"Koperasi Contoh {next(_numbers)}", "kecamatan_code": CIBINONG, **values}
    create_record(
        session,
        code=code,
        data=CooperativeData(**data),
        status=status,
        source=source,
        source_note="contoh",
        source_on=today(),
        actor=actor,
        accepted_at=now() if status is RecordStatus.PUBLIC else None,
    )
    return code


def a_cooperative(**values: Any) -> str:
    """``make_cooperative`` in a write block of its own."""
    return atomically(lambda s: make_cooperative(s, **values))
