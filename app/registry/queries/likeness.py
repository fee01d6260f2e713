"""Records that may be the body that somebody names: read through places and search words, judged by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from app.core.db import db
from app.registry.likeness_rules import ASK, CANDIDATE, likeness
from app.registry.models import NotTheSame
from app.registry.queries.searching import record_table, search_ids
from app.registry.rules import RecordKind, RecordStatus

STANDING: Final = (RecordStatus.PUBLIC, RecordStatus.CANDIDATE, RecordStatus.PENDING)
_MOST_OF_A_DESA: Final = 3000
_MOST_OF_A_SEARCH: Final = 60


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A record and how alike its name is (0 to 1).

    ``village``: the Merah Putih cooperative of the very desa, which is offered first whatever its likeness.
    """

    record_id: int
    score: float
    village: bool = False


def find_look_alikes(
    kind: RecordKind,
    *,
    name: str,
    kecamatan_code: str,
    desa_code: str | None,
    limit: int = 5,
    code: str | None = None,
) -> list[LookAlike]:
    """Standing records like ``name``: the Merah Putih of the desa first, then by likeness, nearest first.

    In the same desa (or where a desa is unknown) likeness counts from CANDIDATE on, in other desa of the kecamatan
    from ASK on. ``code``: a record that is not like itself, nor like those an officer told apart from it.
    """
    table = record_table(kind)
    near = _of_the_desa(table, kecamatan_code, desa_code)
    known = {row.id for row in near}
    far = [row for row in _of_the_words(kind, name, kecamatan_code) if row.id not in known]
    apart = _told_apart(code)
    found = [_judge(row, name, desa_code) for row in near + far if row.code not in apart]
    kept = [one for one in found if one is not None]
    return sorted(kept, key=lambda one: (not one.village, -one.score, one.record_id))[:limit]


def _judge(row: Any, name: str, desa_code: str | None) -> LookAlike | None:
    same_desa = row.desa_code == desa_code if row.desa_code and desa_code else None
    score = likeness(row.name, name, same_desa=same_desa)
    village = bool(row.is_kdmp and same_desa)
    enough = ASK if same_desa is False else CANDIDATE
    return LookAlike(row.id, score, village) if village or score >= enough else None


def _of_the_desa(table: Any, kecamatan_code: str, desa_code: str | None) -> list[Any]:
    """Everybody of the desa, and those of the kecamatan whose desa nobody knows; all of it where ours is unknown."""
    place: ColumnElement[bool] = table.c.kecamatan_code == kecamatan_code
    if desa_code:
        nowhere = (table.c.kecamatan_code == kecamatan_code) & table.c.desa_code.is_(None)
        place = or_(table.c.desa_code == desa_code, nowhere)
    return _rows(table, [place], _MOST_OF_A_DESA)


def _of_the_words(kind: RecordKind, name: str, kecamatan_code: str) -> list[Any]:
    """Those of the whole kecamatan that a search for the name finds: a desa is easily told wrong."""
    table = record_table(kind)
    found = search_ids(
        kind,
        name,
        conditions=[table.c.status.in_(STANDING), table.c.kecamatan_code == kecamatan_code],
        place_codes=[kecamatan_code],
        limit=_MOST_OF_A_SEARCH,
    )
    return _rows(table, [table.c.id.in_(found.ids)], _MOST_OF_A_SEARCH) if found and found.ids else []


def _rows(table: Any, conditions: Sequence[ColumnElement[bool]], most: int) -> list[Any]:
    columns = (table.c.id, table.c.code, table.c.name, table.c.desa_code, table.c.is_kdmp)
    statement = (
        select(*columns).where(table.c.status.in_(STANDING), *conditions).order_by(table.c.id).limit(most)
    )
    return list(db.session.connection().execute(statement))


def _told_apart(code: str | None) -> set[str]:
    """The code itself and those an officer told apart from it."""
    if code is None:
        return set()
    first, second = NotTheSame.first_code, NotTheSame.second_code
    statement = select(first, second).where(or_(first == code, second == code)).order_by(first, second)
    return {code} | {other for pair in db.session.execute(statement.limit(1000)) for other in pair}
