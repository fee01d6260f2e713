"""Keeping the search words of records true, many records with few statements.

Words and counters are always written in alphabetical order of the words, so that two write blocks on PostgreSQL
never wait for each other in a circle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.db import Base, insert_into
from app.regions.queries import places
from app.registry.models import SearchPosting, SearchVariant, SearchWord
from app.registry.queries.search_statements import record_table
from app.registry.rules import RecordKind
from app.registry.search_rules import HIDDEN_WEIGHT, index_words, variants

_CHUNK: Final = 400  # values in one IN list
_WORD = Base.metadata.tables[SearchWord.__tablename__]
_VARIANT = Base.metadata.tables[SearchVariant.__tablename__]
_POSTING = Base.metadata.tables[SearchPosting.__tablename__]

Item = TypeVar("Item")
Words = dict[str, int]  # word -> weight
Posting = tuple[str, int, int]  # word, weight, record id


@dataclass(frozen=True, slots=True)
class Indexed:
    """What of a record is searched. Hidden (not ``public``) records are found by officers only."""

    record_id: int
    name: str
    kecamatan_code: str
    desa_code: str | None
    public: bool


def index_records(
    session: Session, kind: RecordKind, records: Sequence[Indexed], *, fresh: bool = False
) -> None:
    """Let each record be found by the words of its name and place, instead of the words it had before.

    ``fresh``: they are new, so there were none.
    """
    known = places()
    wanted: dict[int, Words] = {}
    for record in records:
        codes = [code for code in (record.kecamatan_code, record.desa_code) if code]
        place_names = " ".join(known.short_name(code) for code in codes)
        wanted[record.record_id] = index_words(record.name, place_names, codes, public=record.public)
    _replace(session, kind, {} if fresh else _kept_words(session, kind, list(wanted)), wanted)


def forget_records(session: Session, kind: RecordKind, record_ids: Sequence[int]) -> None:
    """Let these records be found no more."""
    _replace(session, kind, _kept_words(session, kind, record_ids), {})


def recount_words(session: Session, kind: RecordKind, *, after_id: int = 0, limit: int = 200) -> int:
    """Drop postings of records that are no more and count anew, for the next ``limit`` words.

    Returns the last word's id, 0 when there are no more words.
    """
    ids = list(
        session.scalars(
            select(_WORD.c.id)
            .where(_WORD.c.kind == kind, _WORD.c.id > after_id)
            .order_by(_WORD.c.id)
            .limit(limit)
        )
    )
    if not ids:
        return 0
    record = record_table(kind)
    there = select(record.c.id).where(record.c.id == _POSTING.c.record_id).exists()
    session.execute(delete(_POSTING).where(_POSTING.c.word_id.in_(ids), ~there))
    every = select(func.count()).where(_POSTING.c.word_id == _WORD.c.id)
    public = every.where(_POSTING.c.weight < HIDDEN_WEIGHT)
    counts = {"records": every.scalar_subquery(), "public_records": public.scalar_subquery()}
    session.execute(update(_WORD).where(_WORD.c.id.in_(ids)).values(counts))
    return int(ids[-1])


def _kept_words(session: Session, kind: RecordKind, record_ids: Sequence[int]) -> dict[int, Words]:
    """Words of records with their weights. In two steps: joined, SQLite would try every word of the registry."""
    kept: defaultdict[int, Words] = defaultdict(dict)
    for ids in _chunks(sorted(record_ids)):
        statement = select(_POSTING.c.record_id, _POSTING.c.word_id, _POSTING.c.weight)
        postings = session.execute(statement.where(_POSTING.c.record_id.in_(ids))).all()
        words = _words_by_id(session, kind, sorted({word_id for _, word_id, _ in postings}))
        for record_id, word_id, weight in postings:
            if word_id in words:  # other registries number their records alike
                kept[record_id][words[word_id]] = weight
    return kept


def _words_by_id(session: Session, kind: RecordKind, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in _chunks(ids):
        statement = select(_WORD.c.id, _WORD.c.word).where(_WORD.c.id.in_(chunk), _WORD.c.kind == kind)
        found.update((row.id, row.word) for row in session.execute(statement))
    return found


def _replace(session: Session, kind: RecordKind, kept: dict[int, Words], wanted: dict[int, Words]) -> None:
    """Write the difference between the postings that are and those that ought to be."""
    old = {(word, weight, i) for i, words in kept.items() for word, weight in words.items()}
    new = {(word, weight, i) for i, words in wanted.items() for word, weight in words.items()}
    gone, come = old - new, new - old
    if not gone and not come:
        return
    ids = _word_ids(session, kind, sorted({word for word, _, _ in gone | come}))
    _write_postings(session, ids, gone, come)
    _write_counts(session, ids, _steps(gone, come))


def _steps(gone: set[Posting], come: set[Posting]) -> dict[str, tuple[int, int]]:
    """Word -> by how much its number of records changes, and of public ones."""
    every: Counter[str] = Counter(word for word, _, _ in come)
    every.subtract(word for word, _, _ in gone)
    public: Counter[str] = Counter(word for word, weight, _ in come if weight < HIDDEN_WEIGHT)
    public.subtract(word for word, weight, _ in gone if weight < HIDDEN_WEIGHT)
    return {
        word: (every[word], public[word]) for word in sorted({*every, *public}) if every[word] or public[word]
    }


def _word_ids(session: Session, kind: RecordKind, words: Sequence[str]) -> dict[str, int]:
    """Ids of ``words``, of new ones too."""
    found = _known_ids(session, kind, words)
    new = [word for word in words if word not in found]
    if not new:
        return found
    rows = [{"kind": kind, "word": word, "records": 0, "public_records": 0} for word in new]
    session.execute(insert_into(session, _WORD).on_conflict_do_nothing(), rows)
    made = _known_ids(session, kind, new)
    parts = [
        {"variant": variant, "word_id": made[word]} for word in new for variant in sorted(variants(word))
    ]
    session.execute(insert_into(session, _VARIANT).on_conflict_do_nothing(), parts)
    return found | made


def _known_ids(session: Session, kind: RecordKind, words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(words):
        statement = select(_WORD.c.word, _WORD.c.id).where(_WORD.c.kind == kind, _WORD.c.word.in_(chunk))
        found.update((word, word_id) for word, word_id in session.execute(statement))
    return found


def _write_postings(session: Session, ids: dict[str, int], gone: set[Posting], come: set[Posting]) -> None:
    if gone:
        session.connection().execute(
            delete(_POSTING).where(
                _POSTING.c.word_id == bindparam("w"),
                _POSTING.c.record_id == bindparam("r"),
            ),
            [{"w": ids[word], "r": record_id} for word, _, record_id in sorted(gone)],
        )
    if come:
        session.connection().execute(
            insert(_POSTING),
            [{"word_id": ids[word], "weight": weight, "record_id": i} for word, weight, i in sorted(come)],
        )


def _write_counts(session: Session, ids: dict[str, int], steps: dict[str, tuple[int, int]]) -> None:
    if steps:
        statement = (
            update(_WORD)
            .where(_WORD.c.id == bindparam("w"))
            .values(
                records=_WORD.c.records + bindparam("n"),
                public_records=_WORD.c.public_records + bindparam("p"),
            )
        )
        rows = [{"w": ids[word], "n": every, "p": public} for word, (every, public) in steps.items()]
        session.connection().execute(statement, rows)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
