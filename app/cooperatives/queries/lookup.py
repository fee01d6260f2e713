"""The public look-up: search, filters, counts. Few statements, plain rows, nothing personal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import Activity, CooperativeType, Health
from app.core.db import Base, db
from app.core.paging import COUNT_LIMIT, PAGE_SIZE, Page
from app.registry.queries.searching import Found, Nearness, search_page
from app.registry.queries.tally import public_total
from app.registry.rules import RecordKind, RecordStatus

_T: Final = Base.metadata.tables[Cooperative.__tablename__].c
_COLUMNS: Final = (
    _T.id,
    _T.code,
    _T.name,
    _T.cooperative_type,
    _T.kecamatan_code,
    _T.desa_code,
    _T.activity,
    _T.activity_source,
    _T.activity_on,
    _T.health,
    _T.health_on,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list. Codes and values are known ones; '' and None mean "all"."""

    kecamatan_code: str = ""
    desa_code: str = ""
    cooperative_type: CooperativeType | None = None
    activity: Activity | None = None
    health: Health | None = None

    @property
    def beyond_place(self) -> bool:
        """By something else than place: then nothing is counted beforehand."""
        return bool(self.cooperative_type or self.activity or self.health)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks for."""

    text: str = ""
    filters: Filters = Filters()

    @property
    def kecamatan_code(self) -> str:
        """Of the filters."""
        return self.filters.kecamatan_code

    @property
    def desa_code(self) -> str:
        """Of the filters."""
        return self.filters.desa_code


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the result."""

    code: str
    name: str
    cooperative_type: CooperativeType
    kecamatan_code: str
    desa_code: str | None
    activity: Activity
    activity_source: str
    activity_on: date | None
    health: Health
    health_on: date | None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of lines; ``nearness`` tells how freely a search had to be read (None: not a search)."""

    page: Page[Listed]
    nearness: Nearness | None = None


def find_public(asked: Asked, number: int) -> Results:
    """Page ``number`` of the public records that are asked for, in a stable order."""
    if asked.text.strip():
        found = search_page(
            RecordKind.COOPERATIVE,
            asked.text,
            public=True,
            conditions=_kinds(asked),
            place_codes=(asked.kecamatan_code, asked.desa_code),
            number=number,
        )
        if found is not None:
            return Results(_page_of_ids(found, number), found.nearness)
    return Results(_page_by_name(asked, number))


def _kinds(asked: Asked) -> list[ColumnElement[bool]]:
    """Everything but the place, on columns of the table; a search knows by itself what is public."""
    found: list[ColumnElement[bool]] = []
    chosen = asked.filters
    if chosen.cooperative_type:
        found.append(_T.cooperative_type == chosen.cooperative_type)
    if chosen.activity:
        found.append(_T.activity == chosen.activity)
    if chosen.health:
        found.append(_T.health == chosen.health)
    return found


def _page_of_ids(found: Found, number: int) -> Page[Listed]:
    """The records of one page of a search, in its order."""
    statement = select(*_COLUMNS).where(_T.id.in_(found.ids), _T.status == RecordStatus.PUBLIC)
    by_id = {row.id: row for row in _rows(statement.order_by(_T.id).limit(PAGE_SIZE))} if found.ids else {}
    listed = [_listed(by_id[i]) for i in found.ids if i in by_id]
    return Page(listed, number, found.total, found.more)


def _page_by_name(asked: Asked, number: int) -> Page[Listed]:
    conditions = [_T.status == RecordStatus.PUBLIC, *_kinds(asked), *_place(asked)]
    statement = select(*_COLUMNS).where(*conditions).order_by(_T.sort_name, _T.id)
    rows = _rows(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    if asked.filters.beyond_place:
        total, more = _counted(conditions)
    else:
        kind, place = RecordKind.COOPERATIVE, (asked.kecamatan_code, asked.desa_code)
        total, more = public_total(kind, kecamatan_code=place[0], desa_code=place[1]), False
    return Page([_listed(row) for row in rows], number, total, more)


def _place(asked: Asked) -> list[ColumnElement[bool]]:
    if asked.desa_code:
        return [_T.desa_code == asked.desa_code]
    return [_T.kecamatan_code == asked.kecamatan_code] if asked.kecamatan_code else []


def _counted(conditions: Sequence[ColumnElement[bool]]) -> tuple[int, bool]:
    """Counted exactly to 1,000; beyond that it costs more than it tells."""
    some = select(_T.id).where(*conditions).order_by(_T.sort_name, _T.id).limit(COUNT_LIMIT + 1).subquery()
    total = int(_connection().execute(select(func.count()).select_from(some)).scalar_one())
    return min(total, COUNT_LIMIT), total > COUNT_LIMIT


def _connection() -> Any:
    return db.session.connection()


def _rows(statement: Select[Any]) -> Sequence[Any]:
    return list(_connection().execute(statement))


def _listed(row: Any) -> Listed:
    return Listed(*row[1:])
