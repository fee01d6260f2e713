"""What the registry already knows, asked for a whole chunk of a list at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative, RatMeeting
from app.core.audit import History
from app.core.crypt import unseal
from app.core.db import db
from app.registry.models import Submission
from app.registry.rules import RecordStatus

IMPORTED: Final = "cooperative.imported"
UNDONE: Final = "import.undone"
"""Deeds of history: a list made or changed the record; that was taken back."""

_FORGOTTEN: Final = (RecordStatus.REJECTED,)
_NUMBER_COLUMNS: Final = {
    "code": Cooperative.code,
    "legal": Cooperative.legal_entity_key,
    "nik_koperasi": Cooperative.nik_koperasi,
    "nib": Cooperative.nib,
    "npwp": Cooperative.npwp,
}
# Columns a list can change, compared as plain values.
_COMPARED: Final = (
    *(
        "name",
        "kecamatan_code",
        "desa_code",
        "address",
        "cooperative_type",
        "membership_area",
        "main_activity",
    ),
    *("legal_entity_number", "legal_entity_date", "nik_koperasi", "nib", "npwp"),
    *("members_male", "members_female", "members_total", "annual_turnover", "chair_name"),
    *("ministry_status", "ministry_status_on", "ministry_record"),
)
_SEALED: Final = {"phone": Cooperative.phone_sealed, "contact_name": Cooperative.contact_name_sealed}


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A record, as far as rows are compared with it. One that was merged stands for the record it went into."""

    code: str
    name: str
    name_key: str
    status: RecordStatus
    kecamatan_code: str
    desa_code: str | None
    legal_key: str | None
    nik_koperasi: str | None


def bodies_in(kecamatan_codes: Collection[str]) -> list[KnownBody]:
    """All records of these kecamatan."""
    return _bodies(Cooperative.kecamatan_code.in_(sorted(kecamatan_codes)))


def bodies_by_numbers(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[KnownBody]]:
    """Records by their hard numbers; a key is (legal, nik_koperasi, nib, npwp or code; value)."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for name, value in keys:
        wanted[name].add(value)
    found: dict[tuple[str, str], list[KnownBody]] = defaultdict(list)
    for name, values in wanted.items():
        column = _NUMBER_COLUMNS[name]
        for value, body in _bodies_with(column, column.in_(sorted(values))):
            found[name, value].append(body)
    return found


def made_since(
    session: Session, name_keys: Collection[str], since: datetime, *, but_note: str
) -> list[KnownBody]:
    """Live records with one of these names made since a moment, but not by the import that ``but_note`` marks."""
    return _bodies(
        Cooperative.name_key.in_(sorted(name_keys)),
        Cooperative.created_at >= since,
        Cooperative.source_note != but_note,
        session=session,
    )


def _bodies(*where: ColumnElement[bool], session: Session | None = None) -> list[KnownBody]:
    return [body for _, body in _bodies_with(Cooperative.code, *where, session=session)]


def _bodies_with(
    column: Any, *where: ColumnElement[bool], session: Session | None = None
) -> list[tuple[Any, KnownBody]]:
    statement = (
        select(
            column,
            Cooperative.code,
            Cooperative.merged_into_code,
            Cooperative.name,
            Cooperative.name_key,
            Cooperative.status,
            Cooperative.kecamatan_code,
            Cooperative.desa_code,
            Cooperative.legal_entity_key,
            Cooperative.nik_koperasi,
        )
        .where(Cooperative.status.not_in(_FORGOTTEN), *where)
        .order_by(Cooperative.id)
    )
    rows = (session or db.session()).execute(statement)
    return [(value, KnownBody(merged_into or code, *rest)) for value, code, merged_into, *rest in rows]


def load_plain_values(session: Session, codes: Collection[str]) -> dict[str, dict[str, Any]]:
    """Plain JSON-able values of the records with ``codes``, phones opened, in two statements."""
    if not codes:
        return {}
    columns = [getattr(Cooperative, name) for name in _COMPARED]
    statement = (
        select(
            *(Cooperative.id, Cooperative.code),
            *_SEALED.values(),
            *columns,
        )
        .where(Cooperative.code.in_(sorted(set(codes))))
        .order_by(Cooperative.id)
    )
    rows = session.execute(statement).all()
    rats = _rat_years(session, [row.id for row in rows])
    return {
        row.code: {
            **{name: _json(getattr(row, name)) for name in _COMPARED},
            **{name: _opened(getattr(row, column.key), name, row.code) for name, column in _SEALED.items()},
            "rat_years": rats.get(row.id, []),
        }
        for row in rows
    }


def asked_about(session: Session, codes: Collection[str]) -> set[str]:
    """Records that people sent something about."""
    statement = select(Submission.record_code).where(Submission.record_code.in_(sorted(codes))).distinct()
    return {code for code in session.scalars(statement.order_by(Submission.record_code)) if code}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a record's history. ``by_import``: the note that marks the list, where a list did it."""

    code: str
    by_import: str | None
    fields: tuple[str, ...]


def deeds_since(session: Session, codes: Collection[str]) -> list[Deed]:
    """What was done to records after the list that made them, undoing of imports left out."""
    made = and_(History.deed == IMPORTED, History.note == Cooperative.source_note)
    statement = (
        select(History.subject, History.deed, History.note, History.after)
        .join(Cooperative, Cooperative.code == History.subject)
        .where(History.subject.in_(sorted(codes)), ~made, History.deed != UNDONE)
        .order_by(History.id)
    )
    return [
        Deed(code, note if deed == IMPORTED else None, tuple(after or ()))
        for code, deed, note, after in session.execute(statement)
    ]


def _rat_years(session: Session, ids: Collection[int]) -> dict[int, list[int]]:
    statement = (
        select(RatMeeting.cooperative_id, RatMeeting.book_year)
        .where(RatMeeting.cooperative_id.in_(ids))
        .order_by(RatMeeting.cooperative_id, RatMeeting.book_year)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for record_id, year in session.execute(statement):
        found[record_id].append(year)
    return found


def _json(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _opened(blob: bytes | None, name: str, code: str) -> str | None:
    return unseal(blob, place=f"cooperative.{name}:{code}") if blob else None
