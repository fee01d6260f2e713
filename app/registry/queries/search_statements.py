"""Statements of the search. Each shape is made once and kept: making it costs more than the database's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, literal_column, select
from sqlalchemy.sql.selectable import FromClause

from app.core.db import Base, db
from app.core.statements import Ready
from app.registry.models import SearchPosting, SearchVariant, SearchWord
from app.registry.rules import RecordKind
from app.registry.search_rules import HIDDEN_WEIGHT

MOST_WORDS_OF_A_GROUP: Final = 24
_MOST_SHAPES: Final = 500

_WORD = Base.metadata.tables[SearchWord.__tablename__]
_VARIANT = Base.metadata.tables[SearchVariant.__tablename__]
_POSTING = Base.metadata.tables[SearchPosting.__tablename__]

Condition = ColumnElement[bool]
Group = Sequence["Word"]
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the index and in how many records (that may be found) it occurs."""

    id: int
    word: str
    records: int


def record_table(kind: RecordKind) -> Table:
    """The table of a registry's records.

    Every registry names it as its kind, with the columns id, code, name, name_key, status, is_kdmp, kecamatan_code
    and desa_code; so this floor can read names without knowing the rooms above.
    """
    return Base.metadata.tables[kind.value]


def connection() -> Any:
    """Core statements on the connection of the session: the session itself would take twice the time."""
    return db.session.connection()


# --- words ------------------------------------------------------------------------------------------------------


def known_words(kind: RecordKind, words: Sequence[str], *, public: bool) -> dict[str, Word]:
    """Those of ``words`` that are in the index as they are."""
    if not words:
        return {}
    rows = _known(public).rows(kind=kind, words=_padded(words))
    return {word: Word(word_id, word, records) for word_id, word, records in rows}


def begun_words(kind: RecordKind, start: str, *, public: bool) -> list[Word]:
    """The most frequent words that begin with ``start`` and go on."""
    rows = _begun(public).rows(kind=kind, starts=start, ends=start + "\x7f")
    return [Word(*row) for row in rows]


def words_with_variants(kind: RecordKind, parts: Sequence[str], *, public: bool) -> list[Word]:
    """Words that share one of the variants ``parts``, frequent ones first."""
    rows = _near(public).rows(parts=_padded(parts))
    return [Word(*row) for *row, found_kind in rows if found_kind is kind]


def words_with_part(kind: RecordKind, part: str, *, public: bool) -> list[Word]:
    """The most frequent words that contain ``part`` (letters and digits only)."""
    rows = _containing(public).rows(kind=kind, pattern=f"%{part}%")
    return [Word(*row) for row in rows]


@lru_cache
def _words(*, public: bool) -> tuple[AnySelect, ColumnElement[int]]:
    records = _WORD.c.public_records if public else _WORD.c.records
    return select(_WORD.c.id, _WORD.c.word, records).where(
        _WORD.c.kind == bindparam("kind"), records > 0
    ), records


@lru_cache
def _known(public: bool) -> Ready:
    return Ready(_words(public=public)[0].where(_WORD.c.word.in_(bindparam("words", expanding=True))))


@lru_cache
def _begun(public: bool) -> Ready:
    words, records = _words(public=public)
    words = words.where(_WORD.c.word > bindparam("starts"), _WORD.c.word < bindparam("ends"))
    return Ready(words.order_by(records.desc(), _WORD.c.id).limit(MOST_WORDS_OF_A_GROUP))


@lru_cache
def _near(public: bool) -> Ready:
    """The kind is looked at in Python: as a condition it makes SQLite begin with all words of the registry."""
    records = _WORD.c.public_records if public else _WORD.c.records
    words = select(_WORD.c.id, _WORD.c.word, records, _WORD.c.kind)
    words = words.join_from(_WORD, _VARIANT, _VARIANT.c.word_id == _WORD.c.id)
    words = words.where(_VARIANT.c.variant.in_(bindparam("parts", expanding=True)), records > 0)
    return Ready(words.distinct().order_by(records.desc(), _WORD.c.id))


@lru_cache
def _containing(public: bool) -> Ready:
    words, records = _words(public=public)
    words = words.where(_WORD.c.word.like(bindparam("pattern")))
    return Ready(words.order_by(records.desc(), _WORD.c.id).limit(MOST_WORDS_OF_A_GROUP))


# --- records ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Within:
    """What every statement of one search has in common."""

    kind: RecordKind
    public: bool
    conditions: tuple[Condition, ...]


def best_records(
    within: Within, groups: Sequence[Group], *, limit: int, offset: int = 0
) -> list[tuple[int, str]]:
    """(id, name key) of records that have a word of every group: best weight first, then older ones first."""
    ordered = _rarest_first(groups)
    statement = _best(within.kind, within.public, _shape(ordered))
    values = {**_ids(ordered), "limit": limit, "offset": offset}
    if within.conditions:  # whatever a desk filters by; there is no end of different ones to make ready
        rows = connection().execute(statement.select.where(*within.conditions), values)
        return [(row[0], row[1]) for row in rows]
    return cast("list[tuple[int, str]]", statement.rows(**values))


def count_records(within: Within, groups: Sequence[Group], *, limit: int) -> int:
    """How many records have a word of every group, counted to ``limit``."""
    ordered = _rarest_first(groups)
    if len(ordered) == 1 == len(ordered[0]) and not within.conditions:
        return min(ordered[0][0].records, limit)
    values = {**_ids(ordered), "limit": limit}
    if within.conditions:
        some = _some(within.kind, within.public, _shape(ordered), True).where(*within.conditions)
        return int(connection().execute(_count_of(some), values).scalar_one())
    return int(_counted(within.kind, within.public, _shape(ordered)).value(**values))


Shape = tuple[int, ...]  # how many words each group has, rarest group first


def _rarest_first(groups: Sequence[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: sum(word.records for word in group))


def _shape(groups: Sequence[Group]) -> Shape:
    return tuple(1 if len(group) == 1 else 2 for group in groups)


def _ids(groups: Sequence[Group]) -> dict[str, Any]:
    return {
        f"g{i}": group[0].id if len(group) == 1 else _padded([word.id for word in group])
        for i, group in enumerate(groups)
    }


@lru_cache(maxsize=_MOST_SHAPES)
def _best(kind: RecordKind, public: bool, shape: Shape) -> Ready:
    record, posting = record_table(kind), _POSTING.alias("p")
    statement = (
        select(record.c.id, record.c.name_key)
        .select_from(posting.join(record, record.c.id == posting.c.record_id))
        .where(*_in_every_group(posting, shape), *_visible(posting, public))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    if shape[0] == 1:
        return Ready(statement.order_by(posting.c.weight, posting.c.record_id))
    best = func.min(posting.c.weight)
    return Ready(statement.group_by(record.c.id, record.c.name_key).order_by(best, record.c.id))


@lru_cache(maxsize=_MOST_SHAPES)
def _counted(kind: RecordKind, public: bool, shape: Shape) -> Ready:
    return Ready(_count_of(_some(kind, public, shape, False)))


def _count_of(some: AnySelect) -> AnySelect:
    return select(func.count()).select_from(some.limit(bindparam("limit")).subquery())


@lru_cache(maxsize=_MOST_SHAPES)
def _some(kind: RecordKind, public: bool, shape: Shape, with_record: bool) -> AnySelect:
    record, posting = record_table(kind), _POSTING.alias("p")
    statement = select(posting.c.record_id)
    if with_record:
        statement = statement.select_from(posting.join(record, record.c.id == posting.c.record_id))
    statement = statement.where(*_in_every_group(posting, shape), *_visible(posting, public))
    return statement if shape[0] == 1 else statement.distinct()


def _in_every_group(posting: FromClause, shape: Shape) -> list[Condition]:
    first, *others = (_bound(i, size) for i, size in enumerate(shape))
    return [_one_of(posting, first), *(_has(posting, other) for other in others)]


def _bound(at: int, size: int) -> Any:
    return bindparam(f"g{at}", expanding=size > 1)


def _one_of(posting: FromClause, ids: Any) -> Condition:
    return posting.c.word_id.in_(ids) if ids.expanding else posting.c.word_id == ids


def _has(posting: FromClause, ids: Any) -> Condition:
    """The record of ``posting`` also has a word of ``ids``.

    One word is looked up in the index. Of several, the few words of the record are read and compared: adding 0
    keeps the database from looking up each, which takes four times as long.
    """
    other = _POSTING.alias()
    same = other.c.word_id + literal_column("0")
    word = same.in_(ids) if ids.expanding else other.c.word_id == ids
    return select(literal_column("1")).where(other.c.record_id == posting.c.record_id, word).exists()


def _visible(posting: FromClause, public: bool) -> list[Condition]:
    return [posting.c.weight < HIDDEN_WEIGHT] if public else []


def _padded(values: Sequence[Any]) -> list[Any]:
    """A list as long as a power of two, its last value repeated: few different statements for the database to keep."""
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (size - len(values))]
