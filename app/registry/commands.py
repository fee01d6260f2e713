"""flask holidays load."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.core.access import ANONYMOUS
from app.core.transaction import atomically
from app.core.workdays import HOLIDAY_FILE, load_holiday_file
from app.registry.services.holidays import load_days_off

holidays_group = AppGroup("holidays", help="Hari libur kantor.")


@holidays_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=HOLIDAY_FILE)
def load(file: Path) -> None:
    """Muat hari libur dari FILE (date,name,kind,estimated); bawaannya berkas milik proyek ini."""
    try:
        days = load_holiday_file(file)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"Berkas tidak terbaca: {error}") from error
    added, changed = atomically(lambda s: load_days_off(s, days, actor=ANONYMOUS))
    click.echo(f"Hari libur: {len(days)} di berkas, {added} baru, {changed} diubah.")


def furnish(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(holidays_group)
