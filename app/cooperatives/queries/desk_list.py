"""All records of a person's area, of any status: searched, filtered, sorted, paged; and read through for an export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.queries.desk import records_in_sight_of
from app.cooperatives.rules import Activity, CooperativeType, Health
from app.core.access import Actor
from app.core.codes import RECORD_PATTERN, tidy_code
from app.core.crypt import phone_index, unseal
from app.core.db import Base, db
from app.core.paging import COUNT_LIMIT, Page
from app.core.values import ValueProblem, legal_number_key, parse_phone, phone_masked
from app.registry.queries.searching import search_ids
from app.registry.rules import RecordKind, RecordStatus, Source

_T: Final = Base.metadata.tables[Cooperative.__tablename__].c
LIST_SIZE: Final = 50
_CHUNK: Final = 500

# Columns an officer may choose, in the order of the table; names are those of the record.
PLAIN_COLUMNS: Final = (
    "code",
    "name",
    "status",
    "cooperative_type",
    "kecamatan_code",
    "desa_code",
    "address",
    "main_activity",
    "membership_area",
    "legal_entity_number",
    "legal_entity_date",
    "legal_entity_checked",
    "nik_koperasi",
    "nib",
    "npwp",
    "chair_name",
    "members_male",
    "members_female",
    "members_total",
    "annual_turnover",
    "activity",
    "activity_on",
    "rat_years",
    "ministry_status",
    "ministry_status_on",
    "field_status",
    "field_status_on",
    "health",
    "health_on",
    "dissolved_on",
    "source",
    "source_note",
    "source_on",
    "accepted_at",
    "updated_at",
)
PERSONAL_COLUMNS: Final = ("contact_name", "phone")
COLUMNS: Final = (*PLAIN_COLUMNS, *PERSONAL_COLUMNS)
USUAL_COLUMNS: Final = (
    "code",
    "name",
    "desa_code",
    "status",
    "legal_entity_number",
    "activity",
)


class Order(StrEnum):
    """How the list is sorted; values stand in addresses."""

    NAME = "nama"
    PLACE = "tempat"
    MEMBERS = "anggota"
    CHANGED = "diubah"
    ACCEPTED = "diterima"


_ORDERED_BY: Final[dict[Order, tuple[ColumnElement[Any], ...]]] = {
    Order.NAME: (_T.sort_name,),
    Order.PLACE: (_T.kecamatan_code, _T.desa_code, _T.sort_name),
    Order.MEMBERS: (func.coalesce(_T.members_total, -1),),
    Order.CHANGED: (_T.updated_at,),
    Order.ACCEPTED: (_T.accepted_at,),
}


@dataclass(frozen=True)
class ListFilter:
    """What of the area is asked for; '' and None mean "all"."""

    text: str = ""
    kecamatan_code: str = ""
    desa_code: str = ""
    status: RecordStatus | None = None
    cooperative_type: CooperativeType | None = None
    activity: Activity | None = None
    health: Health | None = None
    source: Source | None = None
    order: Order | None = None
    descending: bool = False
    columns: tuple[str, ...] = USUAL_COLUMNS

    @property
    def is_filtered(self) -> bool:
        """By something beyond words, place and status; or sorted."""
        return any(
            (self.cooperative_type, self.activity, self.health, self.source, self.order, self.descending)
        )


@dataclass(frozen=True)
class ListRow:
    """One record: values by column name. ``phone`` is masked unless the list was read for an export."""

    id: int
    code: str
    values: dict[str, Any] = field(default_factory=dict)


def list_records_for(actor: Actor, wanted: ListFilter, number: int) -> Page[ListRow]:
    """A page of the records asked for."""
    found = _searched_ids(actor, wanted)
    if found is not None and wanted.order is None:
        best, more = found
        shown = best[(number - 1) * LIST_SIZE : number * LIST_SIZE]
        by_id = {row.id: row for row in _rows(shown, wanted.columns, opened=False)}
        return Page([by_id[i] for i in shown if i in by_id], number, len(best), more, LIST_SIZE)
    conditions = _conditions(actor, wanted)
    if found is not None:
        conditions.append(_T.id.in_(found[0]))
    total = int(db.session.scalar(select(func.count()).select_from(Cooperative).where(*conditions)) or 0)
    statement = _ordered(select(_T.id).where(*conditions), wanted)
    ids = list(db.session.scalars(statement.limit(LIST_SIZE).offset((number - 1) * LIST_SIZE)))
    by_id = {row.id: row for row in _rows(ids, wanted.columns, opened=False)}
    return Page([by_id[i] for i in ids], number, total, bool(found and found[1]), LIST_SIZE)


def list_ids_for(actor: Actor, wanted: ListFilter, most: int) -> list[int]:
    """Ids of everything asked for, in the list's order, at most ``most`` + 1: one more tells that there are too many."""
    found = _searched_ids(actor, wanted)
    if found is not None and wanted.order is None:
        return list(found[0][: most + 1])
    conditions = _conditions(actor, wanted)
    if found is not None:
        conditions.append(_T.id.in_(found[0]))
    return list(db.session.scalars(_ordered(select(_T.id).where(*conditions), wanted).limit(most + 1)))


def codes_of(ids: Sequence[int]) -> list[str]:
    """Public codes of records, for the access log."""
    found: list[str] = []
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        found += db.session.scalars(select(_T.code).where(_T.id.in_(part)).order_by(_T.id).limit(len(part)))
    return found


def read_rows(ids: Sequence[int], columns: Sequence[str]) -> Iterator[ListRow]:
    """Rows of an export in the order of ``ids``, some hundreds at a time; personal columns in full."""
    for start in range(0, len(ids), _CHUNK):
        part = list(ids[start : start + _CHUNK])
        by_id = {row.id: row for row in _rows(part, columns, opened=True)}
        yield from (by_id[i] for i in part if i in by_id)


def _searched_ids(actor: Actor, wanted: ListFilter) -> tuple[tuple[int, ...], bool] | None:
    """Ids by words, best first, and whether there are more; None when nothing is searched for.

    A code, a telephone number or a legal-entity number finds its record straight away.
    """
    text = wanted.text.strip()
    if not text:
        return None
    direct = _by_number(actor, text)
    if direct:
        return tuple(direct), False
    found = search_ids(
        RecordKind.COOPERATIVE,
        text,
        conditions=_conditions(actor, wanted),
        place_codes=(wanted.kecamatan_code, wanted.desa_code),
        limit=COUNT_LIMIT,
    )
    return None if found is None else (found.ids, found.more)


def _by_number(actor: Actor, text: str) -> list[int]:
    exact: list[ColumnElement[bool]] = []
    if RECORD_PATTERN.fullmatch(tidy_code(text)):
        exact.append(_T.code == tidy_code(text))
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 6 and len(digits) * 2 > len(text):
        exact += [_T.nik_koperasi == digits, _T.nib == digits, _T.npwp == digits]
        with suppress(ValueProblem):
            exact.append(_T.phone_index == phone_index(parse_phone(text)))
    if (any(c.isdigit() for c in text) and "/" in text) or text.upper().startswith("AHU"):
        exact.append(_T.legal_entity_key == legal_number_key(text))
    if not exact:
        return []
    statement = select(_T.id).where(or_(*exact), records_in_sight_of(actor)).order_by(_T.sort_name, _T.id)
    return list(db.session.scalars(statement.limit(LIST_SIZE)))


def _conditions(actor: Actor, wanted: ListFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [records_in_sight_of(actor)]
    for column, value in (
        (_T.kecamatan_code, wanted.kecamatan_code),
        (_T.desa_code, wanted.desa_code),
        (_T.status, wanted.status),
        (_T.cooperative_type, wanted.cooperative_type),
        (_T.activity, wanted.activity),
        (_T.health, wanted.health),
        (_T.source, wanted.source),
    ):
        if value:
            found.append(column == value)
    return found


def _ordered(statement: Select[Any], wanted: ListFilter) -> Select[Any]:
    columns = _ORDERED_BY[wanted.order or Order.NAME]
    return statement.order_by(*(c.desc() if wanted.descending else c for c in columns), _T.id)


def _rows(ids: Sequence[int], columns: Sequence[str], *, opened: bool) -> list[ListRow]:
    if not ids:
        return []
    plain = [_T[name] for name in columns if name in _T]
    sealed = [_T[f"{name}_sealed"] for name in PERSONAL_COLUMNS if name in columns]
    found = db.session.execute(
        select(_T.id, _T.code.label("_code"), *(c for c in (*plain, *sealed) if c is not _T.id))
        .where(_T.id.in_(ids))
        .order_by(_T.id)
        .limit(len(ids))
    ).mappings()
    years = _rat_years(ids) if "rat_years" in columns else {}
    return [ListRow(row["id"], row["_code"], _values(row, columns, years, opened)) for row in found]


def _values(
    row: Any, columns: Sequence[str], years: dict[int, tuple[int, ...]], opened: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in columns:
        if name == "rat_years":
            values[name] = years.get(row["id"], ())
        elif name in PERSONAL_COLUMNS:
            values[name] = _personal(name, row[f"{name}_sealed"], row["_code"], opened)
        else:
            values[name] = row[name]
    return values


def _personal(name: str, blob: bytes | None, code: str, opened: bool) -> str:
    if blob is None:
        return ""
    value = unseal(blob, place=f"cooperative.{name}:{code}")
    if opened:
        return value
    return phone_masked(value) if name == "phone" else value[:1] + "***"


def _rat_years(ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    rows = db.session.execute(
        select(RatMeeting.cooperative_id, RatMeeting.book_year)
        .where(RatMeeting.cooperative_id.in_(ids))
        .order_by(RatMeeting.cooperative_id, RatMeeting.book_year)
        .limit(100 * len(ids))
    )
    found: dict[int, tuple[int, ...]] = {}
    for record_id, year in rows:
        found[record_id] = (*found.get(record_id, ()), year)
    return found
