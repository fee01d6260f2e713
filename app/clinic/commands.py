"""``flask clinic ...``: the timetable's slots."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.clinic.keeping import keep_ahead
from app.clinic.services.slots import Made, make_slots
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
    _say(atomically(lambda s: make_slots(s, first_day, last_day, actor=ANONYMOUS)))


def _refuse_too_long(first_day: date, last_day: date) -> None:
    if not 0 <= (last_day - first_day).days <= 366:
        raise click.ClickException("Paling lama satu tahun, dan hari terakhir tidak sebelum hari pertama.")


@clinic_group.command("keep-ahead")
def keep() -> None:
    """Buat jam konsultasi beberapa minggu ke depan, sebanyak yang diatur di meja jadwal. Cocok untuk cron."""
    _say(keep_ahead())


def _say(made: Made) -> None:
    click.echo(
        f"Jam konsultasi: {made.added} baru, {made.removed} dihapus, {made.to_move} janji perlu dipindah."
    )
