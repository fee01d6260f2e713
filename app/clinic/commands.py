"""``flask clinic ...``: the timetable's slots, and what has been kept long enough."""

from __future__ import annotations

from datetime import date, datetime

import click

from app.clinic.keeping import forget_old, keep_ahead, make_by_weeks
from app.clinic.queries.forgetting import count_to_forget
from app.clinic.rules.settings import KEPT_FOR
from app.clinic.services.slots import Made
from app.clinic.services.timetable import weeks_between
from app.core.access import ANONYMOUS
from app.core.clock import now
from app.core.commands import CommandGroup
from app.core.db import db

clinic_group = CommandGroup("clinic", help="Klinik Clean & Clear.")
_DAY = click.DateTime(["%Y-%m-%d"])


@clinic_group.command("make-slots")
@click.option("--from", "first", type=_DAY, required=True, help="Hari pertama, misalnya 2026-12-01.")
@click.option("--to", "last", type=_DAY, required=True, help="Hari terakhir.")
def make(first: datetime, last: datetime) -> None:
    """Buat jam konsultasi menurut jadwal; boleh diulang, janji yang ada tidak hilang."""
    first_day, last_day = first.date(), last.date()
    _refuse_too_long(first_day, last_day)
    _say(make_by_weeks(weeks_between(first_day, last_day), ANONYMOUS))


def _refuse_too_long(first_day: date, last_day: date) -> None:
    if not 0 <= (last_day - first_day).days <= 366:
        raise click.ClickException("Paling lama satu tahun, dan hari terakhir tidak sebelum hari pertama.")


@clinic_group.command("keep-ahead")
def keep() -> None:
    """Buat jam konsultasi beberapa minggu ke depan, sebanyak yang diatur di meja jadwal. Cocok untuk cron."""
    _say(keep_ahead())


@clinic_group.command("forget")
@click.option("--dry-run", is_flag=True, help="Hitung saja, tidak ada yang dihapus.")
def forget(*, dry_run: bool) -> None:
    """Hapus nama, nomor HP, pertanyaan, dan catatan yang sudah disimpan dua tahun. Angkanya tetap dihitung."""
    if dry_run:
        click.echo(f"Akan dihapus isinya: {count_to_forget(db.session(), now() - KEPT_FOR)} kiriman.")
    else:
        click.echo(f"Dihapus isinya: {forget_old()} kiriman.")


def _say(made: Made) -> None:
    click.echo(
        f"Jam konsultasi: {made.added} baru, {made.removed} dihapus, {made.to_move} janji perlu dipindah."
    )
