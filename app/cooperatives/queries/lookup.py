"""The public look-up: search, filters, counts. Few statements, plain rows, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import Activity, CooperativeType, Health
from app.core.db import Base
from app.core.paging import COUNT_LIMIT, PAGE_SIZE, Page
from app.core.statements import Ready
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


class Listed(NamedTuple):
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


def find_public(asked: Asked, number: int, size: int = PAGE_SIZE) -> Results:
    """Page ``number`` of the public records that are asked for, in a stable order; PAGE_SIZE rows at most."""
    if asked.text.strip():
        chosen = asked.filters
        found = search_page(
            RecordKind.COOPERATIVE,
            asked.text,
            public=True,
            conditions=_kinds(chosen),
            place_codes=(chosen.kecamatan_code, chosen.desa_code),
            number=number,
            size=size,
        )
        if found is not None:
            return Results(_page_of_ids(found, number, size), found.nearness)
    return Results(_page_by_name(asked.filters, number, size))


def _kinds(chosen: Filters) -> list[ColumnElement[bool]]:
    """Everything but the place, on columns of the table; a search knows by itself what is public."""
    found: list[ColumnElement[bool]] = []
    if chosen.cooperative_type:
        found.append(_T.cooperative_type == chosen.cooperative_type)
    if chosen.activity:
        found.append(_T.activity == chosen.activity)
    if chosen.health:
        found.append(_T.health == chosen.health)
    return found


def _page_of_ids(found: Found, number: int, size: int) -> Page[Listed]:
    """The records of one page of a search, in its order."""
    last_again = found.ids[-1:] * (size - len(found.ids))  # one statement, however many are found
    rows = _BY_IDS.rows(ids=[*found.ids, *last_again]) if found.ids else []
    by_id = {row[0]: row for row in rows if row[-1] is RecordStatus.PUBLIC}
    listed = [Listed._make(by_id[i][1:-1]) for i in found.ids if i in by_id]
    return Page(listed, number, found.total, found.more, size)


def _page_by_name(chosen: Filters, number: int, size: int) -> Page[Listed]:
    values = _values(chosen)
    listing, counting = _statements(frozenset(values))
    rows = listing.rows(**values, size=size, skipped=(number - 1) * size)
    if chosen.beyond_place:
        counted = int(counting.value(**values, most=COUNT_LIMIT + 1))
        total, more = min(counted, COUNT_LIMIT), counted > COUNT_LIMIT
    else:
        kind = RecordKind.COOPERATIVE
        total = public_total(kind, kecamatan_code=chosen.kecamatan_code, desa_code=chosen.desa_code)
        more = False
    return Page([Listed._make(row[1:]) for row in rows], number, total, more, size)


# --- statements, put together once ------------------------------------------------------------------------------

# The status is looked at in Python: as a condition it makes SQLite walk the index of all public records, 8 ms at
# 50,000, instead of taking twenty rows by their ids.
_BY_IDS: Final = Ready(
    select(*_COLUMNS, _T.status)
    .where(_T.id.in_(bindparam("ids", expanding=True)))
    .order_by(_T.id)
    .limit(PAGE_SIZE)
)


def _values(chosen: Filters) -> dict[str, Any]:
    """Column -> value of every filter that is set. A desa says its kecamatan already."""
    place = ("desa_code", chosen.desa_code) if chosen.desa_code else ("kecamatan_code", chosen.kecamatan_code)
    given = (
        place,
        ("cooperative_type", chosen.cooperative_type),
        ("activity", chosen.activity),
        ("health", chosen.health),
    )
    return {name: value for name, value in given if value}


@cache
def _statements(names: frozenset[str]) -> tuple[Ready, Ready]:
    """The list and its count, filtered by the columns ``names``; their values come as parameters.

    Counted exactly to 1,000; beyond that it costs more than it tells.
    """
    conditions = [_T[name] == bindparam(name, type_=_T[name].type) for name in sorted(names)]
    conditions.append(_T.status == RecordStatus.PUBLIC)
    ordered = select(*_COLUMNS).where(*conditions).order_by(_T.sort_name, _T.id)
    listing = ordered.limit(bindparam("size")).offset(bindparam("skipped"))
    some = select(_T.id).where(*conditions).order_by(_T.sort_name, _T.id).limit(bindparam("most")).subquery()
    return Ready(listing), Ready(select(func.count()).select_from(some))
