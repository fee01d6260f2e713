"""Kept counts of public records: exact whatever their number, and cheap."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.db import Base, db
from app.registry.models import PublicTally
from app.registry.rules import RecordKind

_TALLY = Base.metadata.tables[PublicTally.__tablename__]
_MOST_PLACES = 1000  # 435 desa, 40 times "desa unknown"


def public_total(kind: RecordKind, *, kecamatan_code: str = "", desa_code: str = "") -> int:
    """Public records of the kabupaten, of a kecamatan or of a desa."""
    statement = select(func.coalesce(func.sum(_TALLY.c.records), 0)).where(_TALLY.c.kind == kind)
    if kecamatan_code:
        statement = statement.where(_TALLY.c.kecamatan_code == kecamatan_code)
    if desa_code:
        statement = statement.where(_TALLY.c.desa_code == desa_code)
    return int(db.session.connection().execute(statement).scalar_one())


def public_total_by_kecamatan(kind: RecordKind) -> dict[str, int]:
    """Kecamatan code -> public records; kecamatan without any are left out."""
    total = func.sum(_TALLY.c.records)
    statement = (
        select(_TALLY.c.kecamatan_code, total)
        .where(_TALLY.c.kind == kind)
        .group_by(_TALLY.c.kecamatan_code)
        .having(total > 0)
        .order_by(_TALLY.c.kecamatan_code)
        .limit(_MOST_PLACES)
    )
    return {code: int(records) for code, records in db.session.connection().execute(statement)}


def public_total_by_desa(kind: RecordKind, kecamatan_code: str | None = None) -> dict[tuple[str, str], int]:
    """(kecamatan code, desa code or '' for unknown) -> public records, of all or of one kecamatan."""
    statement = (
        select(_TALLY.c.kecamatan_code, _TALLY.c.desa_code, _TALLY.c.records)
        .where(_TALLY.c.kind == kind, _TALLY.c.records > 0)
        .order_by(_TALLY.c.kecamatan_code, _TALLY.c.desa_code)
        .limit(_MOST_PLACES)
    )
    if kecamatan_code:
        statement = statement.where(_TALLY.c.kecamatan_code == kecamatan_code)
    rows = db.session.connection().execute(statement)
    return {(kecamatan, desa): int(records) for kecamatan, desa, records in rows}
