"""What the pocket directory is made of: the public records as they are, and what phones were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from app.cooperatives.models import Cooperative, PocketEntry, PocketVersion
from app.cooperatives.pocket_rules import EVERYWHERE, Entry, PocketFacts, line_of
from app.cooperatives.rules import ActivitySource
from app.core.audit import History
from app.core.db import Base, db
from app.registry.rules import RecordStatus

MOST_RECORDS: Final = 200_000  # of which a phone can keep a copy at all
_T: Final = Base.metadata.tables[Cooperative.__tablename__].c
_E: Final = Base.metadata.tables[PocketEntry.__tablename__].c
_V: Final = Base.metadata.tables[PocketVersion.__tablename__].c


def newest_deed() -> tuple[int, datetime | None]:
    """The last line of history and its moment: as long as it stays, no record was changed by anybody."""
    statement = select(History.id, History.at).order_by(History.id.desc()).limit(1)
    row = _connection().execute(statement).first()
    return (row.id, row.at) if row else (0, None)


def last_version() -> int:
    """The last version phones were told; 0 before the first."""
    return int(_connection().execute(select(func.coalesce(func.max(_V.number), 0))).scalar_one())


def public_lines() -> dict[str, str]:
    """Code -> line of every public record: an allowlist of columns, so that nothing personal can come along."""
    statement = select(
        _T.code,
        _T.name,
        _T.kecamatan_code,
        _T.desa_code,
        _T.cooperative_type,
        _T.activity,
        _T.activity_source,
        _T.activity_on,
        _T.health,
        _T.health_on,
    ).where(_T.status == RecordStatus.PUBLIC)
    rows = _connection().execute(statement.order_by(_T.sort_name, _T.id).limit(MOST_RECORDS))
    return {row.code: line_of(_facts(row)) for row in rows}


def _facts(row: Any) -> PocketFacts:
    return PocketFacts(
        code=row.code,
        name=row.name,
        place_code=row.desa_code or row.kecamatan_code,
        cooperative_type=row.cooperative_type,
        activity=row.activity,
        activity_source=ActivitySource(row.activity_source),
        activity_on=row.activity_on,
        health=row.health,
        health_on=row.health_on,
    )


def list_entries(scope: str = EVERYWHERE) -> list[Entry]:
    """What phones were told, gone records with it: everywhere or in one kecamatan."""
    statement = select(_E.code, _E.kecamatan_code, _E.line, _E.version)
    if scope != EVERYWHERE:
        statement = statement.where(_E.kecamatan_code == scope)
    statement = statement.order_by(_E.code, _E.kecamatan_code).limit(2 * MOST_RECORDS)
    return [Entry(*row) for row in _connection().execute(statement)]


def _connection() -> Any:
    return db.session.connection()
