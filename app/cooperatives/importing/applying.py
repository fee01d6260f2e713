"""Judged rows become records, or change them. What needs no database is prepared before the write block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from app.cooperatives.importing.bodies import NameBlocks, numbers_differ, same_name
from app.cooperatives.importing.labels import labels_of
from app.cooperatives.queries.importing import IMPORTED, KnownBody, load_plain_values, made_since
from app.cooperatives.rules import CooperativeType, MembershipArea, MinistryStatus
from app.cooperatives.services.record_columns import columns_of
from app.cooperatives.services.record_values import Changes, CooperativeData, NewRecord
from app.cooperatives.services.records import change_records, create_records
from app.core.access import Actor
from app.core.clock import now, today
from app.core.codes import new_record_code
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.values import legal_number_key
from app.imports.kinds import Applied, BatchFacts, Change, Reason, StagedRow, Values
from app.imports.rules import Decision, Outcome
from app.registry.likeness_rules import name_key
from app.registry.rules import RecordStatus, Source

_DATES: Final = frozenset({"legal_entity_date", "ministry_status_on"})
_TEXTS: Final = frozenset({"address", "main_activity", "chair_name", "legal_entity_number"})
_ENUMS: Final[dict[str, Any]] = {
    "cooperative_type": CooperativeType,
    "membership_area": MembershipArea,
    "ministry_status": MinistryStatus,
}


@dataclass(frozen=True)
class NewRow:
    """A row about to become a record."""

    row: StagedRow
    record: NewRecord
    columns: dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """Rows ready for their write block."""

    new: tuple[NewRow, ...]
    changed: tuple[StagedRow, ...]


def prepare_rows(rows: Sequence[StagedRow], batch: BatchFacts) -> Prepared:
    """Seal, derive and compare beforehand: it is most of the work, and nobody has to wait for it."""
    new = [
        NewRow(row, record, columns_of(record))
        for row in rows
        if row.outcome is Outcome.NEW
        for record in [_new_record(row, batch)]
    ]
    return Prepared(tuple(new), tuple(row for row in rows if row.outcome is Outcome.CHANGED))


def apply_rows(session: Session, prepared: Prepared, batch: BatchFacts, *, actor: Actor) -> list[Applied]:
    """Make and change records; what changed in the registry since the dry run becomes a conflict."""
    meanwhile = _made_meanwhile(session, prepared.new, batch)
    fresh = [new for new in prepared.new if new.row.id not in meanwhile]
    return [
        *meanwhile.values(),
        *_create(session, fresh, actor),
        *_change(session, prepared.changed, batch, actor),
    ]


def typed_value(name: str, value: Any) -> Any:
    """A stored JSON value as records.py wants it."""
    if value is None:
        return () if name == "rat_years" else "" if name in _TEXTS else None
    if name in _DATES:
        return date.fromisoformat(value)
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if name == "rat_years" else value


def plain_value(value: Any) -> Any:
    """The other way."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else getattr(value, "value", value)


def to_data(values: Values, day: date) -> CooperativeData:
    """Values of a row as the data of a new record."""
    typed = {name: typed_value(name, value) for name, value in values.items() if name != "code"}
    if "ministry_status" in typed:
        typed.setdefault("ministry_status_on", day)
    return CooperativeData(legal_entity_checked=bool(typed.get("legal_entity_number")), **typed)


def _new_record(row: StagedRow, batch: BatchFacts) -> NewRecord:
    day = batch.as_of or today()
    return NewRecord(
        code=new_record_code("K"),
        data=to_data(row.values, day),
        status=RecordStatus.PUBLIC,
        source=Source.IMPORT,
        source_note=batch.note,
        source_on=day,
        accepted_at=now(),
    )


def _made_meanwhile(session: Session, rows: Sequence[NewRow], batch: BatchFacts) -> dict[int, Applied]:
    """New rows whose cooperative came in by another way since the dry run; not those an officer called another."""
    open_rows = {new.row.id: _body(new) for new in rows if new.row.decision is not Decision.OTHER}
    found = made_since(
        session, {body.name_key for body in open_rows.values()}, batch.read_at, but_note=batch.note
    )
    if not found:
        return {}
    blocks: NameBlocks[KnownBody] = NameBlocks()
    for body in found:
        blocks.add(body)
    twins = {row_id: _same_body(blocks, body) for row_id, body in open_rows.items()}
    return {row_id: _met(row_id, twin) for row_id, twin in twins.items() if twin is not None}


def _body(new: NewRow) -> KnownBody:
    data = new.record.data
    return KnownBody(
        code=new.record.code,
        name=data.name,
        name_key=name_key(data.name),
        status=new.record.status,
        kecamatan_code=data.kecamatan_code,
        desa_code=data.desa_code,
        legal_key=legal_number_key(data.legal_entity_number) or None,
        nik_koperasi=data.nik_koperasi,
    )


def _same_body(blocks: NameBlocks[KnownBody], body: KnownBody) -> KnownBody | None:
    alike = (b for b in blocks.alike(body) if same_name(b, body) and not numbers_differ(b, body))
    return next(alike, None)


def _met(row_id: int, body: KnownBody) -> Applied:
    words = say("Sejak diperiksa sudah ada %(name)s (%(code)s).", name=body.name, code=body.code)
    return Applied(row_id, body.code, problem=Reason("name", words))


def _create(session: Session, rows: Sequence[NewRow], actor: Actor) -> list[Applied]:
    """All new rows at once; when one of them collides with a record made meanwhile, one by one."""
    try:
        with session.begin_nested():
            create_records(
                session,
                [new.record for new in rows],
                actor=actor,
                deed=IMPORTED,
                rows=[new.columns for new in rows],
            )
        return [Applied(new.row.id, new.record.code) for new in rows]
    except RuleBroken as broken:
        if len(rows) == 1:
            return [Applied(rows[0].row.id, rows[0].row.code, problem=Reason(broken.field, broken.sentence))]
        return [applied for new in rows for applied in _create(session, [new], actor)]


def _change(session: Session, rows: Sequence[StagedRow], batch: BatchFacts, actor: Actor) -> list[Applied]:
    """All changes at once, unless two of them are of one record or one collides; then one by one."""
    present = load_plain_values(session, [row.code for row in rows if row.code])
    problems = {row.id: problem for row in rows if (problem := _stale(row, present.get(row.code or "")))}
    fine = [row for row in rows if row.id not in problems]
    stale = [Applied(row.id, row.code, problem=problems[row.id]) for row in rows if row.id in problems]
    codes = [row.code for row in fine]
    if len(set(codes)) < len(codes):
        first = {row.code: row for row in reversed(fine)}.values()
        rest = [row for row in fine if row not in first]
        return [
            *stale,
            *_change_at_once(session, list(first), batch, actor),
            *_change(session, rest, batch, actor),
        ]
    return [*stale, *_change_at_once(session, fine, batch, actor)]


def _stale(row: StagedRow, present: Mapping[str, Any] | None) -> Reason | None:
    """Why a change judged in the dry run cannot be made any more."""
    if present is None:
        return Reason("", say("Catatan ini sudah tidak ada."))
    touched = [name for name, pair in row.changes.items() if present.get(name) not in pair]
    if not touched:
        return None
    return Reason(touched[0], say("Sejak diperiksa sudah diubah orang: %(names)s.", names=labels_of(touched)))


def _change_at_once(
    session: Session, rows: Sequence[StagedRow], batch: BatchFacts, actor: Actor
) -> list[Applied]:
    if not rows:
        return []
    wanted = {
        row.code or "": {name: typed_value(name, after) for name, (_, after) in row.changes.items()}
        for row in rows
    }
    try:
        with session.begin_nested():
            made = change_records(
                session, wanted, actor=actor, deed=IMPORTED, note=batch.note, source=Source.IMPORT
            )
    except RuleBroken as broken:
        if len(rows) == 1:
            return [Applied(rows[0].id, rows[0].code, problem=Reason(broken.field, broken.sentence))]
        return [a for row in rows for a in _change_at_once(session, [row], batch, actor)]
    return [Applied(row.id, row.code, _made(made[row.code or ""])) for row in rows]


def _made(changes: Changes) -> dict[str, Change]:
    return {
        name: (plain_value(changes.before[name]), plain_value(changes.after[name])) for name in changes.after
    }
