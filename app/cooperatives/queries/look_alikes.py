"""Public records that a newcomer's cooperative may be already."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.regions.queries import places
from app.registry.queries.likeness import find_look_alikes
from app.registry.rules import RecordKind, RecordStatus

_SHOWN = 4
_LOOKED_AT = 12  # pending registrations look alike too, but are nobody's business


@dataclass(frozen=True)
class Candidate:
    """A public record to hold against what was typed."""

    code: str
    name: str
    place: str
    is_kdmp: bool


def list_candidates(
    session: Session, *, name: str, kecamatan_code: str, desa_code: str | None
) -> list[Candidate]:
    """At most four: the Merah Putih cooperative of the desa first, then names that resemble. Public ones only."""
    likely = find_look_alikes(
        RecordKind.COOPERATIVE,
        name=name,
        kecamatan_code=kecamatan_code,
        desa_code=desa_code,
        limit=_LOOKED_AT,
    )
    order = {found.record_id: i for i, found in enumerate(likely)}
    if not order:
        return []
    statement = (
        select(
            Cooperative.id,
            Cooperative.code,
            Cooperative.name,
            Cooperative.kecamatan_code,
            Cooperative.desa_code,
            Cooperative.is_kdmp,
        )
        .where(
            Cooperative.id.in_(order),
            Cooperative.status == RecordStatus.PUBLIC,
            Cooperative.dissolved_on.is_(None),
        )
        .order_by(Cooperative.id)
        .limit(_LOOKED_AT)
    )
    rows = sorted(session.execute(statement), key=lambda row: order[row.id])
    return [
        Candidate(row.code, row.name, places().name_of(row.desa_code or row.kecamatan_code), row.is_kdmp)
        for row in rows[:_SHOWN]
    ]
