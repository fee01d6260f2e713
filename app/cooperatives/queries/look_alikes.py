"""Public records that a newcomer's cooperative may be already."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.regions.queries import places
from app.registry.rules import RecordKind, RecordStatus

_SHOWN = 4
_ASK_FROM = 0.6  # domain notes 4.3: a candidate from here on


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
    village = _village_cooperative(session, desa_code) if desa_code else []
    found = _resembling(session, name, kecamatan_code, desa_code) if name.strip() else []
    unique = {row.code: row for row in [*village, *found]}
    return [
        Candidate(row.code, row.name, places().name_of(row.desa_code or row.kecamatan_code), row.is_kdmp)
        for row in list(unique.values())[:_SHOWN]
    ]


_COLUMNS = (
    Cooperative.id,
    Cooperative.code,
    Cooperative.name,
    Cooperative.kecamatan_code,
    Cooperative.desa_code,
    Cooperative.is_kdmp,
)


def _village_cooperative(session: Session, desa_code: str) -> list[Row[tuple[int, str, str, str, str | None, bool]]]:
    statement = (
        select(*_COLUMNS)
        .where(
            Cooperative.desa_code == desa_code,
            Cooperative.status == RecordStatus.PUBLIC,
            Cooperative.is_kdmp,
            Cooperative.dissolved_on.is_(None),
        )
        .order_by(Cooperative.sort_name, Cooperative.id)
        .limit(1)
    )
    return list(session.execute(statement))


def _resembling(
    session: Session, name: str, kecamatan_code: str, desa_code: str | None
) -> list[Row[tuple[int, str, str, str, str | None, bool]]]:
    from app.registry.queries.likeness import find_look_alikes

    likely = find_look_alikes(
        RecordKind.COOPERATIVE, name=name, kecamatan_code=kecamatan_code, desa_code=desa_code, limit=10
    )
    order = {found.record_id: i for i, found in enumerate(likely) if found.score >= _ASK_FROM}
    if not order:
        return []
    statement = (
        select(*_COLUMNS)
        .where(Cooperative.id.in_(order), Cooperative.status == RecordStatus.PUBLIC)
        .order_by(Cooperative.id)
        .limit(10)
    )
    return sorted(session.execute(statement), key=lambda row: order[row.id])
