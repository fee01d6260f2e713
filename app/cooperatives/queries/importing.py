"""What the registry already knows, asked for a whole chunk of a list at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from app.cooperatives.models import Cooperative, RatMeeting
from app.core.crypt import unseal
from app.core.db import db
from app.core.values import legal_number_key
from app.registry.likeness_rules import likeness, name_key
from app.registry.rules import RecordStatus

_GONE: Final = (RecordStatus.REJECTED, RecordStatus.MERGED, RecordStatus.ARCHIVED)
_NUMBER_COLUMNS: Final = {
    "code": Cooperative.code,
    "nik_koperasi": Cooperative.nik_koperasi,
    "nib": Cooperative.nib,
    "npwp": Cooperative.npwp,
}
# Columns a list can change, compared as plain values.
_COMPARED: Final = (
    "name",
    "kecamatan_code",
    "desa_code",
    "address",
    "cooperative_type",
    "membership_area",
    "main_activity",
    "legal_entity_number",
    "legal_entity_date",
    "nik_koperasi",
    "nib",
    "npwp",
    "members_male",
    "members_female",
    "members_total",
    "annual_turnover",
    "chair_name",
    "ministry_status",
    "ministry_status_on",
    "ministry_record",
)


@dataclass(frozen=True)
class Neighbour:
    """A known cooperative of the same kecamatan, as far as names are compared."""

    code: str
    name: str
    name_key: str
    desa_code: str | None


@dataclass(frozen=True)
class Nearest:
    """The known cooperative most like a row."""

    code: str
    name: str
    score: float
    same_key: bool
    same_desa: bool


@dataclass
class Known:
    """Known cooperatives for one chunk of rows."""

    codes_by_number: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    neighbours: dict[str, list[Neighbour]] = field(default_factory=dict)

    def by_numbers(self, values: dict[str, Any]) -> list[str]:
        """Codes of the cooperatives that the row's numbers belong to, each once."""
        found = [self.codes_by_number[key] for key in _keys(values) if key in self.codes_by_number]
        return list(dict.fromkeys(found))

    def name_of(self, code: str) -> str:
        """Name of a cooperative found by number."""
        return self.names[code]

    def nearest(self, values: dict[str, Any]) -> Nearest | None:
        """The most similar cooperative of the row's kecamatan; in another desa only an equal name counts."""
        key = name_key(values["name"])
        desa = values.get("desa_code")
        best: Nearest | None = None
        for near in self.neighbours[values["kecamatan_code"]]:
            same_desa = near.desa_code == desa
            open_desa = near.desa_code is None or desa is None
            if not (same_desa or open_desa):
                continue
            score = likeness(near.name, values["name"])
            if best is None or score > best.score:
                best = Nearest(
                    near.code,
                    near.name,
                    score,
                    near.name_key == key,
                    same_desa or open_desa,
                )
        return best


def find_known(rows: Sequence[dict[str, Any]], neighbours: dict[str, list[Neighbour]]) -> Known:
    """Everything on record that rows of this chunk could be.

    ``neighbours`` (by kecamatan) is kept by the caller from chunk to chunk: a kecamatan is read once per batch.
    """
    known = Known(neighbours=neighbours)
    _add_numbers(known, rows)
    _add_neighbours(known, {r["kecamatan_code"] for r in rows} - neighbours.keys())
    return known


def _keys(values: dict[str, Any]) -> Iterable[str]:
    legal = legal_number_key(values.get("legal_entity_number", ""))
    if legal:
        yield f"legal:{legal}"
    for name in _NUMBER_COLUMNS:
        if values.get(name):
            yield f"{name}:{values[name]}"


def _add_numbers(known: Known, rows: Sequence[dict[str, Any]]) -> None:
    legal = {legal_number_key(r.get("legal_entity_number", "")) for r in rows} - {""}
    _add_by(known, "legal", Cooperative.legal_entity_key, legal)
    for name, column in _NUMBER_COLUMNS.items():
        _add_by(known, name, column, {r[name] for r in rows if r.get(name)})


def _add_by(known: Known, prefix: str, column: Any, wanted: set[str]) -> None:
    if not wanted:
        return
    statement = (
        select(column, Cooperative.code, Cooperative.name)
        .where(column.in_(sorted(wanted)), Cooperative.status.not_in(_GONE))
        .order_by(Cooperative.id)
        .limit(len(wanted) * 4)
    )
    for number, code, name in db.session.execute(statement):
        known.codes_by_number.setdefault(f"{prefix}:{number}", code)
        known.names[code] = name


def _add_neighbours(known: Known, kecamatan: set[str]) -> None:
    known.neighbours.update({code: [] for code in kecamatan})
    where: ColumnElement[bool] = Cooperative.kecamatan_code.in_(sorted(kecamatan))
    statement = (
        select(
            Cooperative.kecamatan_code,
            Cooperative.code,
            Cooperative.name,
            Cooperative.name_key,
            Cooperative.desa_code,
        )
        .where(where, Cooperative.status.not_in(_GONE))
        .order_by(Cooperative.id)
    )
    for place, code, name, key, desa in db.session.execute(statement):
        known.neighbours[place].append(Neighbour(code, name, key, desa))


def load_plain_values(codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Plain JSON-able values of the records with ``codes``, phones opened, in two statements."""
    if not codes:
        return {}
    columns = [getattr(Cooperative, name) for name in _COMPARED]
    statement = (
        select(
            Cooperative.id,
            Cooperative.code,
            Cooperative.phone_sealed,
            Cooperative.contact_name_sealed,
            *columns,
        )
        .where(Cooperative.code.in_(sorted(set(codes))))
        .order_by(Cooperative.id)
    )
    rows = db.session.execute(statement).all()
    rats = _rat_years([r.id for r in rows])
    return {
        r.code: {
            **{name: _json(getattr(r, name)) for name in _COMPARED},
            "phone": _opened(r.phone_sealed, "phone", r.code),
            "contact_name": _opened(r.contact_name_sealed, "contact_name", r.code),
            "rat_years": rats.get(r.id, []),
        }
        for r in rows
    }


def _rat_years(ids: Sequence[int]) -> dict[int, list[int]]:
    statement = (
        select(RatMeeting.cooperative_id, RatMeeting.book_year)
        .where(RatMeeting.cooperative_id.in_(ids))
        .order_by(RatMeeting.cooperative_id, RatMeeting.book_year)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for record_id, year in db.session.execute(statement):
        found[record_id].append(year)
    return found


def _json(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _opened(blob: bytes | None, name: str, code: str) -> str | None:
    return unseal(blob, place=f"cooperative.{name}:{code}") if blob else None
