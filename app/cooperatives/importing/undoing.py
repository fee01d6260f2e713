"""Rows of an import taken back: the state before it, except what was changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.cooperatives.importing.applying import typed_value
from app.cooperatives.importing.labels import labels_of
from app.cooperatives.queries.importing import UNDONE, asked_about, deeds_since, load_plain_values
from app.cooperatives.services.records import change_records, delete_records
from app.core.access import Actor
from app.core.errors import RuleBroken
from app.core.language import say
from app.imports.kinds import Applied, Change, Reason, StagedRow
from app.imports.queries.batches import undone_notes
from app.imports.rules import Outcome

Stored = Mapping[str, Mapping[str, Any]]


def undo_rows(session: Session, rows: Sequence[StagedRow], *, actor: Actor, note: str) -> list[Applied]:
    """Take rows back.

    Made records go, unless somebody worked on them since; changed fields get back what they were, unless they were
    changed again.
    """
    present = load_plain_values(session, [row.code for row in rows if row.code])
    results: dict[int, Applied] = {}
    newest_first = list(rows)
    while newest_first:
        # two rows about one record are taken back one after the other
        block = list({row.code: row for row in reversed(newest_first)}.values())
        newest_first = [row for row in newest_first if row not in block]
        results |= _undo_block(session, block, present, actor, note)
        if newest_first:
            present = load_plain_values(session, [row.code for row in newest_first if row.code])
    return [results[row.id] for row in rows]


def _undo_block(
    session: Session, rows: Sequence[StagedRow], present: Stored, actor: Actor, note: str
) -> dict[int, Applied]:
    there = [row for row in rows if row.code in present]
    made = [row for row in there if row.outcome is Outcome.NEW]
    changed = [row for row in there if row.outcome is Outcome.CHANGED]
    gone = {row.id: Applied(row.id, row.code) for row in rows if row.code not in present}
    return gone | _take_away(session, made, actor, note) | _restore(session, changed, present, actor, note)


def _take_away(session: Session, rows: Sequence[StagedRow], actor: Actor, note: str) -> dict[int, Applied]:
    codes = [row.code or "" for row in rows]
    asked = asked_about(session, codes)
    touched = _worked_on(session, codes)
    kept = {row.id: why for row in rows if (why := _why_it_stays(row.code or "", asked, touched))}
    untouched = [row.code or "" for row in rows if row.id not in kept]
    if untouched:
        delete_records(session, untouched, actor=actor, deed=UNDONE, note=note)
    return {
        row.id: Applied(row.id, row.code, problem=Reason("", kept[row.id]) if row.id in kept else None)
        for row in rows
    }


def _worked_on(session: Session, codes: Collection[str]) -> dict[str, set[str]]:
    """Records that somebody changed since they were made, and which fields; lists taken back themselves do not count."""
    deeds = deeds_since(session, codes)
    taken_back = undone_notes(deed.by_import for deed in deeds if deed.by_import)
    found: dict[str, set[str]] = defaultdict(set)
    for deed in deeds:
        if deed.by_import not in taken_back:
            found[deed.code].update(deed.fields)
    return found


def _why_it_stays(code: str, asked: Collection[str], touched: Mapping[str, set[str]]) -> LazyString | None:
    """Why a record that the import made is not taken away."""
    if code in asked:
        return say("%(code)s: sudah ada kiriman warga, jadi tetap ada.", code=code)
    if code in touched:
        names = labels_of(sorted(touched[code]))
        return say("%(code)s: sudah diubah sejak impor (%(names)s), jadi tetap ada.", code=code, names=names)
    return None


def _restore(
    session: Session, rows: Sequence[StagedRow], present: Stored, actor: Actor, note: str
) -> dict[int, Applied]:
    back = {row.code or "": _untouched(row.changes, present[row.code or ""]) for row in rows}
    wanted = {
        code: {name: typed_value(name, before) for name, (before, _) in changes.items()}
        for code, changes in back.items()
        if changes
    }
    broken = _put_back(session, wanted, actor, note)
    return {row.id: _restored(row, back[row.code or ""], broken.get(row.code or "")) for row in rows}


def _untouched(changes: Mapping[str, Change], present: Mapping[str, Any]) -> dict[str, Change]:
    """Changes of the import that still stand as it made them."""
    return {name: pair for name, pair in changes.items() if (present.get(name) or None) == (pair[1] or None)}


def _put_back(
    session: Session, wanted: Mapping[str, Mapping[str, Any]], actor: Actor, note: str
) -> dict[str, RuleBroken]:
    """Write the earlier values; those that another record uses by now are named."""
    if not wanted:
        return {}
    try:
        with session.begin_nested():
            change_records(session, wanted, actor=actor, deed=UNDONE, note=note)
        return {}
    except RuleBroken as broken:
        if len(wanted) == 1:
            return dict.fromkeys(wanted, broken)
        found: dict[str, RuleBroken] = {}
        for code, changes in wanted.items():
            found |= _put_back(session, {code: changes}, actor, note)
        return found


def _restored(row: StagedRow, back: Mapping[str, Change], broken: RuleBroken | None) -> Applied:
    if broken is not None:
        return Applied(row.id, row.code, problem=Reason(broken.field, f"{row.code}: {broken.sentence}"))
    kept = [name for name in row.changes if name not in back]
    if not kept:
        return Applied(row.id, row.code)
    words = say(
        "%(code)s: sudah diubah sejak impor, jadi tetap: %(names)s.", code=row.code, names=labels_of(kept)
    )
    return Applied(row.id, row.code, problem=Reason("", words))
