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
from sqlalchemy import Row, select

from app.core.paging import COUNT_LIMIT, PAGE_SIZE
from app.registry.queries.search_statements import (
    MOST_WORDS_OF_A_GROUP,
    Condition,
    Group,
    Within,
    Word,
    begun_words,
    best_records,
    connection,
    count_records,
    known_words,
    record_table,
    words_with_part,
    words_with_variants,
)
from app.registry.rules import RecordKind, RecordStatus
from app.registry.search_rules import (
    asked_words,
    is_forgiven,
    is_one_error_away,
    respellings,
    telling_words_of,
    variants,
)

__all__ = [
    "Found",
    "Nearness",
    "SearchResult",
    "list_searchable",
    "record_table",
    "search_ids",
    "search_page",
]

ENOUGH: Final = PAGE_SIZE  # with so many found as typed, nothing is read into the question
RANKED: Final = 100  # the best by weight that are ordered by likeness to the question
_SHORTEST_PART: Final = 3
HIDDEN_FROM_SEARCH: Final = frozenset({RecordStatus.MERGED, RecordStatus.ARCHIVED})
_SHORTEST_START: Final = 2


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
class Found:
    """One page of a result. ``total`` is exact unless ``more`` is true (then it is COUNT_LIMIT)."""

    ids: tuple[int, ...]
    total: int
    more: bool
    nearness: Nearness


def search_page(
    kind: RecordKind,
    text: str,
    *,
    public: bool,
    conditions: Sequence[Condition] = (),
    place_codes: Iterable[str | None] = (),
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Found | None:
    """Page ``number`` of the records that ``text`` asks for, best first; None when it asks for nothing ("koperasi").

    ``public``: only public records, without looking at their rows. ``conditions`` on columns of
    ``record_table(kind)`` apply before paging and counting. ``place_codes`` (kecamatan, desa) narrow the search too,
    and make it quicker than a condition would.
    """
    search = _search(kind, text, public, conditions, place_codes, COUNT_LIMIT)
    return None if search is None else search.page((number - 1) * size, size)


def search_ids(
    kind: RecordKind,
    text: str,
    *,
    public: bool = False,
    conditions: Sequence[Condition] = (),
    place_codes: Iterable[str | None] = (),
    limit: int = COUNT_LIMIT,
) -> SearchResult | None:
    """All ids at once, at most ``limit``; else as ``search_page``."""
    search = _search(kind, text, public, conditions, place_codes, limit)
    if search is None:
        return None
    ids = search.all_ids()
    return SearchResult(ids[:limit], len(ids) > limit, search.nearness)


def list_searchable(
    kind: RecordKind, *, after_id: int = 0, limit: int = 250
) -> tuple[list[Row[Any]], list[int], int]:
    """What the index is built of, record after record: rows to index, ids to forget, the last id (0: no more).

    Rows have id, name, kecamatan_code, desa_code and status.
    """
    t = record_table(kind).c
    statement = select(t.id, t.name, t.kecamatan_code, t.desa_code, t.status).where(t.id > after_id)
    rows = list(connection().execute(statement.order_by(t.id).limit(limit)))
    shown = [row for row in rows if row.status not in HIDDEN_FROM_SEARCH]
    gone = [row.id for row in rows if row.status in HIDDEN_FROM_SEARCH]
    return shown, gone, rows[-1].id if rows else 0


def _search(
    kind: RecordKind,
    text: str,
    public: bool,
    conditions: Sequence[Condition],
    place_codes: Iterable[str | None],
    limit: int,
) -> _Search | None:
    words = asked_words(text)
    if not words:
        return None
    search = _Search(Within(kind, public, tuple(conditions)), limit)
    search.run(words, [code for code in place_codes if code])
    return search


@dataclass
class _Search:
    """One search.

    Either ``found`` (id -> name key) holds the whole result in order, or, when the words as typed already find
    plenty, ``found`` holds its first RANKED and ``plenty`` the groups that the rest is read by.
    """

    within: Within
    limit: int
    places: list[Group] = field(default_factory=list)
    found: dict[int, str] = field(default_factory=dict)
    plenty: list[Group] | None = None
    nearness: Nearness = Nearness.EXACT

    def run(self, words: tuple[str, ...], place_codes: Sequence[str]) -> None:
        known = self._known([*words, *place_codes])
        self.places = [[known[code]] for code in place_codes if code in known]
        if len(self.places) < len(place_codes):
            return  # nothing at all is recorded in that place
        self._read(words, known)
        telling = telling_words_of(words)
        if telling != words and not self._is_enough(words):
            self._read(telling, known)
        if not self.found:
            self._read_otherwise(telling, known)
        if not self.found:
            self._read_in_part(words)

    def page(self, start: int, size: int) -> Found:
        ids = tuple(self.found)
        if self.plenty is None:
            total = min(len(ids), self.limit)
            return Found(ids[start : min(start + size, total)], total, len(ids) > self.limit, self.nearness)
        total = count_records(self.within, self.plenty, limit=self.limit + 1)
        page = ids[start : start + size]
        if start + size > RANKED:
            page += self._rest(offset=max(start, RANKED), limit=start + size - max(start, RANKED))
        page = page[: max(0, self.limit - start)]
        return Found(page, min(total, self.limit), total > self.limit, self.nearness)

    def all_ids(self) -> tuple[int, ...]:
        ids = tuple(self.found)
        if self.plenty is not None and self.limit >= RANKED:
            ids += self._rest(offset=RANKED, limit=self.limit + 1 - RANKED)
        return ids

    def _rest(self, *, offset: int, limit: int) -> tuple[int, ...]:
        rows = best_records(self.within, self.plenty or (), limit=limit, offset=offset)
        return tuple(record_id for record_id, _ in rows)

    # --- readings, from narrow to free ----------------------------------------------------------------------

    def _read(self, words: Sequence[str], known: dict[str, Word]) -> None:
        tried: list[Group] = []
        for nearness, groups in self._readings(words, known):
            if all(groups) and groups != tried and self._add(groups, words):
                self.nearness = nearness
            tried = groups
            if self._is_enough(words):
                return

    def _readings(
        self, words: Sequence[str], known: dict[str, Word]
    ) -> Iterator[tuple[Nearness, list[Group]]]:
        typed = _typed(words, known)
        yield Nearness.EXACT, typed
        unknown = [word for word, group in zip(words, typed, strict=True) if not group]
        begun: Group | None = None
        if set(unknown) <= {words[-1]}:
            begun = self._begun(words[-1])
            yield Nearness.BEGUN, [*typed[:-1], _united(typed[-1], begun)]
        near = self._near(unknown)
        if unknown:
            yield Nearness.NEAR, _widened(words, typed, begun or (), near)
        near |= self._near([word for word in words if word not in near])
        begun = self._begun(words[-1]) if begun is None else begun
        yield Nearness.NEAR, _widened(words, typed, begun, near)

    def _read_otherwise(self, words: tuple[str, ...], known: dict[str, Word]) -> None:
        """With a blank more or less."""
        readings = respellings(words)
        known = known | self._known(sorted({w for reading in readings for w in reading if w not in known}))
        for reading in readings:
            groups = _typed(reading, known)
            if all(groups) and self._add(groups, reading):
                self.nearness = Nearness.NEAR

    def _read_in_part(self, words: tuple[str, ...]) -> None:
        """Without the words that are not known, then without one word more, at last by parts of words."""
        known, near = self._known(words), self._near(words)
        groups = [_united(group, near[word]) for word, group in zip(words, _typed(words, known), strict=True)]
        some = [group for group in groups if group] or [part for part in map(self._with_part, words) if part]
        if some:
            self.nearness = Nearness.SOME
            if not self._add(some, words) and len(some) > 1:
                fewer = [some[:i] + some[i + 1 :] for i in range(len(some))]
                rows = [
                    row for few in fewer for row in best_records(self.within, few + self.places, limit=RANKED)
                ]
                self._append(list(dict.fromkeys(rows)), words)

    def _is_enough(self, words: Sequence[str]) -> bool:
        return len(self.found) >= ENOUGH or self._is_said(words)

    def _is_said(self, words: Sequence[str]) -> bool:
        """True when the question says every word of one of the best names: that one was meant."""
        for _, name in zip(range(3), self.found.values(), strict=False):
            if all(any(a == b or is_one_error_away(a, b) for b in words) for a in name.split()):
                return True
        return False

    # --- records ---------------------------------------------------------------------------------------------

    def _add(self, groups: Sequence[Group], words: Sequence[str]) -> bool:
        """Find and append records with a word of every group; True when any came."""
        everywhere = [*groups, *self.places]
        rows = best_records(self.within, everywhere, limit=RANKED + 1)
        if len(rows) <= RANKED:
            return self._append(rows, words)
        if self.found or self.limit < RANKED:
            return self._append(best_records(self.within, everywhere, limit=self.limit + 1), words)
        self.plenty = everywhere
        return self._append(rows[:RANKED], words)

    def _append(self, rows: Sequence[tuple[int, str]], words: Sequence[str]) -> bool:
        new = [row for row in rows if row[0] not in self.found]
        asked = " ".join(telling_words_of(words))
        likeness = [fuzz.token_sort_ratio(asked, name) for _, name in new]
        self.found.update(new[i] for i in sorted(range(len(new)), key=lambda i: (-likeness[i], i)))
        return bool(new)

    # --- words -----------------------------------------------------------------------------------------------

    def _known(self, words: Sequence[str]) -> dict[str, Word]:
        return known_words(self.within.kind, words, public=self.within.public)

    def _begun(self, start: str) -> list[Word]:
        """People search while they type: the last word may go on."""
        if len(start) < _SHORTEST_START:
            return []
        return begun_words(self.within.kind, start, public=self.within.public)

    def _near(self, words: Iterable[str]) -> dict[str, list[Word]]:
        """For each word those of the index one typing error away, frequent ones first."""
        near: dict[str, list[Word]] = {word: [] for word in words}
        parts = sorted({part for word in near if is_forgiven(word) for part in variants(word)})
        if not parts:
            return near
        rows = words_with_variants(self.within.kind, parts, public=self.within.public)
        return {
            w: [row for row in rows if is_one_error_away(w, row.word)][:MOST_WORDS_OF_A_GROUP] for w in near
        }

    def _with_part(self, word: str) -> list[Word]:
        """Words that contain a word which is neither known nor near to any."""
        if len(word) < _SHORTEST_PART:
            return []
        return words_with_part(self.within.kind, word, public=self.within.public)


def _typed(words: Sequence[str], known: dict[str, Word]) -> list[Group]:
    return [[known[word]] if word in known else [] for word in words]


def _widened(
    words: Sequence[str], typed: Sequence[Group], begun: Group, near: dict[str, list[Word]]
) -> list[Group]:
    groups = [_united(group, near.get(word, ())) for word, group in zip(words, typed, strict=True)]
    return [*groups[:-1], _united(groups[-1], begun)]


def _united(group: Group, more: Iterable[Word]) -> list[Word]:
    return list({word.id: word for word in (*group, *more)}.values())
