"""``flask clinic ...``: the timetable's slots."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.clinic.services.slots import make_slots
from app.core.access import ANONYMOUS
from app.core.transaction import atomically

clinic_group = AppGroup("clinic", help="Klinik Clean & Clear.")
_DAY = click.DateTime(["%Y-%m-%d"])


@clinic_group.command("make-slots")
@click.option("--from", "first", type=_DAY, required=True, help="Hari pertama, misalnya 2026-12-01.")
@click.option("--to", "last", type=_DAY, required=True, help="Hari terakhir.")
def make(first: datetime, last: datetime) -> None:
    """Buat jam konsultasi menurut jadwal; boleh diulang, janji yang ada tidak hilang."""
    first_day, last_day = first.date(), last.date()
    _refuse_too_long(first_day, last_day)
    made = atomically(lambda s: make_slots(s, first_day, last_day, actor=ANONYMOUS))
    click.echo(
        f"Jam konsultasi: {made.added} baru, {made.removed} dihapus, {made.to_move} janji perlu dipindah."
    )


def _refuse_too_long(first_day: date, last_day: date) -> None:
    if not 0 <= (last_day - first_day).days <= 366:
        raise click.ClickException("Paling lama satu tahun, dan hari terakhir tidak sebelum hari pertama.")
