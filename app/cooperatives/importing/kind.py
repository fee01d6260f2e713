"""The cooperatives' kind of import: applying judged rows and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cooperatives.importing.matching import CooperativeMatcher
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CooperativeType, MembershipArea, MinistryStatus
from app.cooperatives.services.records import (
    CooperativeData,
    NewRecord,
    change_record,
    create_records,
    delete_record,
    plain_values,
)
from app.cooperatives.sheet_columns import LABELS, REQUIRED, VOCABULARY
from app.core.access import Actor
from app.core.clock import now, today
from app.core.codes import new_record_code
from app.core.errors import RuleBroken
from app.core.language import say
from app.imports.kinds import Applied, Change, Matcher, Reason, StagedRow
from app.imports.rules import Outcome
from app.registry.models import Submission
from app.registry.rules import RecordStatus, Source

_DATES: Final = {"legal_entity_date", "ministry_status_on"}
_ENUMS: Final[dict[str, Any]] = {
    "cooperative_type": CooperativeType,
    "membership_area": MembershipArea,
    "ministry_status": MinistryStatus,
}


class CooperativeKind:
    """Lists of cooperatives (contract: ``kind=cooperatives``)."""

    name = "cooperatives"
    vocabulary = VOCABULARY
    required = REQUIRED
    labels = LABELS

    def matcher(self) -> Matcher:
        """A fresh matcher for one batch."""
        return CooperativeMatcher()

    def apply(
        self,
        session: Session,
        rows: Sequence[StagedRow],
        *,
        actor: Actor,
        source_note: str,
        as_of: str,
    ) -> list[Applied]:
        """Imported records count as accepted, with source and date, and are public at once (contract section 4)."""
        day = date.fromisoformat(as_of) if as_of else today()
        new = [row for row in rows if row.outcome is Outcome.NEW]
        changed = [row for row in rows if row.outcome is Outcome.CHANGED]
        return _create(session, new, actor, source_note, day) + [
            _change(session, row, actor, source_note, day) for row in changed
        ]

    def undo(self, session: Session, rows: Sequence[StagedRow], *, actor: Actor, note: str) -> list[Applied]:
        """Take rows back; what was changed since stays and is said."""
        return [_take_back(session, row, actor, note) for row in rows]


def typed_value(name: str, value: Any) -> Any:
    """A stored JSON value as records.py wants it."""
    if value is None:
        return (
            () if name == "rat_years" else "" if name in {"address", "main_activity", "chair_name"} else None
        )
    if name in _DATES:
        return date.fromisoformat(value)
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if name == "rat_years" else value


def to_data(values: Mapping[str, Any], as_of: date) -> CooperativeData:
    """Values of a row as the data of a new record."""
    typed = {name: typed_value(name, value) for name, value in values.items() if name != "code"}
    if "ministry_status" in typed:
        typed.setdefault("ministry_status_on", as_of)
    return CooperativeData(legal_entity_checked=bool(typed.get("legal_entity_number")), **typed)


def _create(
    session: Session,
    rows: Sequence[StagedRow],
    actor: Actor,
    source_note: str,
    day: date,
) -> list[Applied]:
    """All new rows at once; when one of them collides with a record made meanwhile, one by one."""
    new = {row.id: _new_record(row, source_note, day) for row in rows}
    try:
        with session.begin_nested():
            create_records(session, list(new.values()), actor=actor, deed="cooperative.imported")
        return [Applied(row_id, record.code) for row_id, record in new.items()]
    except RuleBroken:
        return [_create_one(session, row_id, record, actor) for row_id, record in new.items()]


def _new_record(row: StagedRow, source_note: str, day: date) -> NewRecord:
    return NewRecord(
        code=new_record_code("K"),
        data=to_data(row.values, day),
        status=RecordStatus.PUBLIC,
        source=Source.IMPORT,
        source_note=source_note,
        source_on=day,
        accepted_at=now(),
    )


def _create_one(session: Session, row_id: int, record: NewRecord, actor: Actor) -> Applied:
    try:
        with session.begin_nested():
            create_records(session, [record], actor=actor, deed="cooperative.imported")
    except RuleBroken as broken:
        return Applied(row_id, None, problem=Reason(broken.field, str(broken.sentence)))
    return Applied(row_id, record.code)


def _change(session: Session, row: StagedRow, actor: Actor, source_note: str, day: date) -> Applied:
    wanted = {name: typed_value(name, after) for name, (_before, after) in row.changes.items()}
    if "ministry_status" in wanted:
        wanted.setdefault("ministry_status_on", day)
    try:
        with session.begin_nested():
            made = change_record(
                session,
                code=row.code or "",
                changes=wanted,
                actor=actor,
                deed="cooperative.imported",
                note=source_note,
            )
    except RuleBroken as broken:
        return Applied(row.id, row.code, problem=Reason(broken.field, str(broken.sentence)))
    except LookupError:
        return Applied(
            row.id,
            row.code,
            problem=Reason("", str(say("Catatan ini sudah tidak ada."))),
        )
    return Applied(
        row.id,
        row.code,
        {n: (_json(made.before[n]), _json(made.after[n])) for n in made.after},
    )


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else getattr(value, "value", value)


def _take_back(session: Session, row: StagedRow, actor: Actor, note: str) -> Applied:
    record = session.scalar(select(Cooperative).where(Cooperative.code == (row.code or "")))
    if record is None:
        return Applied(row.id, row.code)
    if row.outcome is Outcome.NEW:
        return _delete_if_untouched(session, row, record, actor, note)
    return _restore(session, row, record, actor, note)


def _delete_if_untouched(
    session: Session, row: StagedRow, record: Cooperative, actor: Actor, note: str
) -> Applied:
    asked = session.scalar(
        select(func.count()).select_from(Submission).where(Submission.record_code == record.code)
    )
    if record.version > 1 or asked:
        words = say(
            "%(code)s sudah diubah atau sudah ada kiriman sejak impor, jadi tetap ada.",
            code=record.code,
        )
        return Applied(row.id, row.code, problem=Reason("", str(words)))
    delete_record(session, code=record.code, actor=actor, deed="import.undone", note=note)
    return Applied(row.id, row.code)


def _restore(session: Session, row: StagedRow, record: Cooperative, actor: Actor, note: str) -> Applied:
    present = plain_values(session, record, row.changes)
    untouched: dict[str, Change] = {n: c for n, c in row.changes.items() if _json(present[n]) == c[1]}
    back = {name: typed_value(name, before) for name, (before, _after) in untouched.items()}
    if back:
        change_record(
            session,
            code=record.code,
            changes=back,
            actor=actor,
            deed="import.undone",
            note=note,
        )
    kept = sorted(set(row.changes) - set(untouched))
    if kept:
        names = ", ".join(str(LABELS.get(name, name)) for name in kept)
        words = say(
            "%(code)s: sudah diubah sejak impor, jadi tetap: %(names)s.",
            code=record.code,
            names=names,
        )
        return Applied(row.id, row.code, problem=Reason("", str(words)))
    return Applied(row.id, row.code)
