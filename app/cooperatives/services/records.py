"""The only functions that touch rows of ``cooperative``.

They keep everything that hangs on a row true: search words, public counts, derived activity, unique keys of live
records, version and history. Registration, officers' decisions, edits, imports and merges all come through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.services.rat_meetings import insert_rats, rat_years_of, replace_rats
from app.cooperatives.services.record_columns import (
    LIVE,
    columns_of,
    derive,
    plain_value,
    set_live_keys,
    set_values,
    touch,
)
from app.cooperatives.services.record_values import (
    DATA_FIELDS,
    Changes,
    CooperativeData,
    NewRecord,
    comparable,
    given,
    shown,
)
from app.core import audit
from app.core.access import Actor
from app.core.clock import now
from app.core.db import Base, constraint_name
from app.core.errors import RuleBroken
from app.core.language import say
from app.registry.rules import RecordKind, RecordStatus, Source
from app.registry.services.searching import Indexed, forget_records, index_records
from app.registry.services.tallying import count_public

KIND: Final = RecordKind.COOPERATIVE
_TABLE: Final = Base.metadata.tables[Cooperative.__tablename__]
HIDDEN_FROM_SEARCH: Final = {RecordStatus.MERGED, RecordStatus.ARCHIVED}


def create_record(
    session: Session,
    *,
    code: str,
    data: CooperativeData,
    status: RecordStatus,
    source: Source,
    source_note: str,
    source_on: date,
    actor: Actor,
    accepted_at: datetime | None = None,
    deed: str = "cooperative.registered",
) -> int:
    """Make one record; returns its id. Raises RuleBroken('taken') when a live record has the same numbers."""
    new = NewRecord(code, data, status, source, source_note, source_on, accepted_at)
    return create_records(session, [new], actor=actor, deed=deed)[0]


def create_records(
    session: Session,
    records: Sequence[NewRecord],
    *,
    actor: Actor,
    deed: str,
    rows: Sequence[dict[str, Any]] | None = None,
) -> list[int]:
    """Make many records with few statements; returns their ids in the same order.

    ``rows``: their columns, made by ``columns_of`` before the write block began.
    """
    if not records:
        return []
    rows = rows or [columns_of(new) for new in records]
    # Asked for afterwards: with RETURNING, SQLite takes one row at a time, PostgreSQL one long statement.
    try:
        session.connection().execute(insert(_TABLE), rows)
    except IntegrityError as error:
        raise _taken(error) from error
    ids = _ids_of(session, [new.code for new in records])
    insert_rats(session, zip(ids, records, strict=True))
    index_records(
        session,
        KIND,
        [
            Indexed(
                i, r["name"], r["kecamatan_code"], r["desa_code"], public=r["status"] is RecordStatus.PUBLIC
            )
            for i, r in zip(ids, rows, strict=True)
        ],
        fresh=True,
    )
    public = [new.data for new in records if new.status is RecordStatus.PUBLIC]
    count_public(session, KIND, [(d.kecamatan_code, d.desa_code, 1) for d in public])
    audit.record_many(
        session,
        [
            audit.history_row(
                deed=deed,
                subject=new.code,
                actor=actor,
                after=shown({"status": new.status, **given(new.data)}),
                note=new.source_note,
            )
            for new in records
        ],
    )
    return ids


def _ids_of(session: Session, codes: Sequence[str]) -> list[int]:
    """Ids of records in the order of their codes."""
    statement = select(_TABLE.c.code, _TABLE.c.id).where(_TABLE.c.code.in_(codes)).order_by(_TABLE.c.id)
    found = {row.code: int(row.id) for row in session.connection().execute(statement)}
    return [found[code] for code in codes]


def change_record(
    session: Session,
    *,
    code: str,
    changes: Mapping[str, Any],
    actor: Actor,
    deed: str,
    note: str = "",
) -> Changes:
    """Set fields (names of CooperativeData) of one record; returns what really changed (plain values).

    Raises LookupError for an unknown code, RuleBroken('taken') when a live record has the same numbers.
    """
    return change_records(session, {code: changes}, actor=actor, deed=deed, note=note)[code]


def change_records(
    session: Session,
    wanted: Mapping[str, Mapping[str, Any]],
    *,
    actor: Actor,
    deed: str,
    note: str = "",
    source: Source = Source.ASSISTED,
) -> dict[str, Changes]:
    """As ``change_record`` for many records ({code: changes}) with few statements; what changed, by code."""
    rows = _locked_rows(session, wanted)
    rats = rat_years_of(session, [row.id for row in rows.values()])
    made = {code: _difference(rows[code], wanted[code], rats) for code in wanted}
    changed = [(rows[code], change.after) for code, change in made.items() if change]
    if changed:
        _apply(session, changed, rats, source)
    audit.record_many(
        session,
        [
            audit.history_row(
                deed=deed,
                subject=code,
                actor=actor,
                before=shown(change.before),
                after=shown(change.after),
                note=note,
            )
            for code, change in made.items()
            if change
        ],
    )
    return made


def set_status(
    session: Session, *, code: str, status: RecordStatus, actor: Actor, deed: str, note: str = ""
) -> RecordStatus:
    """Move a record to ``status`` and keep counts, keys and search true; returns the status it had."""
    row = _locked_row(session, code)
    old = row.status
    if old is status:
        return old
    row.status = status
    row.accepted_at = row.accepted_at or (now() if status in LIVE else None)
    touch(row)
    set_live_keys(row)
    _flush(session)
    _count_move(session, row, old, status)
    if status in HIDDEN_FROM_SEARCH:
        forget_records(session, KIND, [row.id])
    else:
        index_records(session, KIND, [_indexed(row)])
    audit.record(
        session,
        deed=deed,
        subject=code,
        actor=actor,
        before={"status": old},
        after={"status": status},
        note=note,
    )
    return old


def delete_record(session: Session, *, code: str, actor: Actor, deed: str, note: str = "") -> None:
    """``delete_records`` of one."""
    delete_records(session, [code], actor=actor, deed=deed, note=note)


def delete_records(
    session: Session, codes: Collection[str], *, actor: Actor, deed: str, note: str = ""
) -> None:
    """Take records away as if they had never been made (undo of an import); their history stays."""
    rows = list(_locked_rows(session, codes).values())
    public = [row for row in rows if row.status is RecordStatus.PUBLIC]
    count_public(session, KIND, [(row.kecamatan_code, row.desa_code, -1) for row in public])
    ids = [row.id for row in rows]
    forget_records(session, KIND, ids)
    session.execute(delete(RatMeeting).where(RatMeeting.cooperative_id.in_(ids)))
    session.execute(
        delete(Cooperative).where(Cooperative.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    for row in rows:
        session.expunge(row)
    audit.record_many(
        session,
        [audit.history_row(deed=deed, subject=row.code, actor=actor, note=note) for row in rows],
    )


def refresh_activity(session: Session, *, limit: int = 500, after_id: int = 0) -> tuple[int, int]:
    """Derive activity anew for up to ``limit`` records with id > ``after_id``: grades move with the calendar.

    Returns (last id seen, rows changed); last id 0 when there are no more. A daily job's work.
    """
    statement = select(Cooperative).where(Cooperative.id > after_id).order_by(Cooperative.id).limit(limit)
    rows = session.scalars(statement).all()
    rats = rat_years_of(session, [row.id for row in rows])
    changed, last = 0, 0
    for row in rows:
        last = row.id
        old = (row.activity, row.activity_source, row.activity_on)
        derive(row, rats[row.id])
        changed += old != (row.activity, row.activity_source, row.activity_on)
    return last, changed


def restore_values(
    session: Session, *, code: str, before: Mapping[str, Any], actor: Actor, deed: str
) -> Changes:
    """Put earlier plain values back (undo); a named wrapper so that the intent stands in the code."""
    return change_record(session, code=code, changes=before, actor=actor, deed=deed)


def mark_merged(session: Session, *, code: str, into: str | None) -> None:
    """Let ``code`` point to ``into`` from now on, or to itself again (its status is set by set_status)."""
    session.execute(update(Cooperative).where(Cooperative.code == code).values(merged_into_code=into))


def plain_values(session: Session, row: Cooperative, names: Iterable[str] = DATA_FIELDS) -> dict[str, Any]:
    """Values of ``row`` by their CooperativeData names; opens phones, so only for deeds, never for pages."""
    asked = tuple(names)
    rats = rat_years_of(session, [row.id]) if "rat_years" in asked else {}
    return {name: plain_value(row, name, rats) for name in asked}


def _difference(row: Cooperative, wanted: Mapping[str, Any], rats: Mapping[int, tuple[int, ...]]) -> Changes:
    """What of ``wanted`` the row does not say yet."""
    before = {name: plain_value(row, name, rats) for name in wanted}
    after = {name: v for name, v in wanted.items() if comparable(v) != comparable(before[name])}
    return Changes({name: before[name] for name in after}, after)


def _apply(
    session: Session,
    changed: Sequence[tuple[Cooperative, Mapping[str, Any]]],
    rats: Mapping[int, tuple[int, ...]],
    source: Source,
) -> None:
    """Write changed values of rows and everything that follows from them."""
    steps: list[tuple[str, str | None, int]] = []
    indexed = []
    for row, after in changed:
        place_before = (row.kecamatan_code, row.desa_code)
        set_values(row, after, after.get("rat_years", rats[row.id]))
        place = (row.kecamatan_code, row.desa_code)
        if place != place_before and row.status is RecordStatus.PUBLIC:
            steps += [(*place_before, -1), (*place, 1)]
        if (place != place_before or "name" in after) and row.status not in HIDDEN_FROM_SEARCH:
            indexed.append(_indexed(row))
    replace_rats(
        session, {row.id: after["rat_years"] for row, after in changed if "rat_years" in after}, rats, source
    )
    _flush(session)
    count_public(session, KIND, steps)
    index_records(session, KIND, indexed)


def _locked_row(session: Session, code: str) -> Cooperative:
    return _locked_rows(session, [code])[code]


def _locked_rows(session: Session, codes: Collection[str]) -> dict[str, Cooperative]:
    """The rows of ``codes``, locked in one order, so that two writers never wait in a circle. LookupError."""
    statement = select(Cooperative).where(Cooperative.code.in_(sorted(codes))).order_by(Cooperative.id)
    rows = {row.code: row for row in session.scalars(statement.with_for_update())}
    missing = set(codes) - rows.keys()
    if missing:
        raise LookupError(", ".join(sorted(missing)))
    return rows


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(error) from error


def _taken(error: IntegrityError) -> RuleBroken:
    """A broken unique key as a sentence at its field."""
    match constraint_name(error):
        case "uq_cooperative_live_legal_entity_key":
            return RuleBroken(
                "legal_entity_number", say("Nomor badan hukum ini sudah dipakai koperasi lain."), code="taken"
            )
        case "uq_cooperative_live_nik_koperasi":
            return RuleBroken(
                "nik_koperasi", say("Nomor Induk Koperasi ini sudah dipakai koperasi lain."), code="taken"
            )
        case _:
            raise error


def _count_move(session: Session, row: Cooperative, old: RecordStatus, new: RecordStatus) -> None:
    step = (new is RecordStatus.PUBLIC) - (old is RecordStatus.PUBLIC)
    if step:
        count_public(session, KIND, [(row.kecamatan_code, row.desa_code, step)])


def _indexed(row: Cooperative) -> Indexed:
    public = row.status is RecordStatus.PUBLIC
    return Indexed(row.id, row.name, row.kecamatan_code, row.desa_code, public=public)
