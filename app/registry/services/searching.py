"""Keeping the search words of records true, many records with few statements.

Words and counters are always written in alphabetical order of the words, so that two write blocks on PostgreSQL
never wait for each other in a circle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.db import Base
from app.regions.queries import places
from app.registry.models import SearchPosting, SearchVariant, SearchWord
from app.registry.rules import RecordKind
from app.registry.search_rules import index_words, variants

_CHUNK: Final = 400  # values in one IN list
_WORD = Base.metadata.tables[SearchWord.__tablename__]
_VARIANT = Base.metadata.tables[SearchVariant.__tablename__]
_POSTING = Base.metadata.tables[SearchPosting.__tablename__]

Item = TypeVar("Item")
Words = dict[str, int]  # word -> weight


Indexed = tuple[int, str, str, str | None]  # record id, name, kecamatan code, desa code


def index_records(session: Session, kind: RecordKind, records: Sequence[Indexed]) -> None:
    """Let each record be found by the words of its name and place, instead of the words it had before."""
    known = places()
    wanted: dict[int, Words] = {}
    for record_id, name, *codes in records:
        place_names = " ".join(known.short_name(code) for code in codes)
        wanted[record_id] = index_words(name, place_names, filter(None, codes))
    _replace(session, kind, _kept_words(session, kind, list(wanted)), wanted)


def forget_records(session: Session, kind: RecordKind, record_ids: Sequence[int]) -> None:
    """Let these records be found no more."""
    _replace(session, kind, _kept_words(session, kind, record_ids), {})


def forget_all(session: Session, kind: RecordKind) -> None:
    """Empty the index of one registry, before it is built anew."""
    words = select(_WORD.c.id).where(_WORD.c.kind == kind)
    session.execute(delete(_POSTING).where(_POSTING.c.word_id.in_(words)))
    session.execute(delete(_VARIANT).where(_VARIANT.c.word_id.in_(words)))
    session.execute(delete(_WORD).where(_WORD.c.kind == kind))


def _kept_words(session: Session, kind: RecordKind, record_ids: Sequence[int]) -> dict[int, Words]:
    kept: defaultdict[int, Words] = defaultdict(dict)
    for ids in _chunks(sorted(record_ids)):
        statement = (
            select(_POSTING.c.record_id, _WORD.c.word, _POSTING.c.weight)
            .join(_WORD, _WORD.c.id == _POSTING.c.word_id)
            .where(_POSTING.c.record_id.in_(ids), _WORD.c.kind == kind)
        )
        for record_id, word, weight in session.execute(statement):
            kept[record_id][word] = weight
    return kept


def _replace(session: Session, kind: RecordKind, kept: dict[int, Words], wanted: dict[int, Words]) -> None:
    """Write the difference between the postings that are and those that ought to be."""
    old = {(word, weight, i) for i, words in kept.items() for word, weight in words.items()}
    new = {(word, weight, i) for i, words in wanted.items() for word, weight in words.items()}
    gone, come = old - new, new - old
    if not gone and not come:
        return
    steps: Counter[str] = Counter()
    steps.subtract(word for word, _, _ in gone)
    steps.update(word for word, _, _ in come)
    ids = _word_ids(session, kind, sorted({*steps}))
    _write_postings(session, ids, gone, come)
    _write_counts(session, [(ids[word], step) for word, step in sorted(steps.items()) if step])


def _word_ids(session: Session, kind: RecordKind, words: Sequence[str]) -> dict[str, int]:
    """Ids of ``words``, of new ones too."""
    found = _known_ids(session, kind, words)
    new = [word for word in words if word not in found]
    if not new:
        return found
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"kind": kind, "word": word, "records": 0} for word in new]
    session.execute(dialect.insert(_WORD).on_conflict_do_nothing(), rows)
    made = _known_ids(session, kind, new)
    parts = [
        {"variant": variant, "word_id": made[word]} for word in new for variant in sorted(variants(word))
    ]
    session.execute(dialect.insert(_VARIANT).on_conflict_do_nothing(), parts)
    return found | made


def _known_ids(session: Session, kind: RecordKind, words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(words):
        statement = select(_WORD.c.word, _WORD.c.id).where(_WORD.c.kind == kind, _WORD.c.word.in_(chunk))
        found.update((word, word_id) for word, word_id in session.execute(statement))
    return found


def _write_postings(
    session: Session, ids: dict[str, int], gone: set[tuple[str, int, int]], come: set[tuple[str, int, int]]
) -> None:
    if gone:
        session.connection().execute(
            delete(_POSTING).where(
                _POSTING.c.word_id == bindparam("w"),
                _POSTING.c.weight == bindparam("x"),
                _POSTING.c.record_id == bindparam("r"),
            ),
            [{"w": ids[word], "x": weight, "r": i} for word, weight, i in sorted(gone)],
        )
    if come:
        session.connection().execute(
            insert(_POSTING),
            [{"word_id": ids[word], "weight": weight, "record_id": i} for word, weight, i in sorted(come)],
        )


def _write_counts(session: Session, steps: Sequence[tuple[int, int]]) -> None:
    if not steps:
        return
    statement = (
        update(_WORD).where(_WORD.c.id == bindparam("w")).values(records=_WORD.c.records + bindparam("n"))
    )
    session.connection().execute(statement, [{"w": word_id, "n": step} for word_id, step in steps])


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
