"""Records that may be the same body as the one on the desk, and in what they agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, or_, select

from app.cooperatives.models import Cooperative
from app.cooperatives.queries.desk import records_in_sight_of
from app.cooperatives.queries.desk_record import RecordView, record_view
from app.core.access import Actor
from app.core.db import db
from app.core.values import legal_number_key
from app.registry.models import NotTheSame
from app.registry.queries.likeness import find_look_alikes
from app.registry.rules import RecordKind, RecordStatus

MOST_TWINS: Final = 4
_ALIKE_FROM: Final = 0.6
_STANDING: Final = (RecordStatus.PUBLIC, RecordStatus.CANDIDATE, RecordStatus.PENDING)


class Agreement(StrEnum):
    """In what two records agree: hard keys first."""

    LEGAL_ENTITY = "legal_entity"
    NIK_KOPERASI = "nik_koperasi"
    NIB = "nib"
    NPWP = "npwp"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Twin:
    """A record that may be the same body. ``score``: how alike the names are, 0 to 1."""

    record: RecordView
    score: float
    agreements: tuple[Agreement, ...]

    @property
    def percent(self) -> int:
        """Likeness of the names in per cent."""
        return round(self.score * 100)

    @property
    def certain(self) -> bool:
        """They share a number that only one body can have."""
        return any(a in self.agreements for a in (Agreement.LEGAL_ENTITY, Agreement.NIK_KOPERASI))


def list_twins_for(actor: Actor, record: RecordView) -> list[Twin]:
    """Possible twins of a record this person sees, the surest first; without those already told apart.

    Public records of other areas are shown too, pending ones only from the own area.
    """
    scores = {
        found.record_id: found.score
        for found in find_look_alikes(
            RecordKind.COOPERATIVE,
            name=record.name,
            kecamatan_code=record.kecamatan_code,
            desa_code=record.desa_code,
            limit=8,
            code=record.code,
        )
        if found.score >= _ALIKE_FROM
    }
    apart = codes_told_apart(record.code)
    seen = or_(Cooperative.status == RecordStatus.PUBLIC, records_in_sight_of(actor))
    rows = db.session.scalars(
        select(Cooperative)
        .where(
            or_(Cooperative.id.in_(scores), *_same_numbers(record)),
            Cooperative.id != record.id,
            Cooperative.status.in_(_STANDING),
            seen,
        )
        .order_by(Cooperative.id)
        .limit(30)
    ).all()
    twins = [_twin(record, row, scores.get(row.id, 0.0)) for row in rows if row.code not in apart]
    return sorted(twins, key=_surest_first)[:MOST_TWINS]


def compare_with_for(actor: Actor, record: RecordView, code: str) -> Twin | None:
    """The record ``code`` held against ``record``, if this person may see it (or everybody may)."""
    seen = or_(Cooperative.status == RecordStatus.PUBLIC, records_in_sight_of(actor))
    row = db.session.scalar(select(Cooperative).where(Cooperative.code == code, seen))
    return _twin(record, row, 0.0) if row is not None and row.id != record.id else None


def codes_told_apart(code: str) -> set[str]:
    """Codes of which an officer said that they are another body than ``code``."""
    rows = db.session.execute(
        select(NotTheSame.first_code, NotTheSame.second_code)
        .where(or_(NotTheSame.first_code == code, NotTheSame.second_code == code))
        .order_by(NotTheSame.first_code, NotTheSame.second_code)
        .limit(200)
    )
    return {other for pair in rows for other in pair if other != code}


def _same_numbers(record: RecordView) -> Iterable[ColumnElement[bool]]:
    key = legal_number_key(record.legal_entity_number) if record.legal_entity_number else None
    if key:
        yield Cooperative.legal_entity_key == key
    if record.nik_koperasi:
        yield Cooperative.nik_koperasi == record.nik_koperasi
    if record.phone_index:
        yield Cooperative.phone_index == record.phone_index


def _twin(record: RecordView, row: Cooperative, score: float) -> Twin:
    key = legal_number_key(record.legal_entity_number) if record.legal_entity_number else None
    same = {
        Agreement.LEGAL_ENTITY: bool(key) and key == row.legal_entity_key,
        Agreement.NIK_KOPERASI: bool(record.nik_koperasi) and record.nik_koperasi == row.nik_koperasi,
        Agreement.NIB: bool(record.nib) and record.nib == row.nib,
        Agreement.NPWP: bool(record.npwp) and record.npwp == row.npwp,
        Agreement.PHONE: bool(record.phone_index) and record.phone_index == row.phone_index,
        Agreement.NAME: score >= _ALIKE_FROM,
    }
    return Twin(record_view(row), score, tuple(name for name, agrees in same.items() if agrees))


def _surest_first(twin: Twin) -> tuple[bool, int, float, int]:
    return (not twin.certain, -len(twin.agreements), -twin.score, twin.record.id)
