"""What moved in cooperatives' records, and how they stand: read for rooms beside this one (registry/queries/moving.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.moving_rules import LEGAL, MEMBERS, Line, RecordNow, trail_of
from app.cooperatives.queries.desk import records_in_sight_of
from app.cooperatives.rules import Activity, ActivitySource
from app.core.access import Access, Actor
from app.core.audit import History
from app.registry.moving_rules import Trail, Window
from app.registry.rules import RecordStatus, Source

_MOST_MERGES: Final = 10
_MOST_NAMESAKES: Final = 100
_AT_ONCE: Final = 20_000  # SQLite takes 32,766 values in one statement
_READ: Final = tuple(getattr(Cooperative, name) for name in ("legal_entity_date", *LEGAL, *MEMBERS))


def standing(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Code -> code of the record that it leads to today; unknown codes are left out."""
    return _followed(codes, _rows(session, codes))


def namesakes(session: Session, code: str) -> set[str]:
    """All codes that lead to the same record as ``code``; none for an unknown one."""
    kept = standing(session, [code]).get(code)
    if kept is None:
        return set()
    statement = (
        select(Cooperative.code)
        .where(Cooperative.merged_into_code == kept)
        .order_by(Cooperative.id)
        .limit(_MOST_NAMESAKES)
    )
    return {code, kept, *session.scalars(statement)}


def trails(session: Session, windows: Collection[Window]) -> dict[Window, Trail]:
    """What moved; windows of unknown records are left out. Three statements, two more where records were merged."""
    rows = _rows(session, {window.code for window in windows})
    leads = _followed({window.code for window in windows}, rows)
    if not leads:
        return {}
    asked = {*leads, *leads.values()}
    rats = _rat_years(session, [rows[code].id for code in asked])
    lines = _lines(session, asked, min(window.since for window in windows))
    records = {code: RecordNow(code, _values(rows[code], rats), lines.get(code, ())) for code in asked}
    return {
        window: trail_of(
            records[kept],
            records[window.code] if window.code != kept else None,
            window.since,
            window.until,
        )
        for window in windows
        if (kept := leads.get(window.code))
    }


def _rows(session: Session, codes: Collection[str]) -> dict[str, Any]:
    """Records by code, and those that they lead to."""
    found: dict[str, Any] = {}
    wanted = set(codes)
    for _ in range(_MOST_MERGES):
        if not wanted:
            break
        for part in _parts(sorted(wanted)):
            statement = select(Cooperative.id, Cooperative.code, Cooperative.merged_into_code, *_READ)
            rows = session.execute(statement.where(Cooperative.code.in_(part)).order_by(Cooperative.id))
            found.update({row.code: row for row in rows})
        wanted = {row.merged_into_code for row in found.values() if row.merged_into_code} - found.keys()
    return found


def _followed(codes: Collection[str], rows: Mapping[str, Any]) -> dict[str, str]:
    leads: dict[str, str] = {}
    for code in codes:
        last = code
        for _ in range(_MOST_MERGES):
            into = rows[last].merged_into_code if last in rows else None
            if into is None:
                break
            last = into
        if last in rows:
            leads[code] = last
    return leads


def _values(row: Any, rats: Mapping[int, Sequence[int]]) -> dict[str, Any]:
    return {**{column.key: getattr(row, column.key) for column in _READ}, "rat_years": rats.get(row.id, ())}


def _rat_years(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for part in _parts(sorted(ids)):
        statement = select(RatMeeting.cooperative_id, RatMeeting.book_year).where(
            RatMeeting.cooperative_id.in_(part)
        )
        for record_id, year in session.execute(statement.order_by(RatMeeting.book_year, RatMeeting.id)):
            found[record_id].append(year)
    return found


def _lines(session: Session, codes: Collection[str], since: datetime) -> dict[str, list[Line]]:
    """Lines that changed values of these records after ``since``, oldest first."""
    found: dict[str, list[Line]] = defaultdict(list)
    for part in _parts(sorted(codes)):
        statement = (
            select(History.subject, History.at, History.deed, History.before, History.after)
            .where(History.subject.in_(part), History.at > since)
            .order_by(History.id)
        )
        for subject, at, deed, before, after in session.execute(statement):
            if before and after:
                found[subject].append(Line(at, deed, before, after))
    return found


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(values), _AT_ONCE):
        yield values[begin : begin + _AT_ONCE]


# --- in short -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Short:
    """A record in short. ``last_rat``: the newest book year with a RAT; None where none is known."""

    code: str
    name: str
    status: RecordStatus
    kecamatan_code: str
    desa_code: str | None
    activity: Activity
    activity_source: ActivitySource
    activity_on: date | None
    members_total: int | None
    last_rat: int | None
    source: Source
    updated_at: datetime


_SHORT: Final = (
    Cooperative.code,
    Cooperative.name,
    Cooperative.status,
    Cooperative.kecamatan_code,
    Cooperative.desa_code,
    Cooperative.activity,
    Cooperative.activity_source,
    Cooperative.activity_on,
    Cooperative.members_total,
    Cooperative.source,
    Cooperative.updated_at,
)


def short_for(session: Session, actor: Actor, code: str) -> Short | None:
    """The record that ``code`` leads to: a public one for everybody, others for those who read the registry there."""
    kept = standing(session, [code]).get(code)
    if kept is None:
        return None
    last_rat = (
        select(func.max(RatMeeting.book_year))
        .where(RatMeeting.cooperative_id == Cooperative.id)
        .scalar_subquery()
        .label("last_rat")
    )
    seen = Cooperative.status == RecordStatus.PUBLIC
    if actor.may(Access.READ_COOPERATIVES):
        seen |= records_in_sight_of(actor)
    row = session.execute(select(*_SHORT, last_rat).where(Cooperative.code == kept, seen)).first()
    if row is None:
        return None
    values = {column.key: getattr(row, column.key) for column in _SHORT}
    values["activity_source"] = ActivitySource(row.activity_source)
    return Short(**values, last_rat=row.last_rat)
