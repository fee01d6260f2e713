"""Book years of which a cooperative held its yearly members' meeting (RAT): the rows beside a record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.cooperatives.models import RatMeeting
from app.cooperatives.services.record_values import NewRecord
from app.core.clock import now
from app.registry.rules import Source


def rat_years_of(session: Session, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Book years with a RAT of each record."""
    found: dict[int, list[int]] = {record_id: [] for record_id in ids}
    statement = select(RatMeeting.cooperative_id, RatMeeting.book_year).where(
        RatMeeting.cooperative_id.in_(found)
    )
    for record_id, year in session.execute(statement.order_by(RatMeeting.book_year)):
        found[record_id].append(year)
    return {record_id: tuple(years) for record_id, years in found.items()}


def insert_rats(session: Session, records: Iterable[tuple[int, NewRecord]]) -> None:
    """Book years of records just made: (id, record) each."""
    rows = [_rat_row(i, year, new.source) for i, new in records for year in sorted(set(new.data.rat_years))]
    if rows:
        session.execute(insert(RatMeeting), rows)


def replace_rats(
    session: Session,
    wanted: Mapping[int, Iterable[int]],
    held: Mapping[int, tuple[int, ...]],
    source: Source,
) -> None:
    """Make the book years of records (by id) those wanted; ``held``: those they have."""
    new = []
    for record_id, years in wanted.items():
        gone = set(held[record_id]) - set(years)
        if gone:
            ours = RatMeeting.cooperative_id == record_id
            session.execute(delete(RatMeeting).where(ours, RatMeeting.book_year.in_(sorted(gone))))
        new += [(record_id, year) for year in sorted(set(years) - set(held[record_id]))]
    if new:
        session.execute(insert(RatMeeting), [_rat_row(i, year, source) for i, year in new])


def _rat_row(record_id: int, year: int, source: Source) -> dict[str, Any]:
    return {
        "cooperative_id": record_id,
        "book_year": year,
        "held_on": None,
        "source": source,
        "recorded_at": now(),
    }
