"""Searching records by words, typing errors forgiven, alike on both databases.

A question becomes groups of words, one group per word asked; a record is found when it has a word of every group.
The search starts from the group in fewest records and probes the others, so it costs what the rarest word costs.
First the words as typed; only while that finds little, words that begin like the last one, then words one typing
error away, then fewer words. What was found by the narrower reading stays in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Select, Table, bindparam, func, literal, select, union_all
from sqlalchemy.sql.selectable import FromClause

from app.core.db import Base, db
from app.registry.models import SearchPosting, SearchVariant, SearchWord
from app.registry.rules import RecordKind
from app.registry.search_rules import (
    asked_words,
    is_forgiven,
    is_one_error_away,
    respellings,
    telling_and_kinds,
    variants,
)

MOST_FOUND: Final = 1000
ENOUGH: Final = 20  # a page: with so many found as typed, nothing is read into the question
_MOST_WORDS_OF_A_GROUP: Final = 24
_MOST_OF_A_WORD: Final = 3000  # records of one word looked at when not all words are asked for
_MOST_LOOSE: Final = 200
_SHORTEST_PART: Final = 3

_WORD = Base.metadata.tables[SearchWord.__tablename__]
_VARIANT = Base.metadata.tables[SearchVariant.__tablename__]
_POSTING = Base.metadata.tables[SearchPosting.__tablename__]

Condition = ColumnElement[bool]


class Nearness(StrEnum):
    """How freely the question had to be read until something was found."""

    EXACT = "exact"
    BEGUN = "begun"
    NEAR = "near"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ids, best first. ``more``: there are more than the limit. ``nearness``: the freest reading that was needed."""

    ids: tuple[int, ...]
    more: bool
    nearness: Nearness


@dataclass(frozen=True, slots=True)
class _Word:
    id: int
    word: str
    records: int


_Group = Sequence[_Word]


def record_table(kind: RecordKind) -> Table:
    """The table of a registry's records. Every registry names it as its kind, with the columns id, code, name,
    name_key, status, is_kdmp, kecamatan_code and desa_code; so this floor can read names without knowing rooms above.
    """
    return Base.metadata.tables[kind.value]


def search_ids(
    kind: RecordKind,
    text: str,
    *,
    conditions: Sequence[Condition] = (),
    place_codes: Iterable[str | None] = (),
    limit: int = MOST_FOUND,
) -> SearchResult | None:
    """Ids of the records that ``text`` asks for, best first; None when it asks for nothing ("", "koperasi").

    ``conditions`` on columns of ``record_table(kind)`` apply before the limit, so counts are true to ``limit``.
    ``place_codes`` (kecamatan, desa) narrow the search too, and make it quicker than a condition would.
    """
    words = asked_words(text)
    if not words:
        return None
    return _Search(kind, tuple(conditions), tuple(filter(None, place_codes)), limit).run(words)


@dataclass
class _Search:
    """One search while it runs. ``found``: id -> name key, in the order of the result."""

    kind: RecordKind
    conditions: tuple[Condition, ...]
    place_codes: tuple[str, ...]
    limit: int
    found: dict[int, str] = field(default_factory=dict)
    nearness: Nearness = Nearness.EXACT

    def run(self, words: tuple[str, ...]) -> SearchResult:
        known = self._known([*words, *self.place_codes])
        self.places = [[known[code]] for code in self.place_codes if code in known]
        if len(self.places) == len(self.place_codes):
            self._read(words, known)
            telling, kinds = telling_and_kinds(words)
            if kinds and len(self.found) < ENOUGH and not self._is_said(words):
                self._read(telling, known)
            if not self.found:
                self._read_freely(telling, known)
        ids = tuple(self.found)
        return SearchResult(ids[: self.limit], len(ids) > self.limit, self.nearness)

    # --- readings, from narrow to free ----------------------------------------------------------------------

    def _read(self, words: Sequence[str], known: dict[str, _Word]) -> None:
        for nearness, groups in self._readings(words, known):
            if all(groups) and self._add(groups, words):
                self.nearness = nearness
            if len(self.found) >= ENOUGH or self._is_said(words):
                return

    def _readings(self, words: Sequence[str], known: dict[str, _Word]) -> Iterator[tuple[Nearness, list[_Group]]]:
        typed: list[_Group] = [[known[w]] if w in known else [] for w in words]
        yield Nearness.EXACT, typed
        begun = self._begun(words[-1])
        if begun:
            yield Nearness.BEGUN, [*typed[:-1], _united(typed[-1], begun)]
        unknown = [w for w, group in zip(words, typed, strict=True) if not group]
        near = self._near(unknown)
        if unknown:
            yield Nearness.NEAR, self._with(words, typed, begun, near)
        near |= self._near([w for w in words if w not in near])
        yield Nearness.NEAR, self._with(words, typed, begun, near)

    def _with(
        self, words: Sequence[str], typed: Sequence[_Group], begun: _Group, near: dict[str, list[_Word]]
    ) -> list[_Group]:
        groups = [_united(group, near.get(word, ())) for word, group in zip(words, typed, strict=True)]
        return [*groups[:-1], _united(groups[-1], begun)]

    def _read_freely(self, words: tuple[str, ...], known: dict[str, _Word]) -> None:
        """Blanks too many or too few, parts of words, and at last only some of the words."""
        spelled = respellings(words)
        known |= self._known([w for reading in spelled for w in reading.words if w not in known])
        for reading in spelled:
            groups = [[known[w]] if w in known else [] for w in reading.words]
            if all(groups) and self._add(groups, reading.words):
                self.nearness = Nearness.NEAR
        if self.found:
            return
        near = self._near(words)
        groups = [_united([known[w]] if w in known else [], near[w]) or self._with_part(w) for w in words]
        if all(groups) and self._add(groups, words):
            self.nearness = Nearness.NEAR
        elif any(groups):
            self._add_some([g for g in groups if g], words)
            self.nearness = Nearness.SOME

    def _is_said(self, words: Sequence[str]) -> bool:
        """True when the question says every word of one of the best names: that one was meant."""
        for _, name in zip(range(3), self.found.values(), strict=False):
            if all(any(a == b or is_one_error_away(a, b) for b in words) for a in name.split()):
                return True
        return False

    # --- records ---------------------------------------------------------------------------------------------

    def _add(self, groups: Sequence[_Group], words: Sequence[str]) -> bool:
        """Find and append records with a word of every group; True when any came."""
        if len(self.found) > self.limit:
            return False
        rows = _connection().execute(self._statement([*groups, *self.places])).all()
        return self._append(rows, words)

    def _append(self, rows: Sequence[Any], words: Sequence[str]) -> bool:
        asked = " ".join(words)
        new = [(i, name, -fuzz.token_sort_ratio(asked, name), at) for at, (i, name, *_) in enumerate(rows)]
        new = [row for row in new if row[0] not in self.found]
        new.sort(key=lambda row: (row[2], row[3]))
        self.found.update((i, name) for i, name, _, _ in new)
        return bool(new)

    def _statement(self, groups: Sequence[_Group]) -> Select[Any]:
        """The best records that have a word of every group and meet the conditions."""
        first, *others = sorted(groups, key=lambda group: sum(word.records for word in group))
        record, posting = record_table(self.kind), _POSTING.alias("p")
        statement = (
            select(record.c.id, record.c.name_key)
            .select_from(posting.join(record, record.c.id == posting.c.record_id))
            .where(_one_of(posting, first), *(_has(posting, group) for group in others), *self.conditions)
            .limit(self.limit + 1)
        )
        if len(first) == 1:
            return statement.order_by(posting.c.weight, posting.c.record_id)
        best = func.min(posting.c.weight)
        return statement.group_by(record.c.id, record.c.name_key).order_by(best, record.c.id)

    def _add_some(self, groups: Sequence[_Group], words: Sequence[str]) -> None:
        """Append the records that have words of as many groups as any has."""
        record = record_table(self.kind)
        parts = []
        for group in groups[:5]:
            posting = _POSTING.alias()
            part = select(posting.c.record_id, func.min(posting.c.weight).label("weight"))
            part = part.where(_one_of(posting, group), *(_has(posting, place) for place in self.places))
            part = part.group_by(posting.c.record_id).order_by("weight", posting.c.record_id)
            parts.append(select(part.limit(_MOST_OF_A_WORD).subquery()))
        some = union_all(*parts).subquery()
        hits = func.count().label("hits")
        statement = (
            select(record.c.id, record.c.name_key, hits)
            .select_from(some.join(record, record.c.id == some.c.record_id))
            .where(*self.conditions)
            .group_by(record.c.id, record.c.name_key)
            .order_by(hits.desc(), func.min(some.c.weight), record.c.id)
            .limit(min(self.limit + 1, _MOST_LOOSE))
        )
        rows = _connection().execute(statement).all()
        self._append([row for row in rows if row.hits == rows[0].hits], words)

    # --- words -----------------------------------------------------------------------------------------------

    def _known(self, words: Sequence[str]) -> dict[str, _Word]:
        """The words that are in the index as they are."""
        if not words:
            return {}
        rows = _connection().execute(_KNOWN, {"kind": self.kind, "words": _padded(words)})
        return {row.word: _Word(*row) for row in rows}

    def _begun(self, start: str) -> list[_Word]:
        """The most frequent words that begin like the last word: people search while they type."""
        if len(start) < 2:
            return []
        ends = start + "\x7f"
        rows = _connection().execute(_BEGUN, {"kind": self.kind, "starts": start, "ends": ends})
        return [_Word(*row) for row in rows]

    def _near(self, words: Iterable[str]) -> dict[str, list[_Word]]:
        """For each word those of the index one typing error away, frequent ones first."""
        near: dict[str, list[_Word]] = {word: [] for word in words}
        parts = sorted({part for word in near if is_forgiven(word) for part in variants(word)})
        if not parts:
            return near
        rows = [_Word(*row) for row in _connection().execute(_NEAR, {"kind": self.kind, "parts": _padded(parts)})]
        for word, found in near.items():
            found += [row for row in rows if is_one_error_away(word, row.word)][:_MOST_WORDS_OF_A_GROUP]
        return near

    def _with_part(self, part: str) -> list[_Word]:
        """Words that contain ``part``, frequent ones first."""
        if len(part) < _SHORTEST_PART:
            return []
        rows = _connection().execute(_PART, {"kind": self.kind, "pattern": f"%{part}%"})
        return [_Word(*row) for row in rows]


def _connection() -> Any:
    return db.session.connection()


def _united(group: _Group, more: Iterable[_Word]) -> list[_Word]:
    return list({word.id: word for word in (*group, *more)}.values())


def _padded(values: Sequence[Any]) -> list[Any]:
    """A list as long as a power of two, its last value repeated: few different statements for the database to keep."""
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (size - len(values))]


def _one_of(posting: FromClause, group: _Group) -> Condition:
    if len(group) == 1:
        return posting.c.word_id == group[0].id
    return posting.c.word_id.in_(_padded([word.id for word in group]))


def _has(posting: FromClause, group: _Group) -> Condition:
    """The record of ``posting`` also has a word of ``group``."""
    other = _POSTING.alias()
    return select(literal(1)).where(other.c.record_id == posting.c.record_id, _one_of(other, group)).exists()


_COLUMNS: Final = (_WORD.c.id, _WORD.c.word, _WORD.c.records)
_KNOWN: Final = select(*_COLUMNS).where(
    _WORD.c.kind == bindparam("kind"), _WORD.c.word.in_(bindparam("words", expanding=True)), _WORD.c.records > 0
)
_BEGUN: Final = (
    select(*_COLUMNS)
    .where(
        _WORD.c.kind == bindparam("kind"),
        _WORD.c.word > bindparam("starts"),
        _WORD.c.word < bindparam("ends"),
        _WORD.c.records > 0,
    )
    .order_by(_WORD.c.records.desc(), _WORD.c.id)
    .limit(_MOST_WORDS_OF_A_GROUP)
)
_NEAR: Final = (
    select(*_COLUMNS)
    .select_from(_VARIANT.join(_WORD, _WORD.c.id == _VARIANT.c.word_id))
    .where(
        _VARIANT.c.variant.in_(bindparam("parts", expanding=True)),
        _WORD.c.kind == bindparam("kind"),
        _WORD.c.records > 0,
    )
    .distinct()
    .order_by(_WORD.c.records.desc(), _WORD.c.id)
)
_PART: Final = (
    select(*_COLUMNS)
    .where(_WORD.c.kind == bindparam("kind"), _WORD.c.word.like(bindparam("pattern")), _WORD.c.records > 0)
    .order_by(_WORD.c.records.desc(), _WORD.c.id)
    .limit(_MOST_WORDS_OF_A_GROUP)
)
