"""What the pocket directory is made of: the public records as they are, and what phones were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import exists, func, select

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
_ENTRY: Final = (_E.code, _E.kecamatan_code, _E.line, _E.version)


def newest_deed() -> tuple[int, datetime | None]:
    """The last line of history and its moment: as long as it stays, no record was changed by anybody."""
    statement = select(History.id, History.at).order_by(History.id.desc()).limit(1)
    row = _connection().execute(statement).first()
    return (row.id, row.at) if row else (0, None)


def last_version() -> int:
    """The last version phones were told; 0 before the first."""
    return int(_connection().execute(select(func.coalesce(func.max(_V.number), 0))).scalar_one())


def public_lines(after: str = "", limit: int = MOST_RECORDS) -> dict[str, str]:
    """Code -> line of the next public records by code: an allowlist of columns, nothing personal can come along."""
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
    ).where(_T.status == RecordStatus.PUBLIC, _T.code > after)
    rows = _connection().execute(statement.order_by(_T.code).limit(limit))
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


def entries_between(after: str, last: str | None) -> list[Entry]:
    """What phones were told of the codes behind ``after`` up to ``last`` (None: to the end), gone records with it."""
    statement = select(*_ENTRY).where(_E.code > after)
    if last is not None:
        statement = statement.where(_E.code <= last)
    statement = statement.order_by(_E.code, _E.kecamatan_code).limit(2 * MOST_RECORDS)
    return [Entry(*row) for row in _connection().execute(statement)]


def entries_by_kecamatan(scope: str = EVERYWHERE) -> Iterator[list[Entry]]:
    """What phones were told, gone records with it, everywhere or in one kecamatan: one at a time, by code."""
    areas = [scope]
    if scope == EVERYWHERE:
        statement = select(_E.kecamatan_code).distinct().order_by(_E.kecamatan_code).limit(MOST_RECORDS)
        areas = list(_connection().execute(statement).scalars())
    for area in areas:
        statement = select(*_ENTRY).where(_E.kecamatan_code == area).order_by(_E.code).limit(MOST_RECORDS)
        yield [Entry(*row) for row in _connection().execute(statement)]


def count_entries(scope: str, since: int) -> tuple[int, int]:
    """How many of what phones were told changed after version ``since``, and of how many."""
    changed = func.count().filter(_E.version > since)
    return cast(
        "tuple[int, int]", tuple(_connection().execute(_in(scope, select(changed, func.count()))).one())
    )


def gone_codes(scope: str, since: int) -> list[str]:
    """Codes that left the scope after version ``since``; who only moved to another kecamatan is still everywhere."""
    statement = _in(scope, select(_E.code).distinct()).where(_E.line == "", _E.version > since)
    if scope == EVERYWHERE:
        elsewhere = PocketEntry.__table__.alias().c
        statement = statement.where(~exists().where(elsewhere.code == _E.code, elsewhere.line != ""))
    return list(_connection().execute(statement.order_by(_E.code).limit(MOST_RECORDS)).scalars())


def _in(scope: str, statement: Any) -> Any:
    return statement if scope == EVERYWHERE else statement.where(_E.kecamatan_code == scope)


def _connection() -> Any:
    return db.session.connection()
