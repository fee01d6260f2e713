"""Kept counts of public records: exact whatever their number, and cheap."""

from __future__ import annotations

from functools import cache

from sqlalchemy import bindparam, func, select

from app.core.db import Base, db
from app.core.statements import Ready
from app.registry.models import PublicTally
from app.registry.rules import RecordKind

_TALLY = Base.metadata.tables[PublicTally.__tablename__]
_MOST_PLACES = 1000  # 435 desa, 40 times "desa unknown"


def public_total(kind: RecordKind, *, kecamatan_code: str = "", desa_code: str = "") -> int:
    """Public records of the kabupaten, of a kecamatan or of a desa."""
    place = {"kecamatan_code": kecamatan_code, "desa_code": desa_code}
    given = {name: code for name, code in place.items() if code}
    return int(_total(*given).value(kind=kind, **given))


@cache
def _total(*columns: str) -> Ready:
    """Of all, or of the place that the columns name."""
    named = [_TALLY.c[name] == bindparam(name) for name in ("kind", *columns)]
    return Ready(select(func.coalesce(func.sum(_TALLY.c.records), 0)).where(*named))


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
    given = {"kecamatan_code": kecamatan_code} if kecamatan_code else {}
    rows = _by_desa(*given).rows(kind=kind, **given)
    return {(kecamatan, desa): int(records) for kecamatan, desa, records in rows}


@cache
def _by_desa(*columns: str) -> Ready:
    """Of all desa, or of those that the columns name."""
    named = [_TALLY.c[name] == bindparam(name) for name in ("kind", *columns)]
    return Ready(
        select(_TALLY.c.kecamatan_code, _TALLY.c.desa_code, _TALLY.c.records)
        .where(*named, _TALLY.c.records > 0)
        .order_by(_TALLY.c.kecamatan_code, _TALLY.c.desa_code)
        .limit(_MOST_PLACES)
    )
