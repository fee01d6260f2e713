"""The only functions that touch rows of ``cooperative``.

They keep everything that hangs on a row true: search words, public counts, derived activity, unique keys of live
records, version and history. Registration, officers' decisions, edits, imports and merges all come through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative, RatMeeting
from app.cooperatives.rules import (
    CooperativeType,
    FieldStatus,
    Health,
    MembershipArea,
    MinistryStatus,
    Standing,
    derive_activity,
)
from app.core import audit
from app.core.access import Actor
from app.core.clock import now, today
from app.core.crypt import phone_index, seal, unseal
from app.core.db import Base, constraint_name
from app.core.errors import RuleBroken
from app.core.language import say
from app.core.values import legal_number_key, phone_masked
from app.registry.likeness_rules import is_kdmp, name_key
from app.registry.rules import RecordKind, RecordStatus, Source
from app.registry.services.searching import Indexed, forget_records, index_records
from app.registry.services.tallying import count_public

KIND: Final = RecordKind.COOPERATIVE
_TABLE: Final = Base.metadata.tables[Cooperative.__tablename__]
LIVE: Final = {RecordStatus.PUBLIC, RecordStatus.CANDIDATE}
HIDDEN_FROM_SEARCH: Final = {RecordStatus.MERGED, RecordStatus.ARCHIVED}


@dataclass(frozen=True)
class CooperativeData:
    """Plain values of a cooperative, named as its columns; None means unknown. Numbers already in their one form."""

    name: str
    kecamatan_code: str
    desa_code: str | None = None
    cooperative_type: CooperativeType = CooperativeType.UNKNOWN
    membership_area: MembershipArea = MembershipArea.KABUPATEN
    main_activity: str = ""
    address: str = ""
    legal_entity_number: str = ""
    legal_entity_date: date | None = None
    legal_entity_checked: bool = False
    nik_koperasi: str | None = None
    nib: str | None = None
    npwp: str | None = None
    members_male: int | None = None
    members_female: int | None = None
    members_total: int | None = None
    annual_turnover: int | None = None
    chair_name: str = ""
    contact_name: str | None = None
    phone: str | None = None
    phone_owner: str = "self"
    consent_public_contact: bool = False
    consent_whatsapp: bool = False
    ministry_status: MinistryStatus | None = None
    ministry_status_on: date | None = None
    ministry_record: Mapping[str, Any] | None = None
    field_status: FieldStatus | None = None
    field_status_on: date | None = None
    health_claim: Health | None = None
    health_claim_year: int | None = None
    health: Health = Health.UNASSESSED
    health_source: str = ""
    health_on: date | None = None
    dissolved_on: date | None = None
    rat_years: tuple[int, ...] = ()
    owner_account_id: int | None = None


DATA_FIELDS: Final = tuple(f.name for f in fields(CooperativeData))
_SEALED: Final = {"phone": "phone_sealed", "contact_name": "contact_name_sealed"}
_NOT_A_COLUMN: Final = {"phone", "contact_name", "rat_years"}


@dataclass(frozen=True)
class NewRecord:
    """A record about to be made."""

    code: str
    data: CooperativeData
    status: RecordStatus
    source: Source
    source_note: str
    source_on: date
    accepted_at: datetime | None = None


@dataclass(frozen=True)
class Changes:
    """What a change did: plain values, for history masked by ``shown``."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)


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
    _insert_rats(session, zip(ids, records, strict=True))
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
                after=shown({"status": new.status, **_given(new.data)}),
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
    rats = _rat_years(session, [row.id for row in rows.values()])
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
    _touch(row)
    _set_live_keys(row)
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
    rats = _rat_years(session, [row.id for row in rows])
    changed, last = 0, 0
    for row in rows:
        last = row.id
        old = (row.activity, row.activity_source, row.activity_on)
        _derive(row, rats[row.id])
        changed += old != (row.activity, row.activity_source, row.activity_on)
    return last, changed


def plain_values(session: Session, row: Cooperative, names: Iterable[str] = DATA_FIELDS) -> dict[str, Any]:
    """Values of ``row`` by their CooperativeData names; opens phones, so only for deeds, never for pages."""
    asked = tuple(names)
    rats = _rat_years(session, [row.id]) if "rat_years" in asked else {}
    return {name: _plain(row, name, rats) for name in asked}


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as history keeps them: JSON-able, personal ones masked."""
    return {name: _shown(name, value) for name, value in values.items()}


# --- rows -----------------------------------------------------------------------------------------------------


def columns_of(new: NewRecord) -> dict[str, Any]:
    """The columns of a new record: sealed, derived, compared forms. No database, so it can be done beforehand."""
    data = new.data
    moment = now()
    row: dict[str, Any] = {name: getattr(data, name) for name in DATA_FIELDS if name not in _NOT_A_COLUMN}
    row.update(_derived_columns(data.name, data.legal_entity_number))
    row.update(_personal_columns(new.code, "phone", data.phone))
    row.update(_personal_columns(new.code, "contact_name", data.contact_name))
    row["members_total"] = _members_total(data.members_male, data.members_female, data.members_total)
    row.update(_activity_columns(_standing_of(data)))
    live = new.status in LIVE
    row.update(
        code=new.code,
        status=new.status,
        live_legal_entity_key=row["legal_entity_key"] if live else None,
        live_nik_koperasi=data.nik_koperasi if live else None,
        source=new.source,
        source_note=new.source_note,
        source_on=new.source_on,
        merged_into_code=None,
        created_at=moment,
        updated_at=moment,
        accepted_at=new.accepted_at,
        version=1,
    )
    return row


def _derived_columns(name: str, legal_entity_number: str) -> dict[str, Any]:
    return {
        "name_key": name_key(name),
        "sort_name": name.casefold(),
        "is_kdmp": is_kdmp(name),
        "legal_entity_key": legal_number_key(legal_entity_number) or None,
    }


def _personal_columns(code: str, name: str, value: str | None) -> dict[str, Any]:
    column = _SEALED[name]
    columns: dict[str, Any] = {column: seal(value, place=f"cooperative.{name}:{code}") if value else None}
    if name == "phone":
        columns["phone_index"] = phone_index(value) if value else None
    return columns


def _members_total(male: int | None, female: int | None, total: int | None) -> int | None:
    return male + female if male is not None and female is not None else total


def _standing_of(data: CooperativeData) -> Standing:
    return Standing(
        rat_years=frozenset(data.rat_years),
        founded=data.legal_entity_date,
        ministry_status=data.ministry_status,
        ministry_status_on=data.ministry_status_on,
        field_status=data.field_status,
        field_status_on=data.field_status_on,
        dissolved_on=data.dissolved_on,
    )


def _activity_columns(facts: Standing) -> dict[str, Any]:
    finding = derive_activity(facts, today())
    return {"activity": finding.activity, "activity_source": finding.source.value, "activity_on": finding.on}


def _derive(row: Cooperative, rat_years: Iterable[int]) -> None:
    facts = Standing(
        rat_years=frozenset(rat_years),
        founded=row.legal_entity_date,
        ministry_status=row.ministry_status,
        ministry_status_on=row.ministry_status_on,
        field_status=row.field_status,
        field_status_on=row.field_status_on,
        dissolved_on=row.dissolved_on,
    )
    for name, value in _activity_columns(facts).items():
        setattr(row, name, value)


def _difference(row: Cooperative, wanted: Mapping[str, Any], rats: Mapping[int, tuple[int, ...]]) -> Changes:
    """What of ``wanted`` the row does not say yet."""
    before = {name: _plain(row, name, rats) for name in wanted}
    after = {name: v for name, v in wanted.items() if _comparable(v) != _comparable(before[name])}
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
        _set_values(row, after, after.get("rat_years", rats[row.id]))
        place = (row.kecamatan_code, row.desa_code)
        if place != place_before and row.status is RecordStatus.PUBLIC:
            steps += [(*place_before, -1), (*place, 1)]
        if (place != place_before or "name" in after) and row.status not in HIDDEN_FROM_SEARCH:
            indexed.append(_indexed(row))
    _replace_rats(
        session, {row.id: after["rat_years"] for row, after in changed if "rat_years" in after}, rats, source
    )
    _flush(session)
    count_public(session, KIND, steps)
    index_records(session, KIND, indexed)


def _set_values(row: Cooperative, after: Mapping[str, Any], rat_years: Iterable[int]) -> None:
    """Changed values and the columns that derive from them."""
    for name, value in after.items():
        if name in _SEALED:
            for column, sealed in _personal_columns(row.code, name, value).items():
                setattr(row, column, sealed)
        elif name not in _NOT_A_COLUMN:
            setattr(row, name, value)
    for name, value in _derived_columns(row.name, row.legal_entity_number).items():
        setattr(row, name, value)
    row.members_total = _members_total(row.members_male, row.members_female, row.members_total)
    _set_live_keys(row)
    _derive(row, rat_years)
    _touch(row)


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


def _touch(row: Cooperative) -> None:
    row.updated_at = now()
    row.version += 1


def _set_live_keys(row: Cooperative) -> None:
    live = row.status in LIVE
    row.live_legal_entity_key = row.legal_entity_key if live else None
    row.live_nik_koperasi = row.nik_koperasi if live else None


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


# --- what hangs on a row ----------------------------------------------------------------------------------------


def _indexed(row: Cooperative) -> Indexed:
    public = row.status is RecordStatus.PUBLIC
    return Indexed(row.id, row.name, row.kecamatan_code, row.desa_code, public=public)


def _rat_years(session: Session, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Book years with a RAT of each record."""
    found: dict[int, list[int]] = {record_id: [] for record_id in ids}
    statement = select(RatMeeting.cooperative_id, RatMeeting.book_year).where(
        RatMeeting.cooperative_id.in_(found)
    )
    for record_id, year in session.execute(statement.order_by(RatMeeting.book_year)):
        found[record_id].append(year)
    return {record_id: tuple(years) for record_id, years in found.items()}


def _insert_rats(session: Session, records: Iterable[tuple[int, NewRecord]]) -> None:
    rows = [_rat_row(i, year, new.source) for i, new in records for year in sorted(set(new.data.rat_years))]
    if rows:
        session.execute(insert(RatMeeting), rows)


def _replace_rats(
    session: Session,
    wanted: Mapping[int, Iterable[int]],
    held: Mapping[int, tuple[int, ...]],
    source: Source,
) -> None:
    new = []
    for record_id, years in wanted.items():
        gone = set(held[record_id]) - set(years)
        if gone:
            ours = RatMeeting.cooperative_id == record_id
            session.execute(delete(RatMeeting).where(ours, RatMeeting.book_year.in_(sorted(gone))))
        new += [(record_id, year) for year in sorted(set(years) - set(held[record_id]))]
    if new:
        session.execute(insert(RatMeeting), [_rat_row(i, year, source) for i, year in new])


def _rat_row(record_id: int, year: int, source: Source) -> dict[str, Any]:
    return {
        "cooperative_id": record_id,
        "book_year": year,
        "held_on": None,
        "source": source,
        "recorded_at": now(),
    }


# --- values -----------------------------------------------------------------------------------------------------


def _plain(row: Cooperative, name: str, rats: Mapping[int, tuple[int, ...]]) -> Any:
    if name in _SEALED:
        blob = getattr(row, _SEALED[name])
        return unseal(blob, place=f"cooperative.{name}:{row.code}") if blob else None
    if name == "rat_years":
        return rats[row.id]
    return getattr(row, name)


def _given(data: CooperativeData) -> dict[str, Any]:
    return {n: v for n in DATA_FIELDS if (v := getattr(data, n)) not in (None, "", (), False)}


def _comparable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(sorted(set(value)))
    return None if value == "" else value


def _shown(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if name == "phone":
        return phone_masked(str(value))
    if name in {"contact_name", "chair_name"}:
        return str(value)[:1] + "***"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return {"keys": len(value)}
    return str(value)


def restore_values(
    session: Session, *, code: str, before: Mapping[str, Any], actor: Actor, deed: str
) -> Changes:
    """Put earlier plain values back (undo); a named wrapper so that the intent stands in the code."""
    return change_record(session, code=code, changes=before, actor=actor, deed=deed)


def mark_merged(session: Session, *, code: str, into: str | None) -> None:
    """Let ``code`` point to ``into`` from now on, or to itself again (its status is set by set_status)."""
    session.execute(update(Cooperative).where(Cooperative.code == code).values(merged_into_code=into))
