"""Bringing the reference data into the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from app.core.db import Base
from app.regions.models import Desa, Kecamatan, RegionAlias
from app.regions.reference import Reference, Row


@dataclass(frozen=True)
class Loaded:
    """How many rows came in anew and how many were changed."""

    added: int
    changed: int


def load_regions(session: Session, reference: Reference) -> Loaded:
    """Insert what is missing and update what differs; deletes nothing, so codes in use stay. Idempotent."""
    parts = [
        _load(session, _table(Kecamatan), ("code",), reference.kecamatan),
        _load(session, _table(Desa), ("code",), reference.desa),
        _load(session, _table(RegionAlias), ("code", "alias"), reference.aliases),
    ]
    return Loaded(sum(p.added for p in parts), sum(p.changed for p in parts))


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


def _load(session: Session, table: Table, key: tuple[str, ...], rows: list[Row]) -> Loaded:
    kept = {_key(row, key): row for row in map(dict, session.execute(select(table)).mappings())}
    new = [row for row in rows if _key(row, key) not in kept]
    changed = [row for row in rows if _differs(row, kept.get(_key(row, key)))]
    if new:
        session.execute(insert(table), new)
    for row in changed:
        session.execute(update(table).where(*(table.c[name] == row[name] for name in key)).values(row))
    return Loaded(len(new), len(changed))


def _key(row: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def _differs(row: Row, kept: dict[str, Any] | None) -> bool:
    return kept is not None and any(kept[name] != value for name, value in row.items())
