"""``flask demo load``: practice data of all rooms that exist. The same arguments make the same data."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.demo import fill_clinic
from app.cooperatives.demo import DemoDesa, demo_cooperatives
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CooperativeType
from app.cooperatives.services.record_values import CooperativeData, NewRecord
from app.cooperatives.services.records import create_records
from app.cooperatives.services.registering import register_cooperative
from app.core.access import ANONYMOUS
from app.core.clock import today
from app.core.commands import CommandGroup
from app.core.db import db
from app.core.transaction import atomically
from app.regions.queries import places
from app.registry.rules import Source, SubmissionKind
from app.registry.services.receiving import Incoming

demo_group = CommandGroup("demo", help="Data contoh untuk berlatih.")

RECORDS_PER_BLOCK: Final = 200
WAITING: Final = 12

_WAITING_NAMES: Final = (
    "Koperasi Tani Mekar Saluyu",
    "KSU Sinar Halimun",
    "Koperasi Jasa Angkutan Puncak",
    "Koperasi Wanita Melati",
    "Koperasi Konsumen Berkah Warga",
    "Koperasi Produsen Kopi Cibulao",
)


@demo_group.command("load")
@click.option("--cooperatives", default=1845, show_default=True, help="Banyaknya koperasi.")
@click.option("--businesses", default=2000, show_default=True, help="Banyaknya usaha, begitu ruangnya ada.")
@click.option("--seed", default=1, show_default=True)
@click.option("--today", "day", default=None, help="Hari ini menurut data contoh (YYYY-MM-DD).")
def load(cooperatives: int, businesses: int, seed: int, day: str | None) -> None:
    """Isi basis data dengan contoh yang mirip kenyataan."""
    as_of = date.fromisoformat(day) if day else today()
    desa = _desa()
    if not desa:
        raise click.ClickException("Wilayah belum dimuat. Jalankan dulu: flask regions load")
    made = _load_cooperatives(cooperatives, desa, seed, as_of)
    waiting = _load_waiting(desa, seed)
    click.echo(
        f"Koperasi contoh: {made} baru dari {cooperatives}; pendaftaran yang menunggu: {waiting} baru."
    )
    kecamatan = sorted({one.kecamatan_code for one in desa})
    clinic = fill_clinic(seed=seed, today=as_of, kecamatan=kecamatan)
    click.echo(f"Klinik contoh: {clinic.experts} narasumber baru, {clinic.bookings} janji baru.")


def _desa() -> list[DemoDesa]:
    return [DemoDesa(d.code, d.name, d.status.value == "kelurahan") for d in places().desa]


def _load_cooperatives(count: int, desa: Sequence[DemoDesa], seed: int, as_of: date) -> int:
    """Records not there yet (by their code, which follows from the seed)."""
    made = 0
    records = demo_cooperatives(count, desa, seed=seed, today=as_of)
    while chunk := list(islice(records, RECORDS_PER_BLOCK)):
        missing = _missing(chunk)
        db.session.rollback()
        if missing:
            atomically(partial(_create, missing))
        made += len(missing)
    return made


def _create(records: list[NewRecord], session: Session) -> None:
    create_records(session, records, actor=ANONYMOUS, deed="cooperative.demo")


def _missing(chunk: list[NewRecord]) -> list[NewRecord]:
    codes = [new.code for new in chunk]
    statement = select(Cooperative.code).where(Cooperative.code.in_(codes)).order_by(Cooperative.code)
    known = set(db.session.scalars(statement))
    return [new for new in chunk if new.code not in known]


def _load_waiting(desa: Sequence[DemoDesa], seed: int) -> int:
    """A few registrations that wait for an officer; sent through the same deed as real ones, so once."""
    new = 0
    for incoming, data in _registrations(desa, seed):
        received = atomically(partial(_register, incoming, data))
        new += not received  # a replay was there already
    return new


def _register(incoming: Incoming, data: CooperativeData, session: Session) -> bool:
    return register_cooperative(session, incoming=incoming, data=data).replay


def _registrations(desa: Sequence[DemoDesa], seed: int) -> Iterator[tuple[Incoming, CooperativeData]]:
    chance = random.Random(f"waiting/{seed}")  # noqa: S311 - practice data, not secrets
    for number in range(WAITING):
        place = chance.choice(desa)
        name = _WAITING_NAMES[number % len(_WAITING_NAMES)] + (
            "" if number < len(_WAITING_NAMES) else f" {place.name}"
        )
        phone = f"6280001{number:06d}"
        data = CooperativeData(
            name=name,
            kecamatan_code=place.kecamatan_code,
            desa_code=place.code,
            cooperative_type=CooperativeType.UNKNOWN,
            main_activity="Simpan pinjam dan toko anggota",
            phone=phone,
            contact_name="Contoh Pengurus",
            legal_entity_number=f"AHU-{90000 + number:07d}.AH.01.26.TAHUN 2024" if number % 3 else "",
            legal_entity_date=date(2024, 3, 1) if number % 3 else None,
            members_male=chance.randrange(5, 40),
            members_female=chance.randrange(5, 40),
        )
        yield _incoming(data, uuid.UUID(int=chance.getrandbits(128), version=4), phone), data


def _incoming(data: CooperativeData, submission_id: uuid.UUID, phone: str) -> Incoming:
    pairs = [
        ("name", data.name),
        ("kecamatan", data.kecamatan_code),
        ("desa", data.desa_code or ""),
        ("cooperative_type", data.cooperative_type.value),
        ("main_activity", data.main_activity),
        ("phone", phone),
        ("contact_name", data.contact_name or ""),
        ("legal_entity_number", data.legal_entity_number),
        ("members_male", str(data.members_male)),
        ("members_female", str(data.members_female)),
    ]
    return Incoming(
        submission_id=str(submission_id),
        kind=SubmissionKind.COOPERATIVE_REGISTRATION,
        pairs=[(name, value) for name, value in pairs if value],
        title=data.name,
        kecamatan_code=data.kecamatan_code,
        desa_code=data.desa_code,
        phone=phone,
        source=Source.SELF,
        actor=ANONYMOUS,
        filled_at=datetime.combine(today(), datetime.min.time()).astimezone(),
    )
