"""``flask cooperatives ...``: bringing lists in and keeping derived facts fresh."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cooperatives.services.records import refresh_activity
from app.core.commands import CommandGroup
from app.core.transaction import atomically
from app.imports.by_command import DayOption, import_file

cooperatives_group = CommandGroup("cooperatives", help="Koperasi.")


@cooperatives_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hanya mencoba; tidak ada yang berubah.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Laporan baris (.xlsx).")
@click.option("--json", "as_json", is_flag=True, help="Hitungan sebagai JSON.")
@click.option("--as-of", type=DayOption(), help="Data per tanggal, misalnya 31-12-2023.")
def import_list(file: Path, dry_run: bool, report: Path | None, as_json: bool, as_of: date | None) -> None:
    """Bawa daftar koperasi dari FILE. Selesai dengan 0 (masuk), 1 (tidak ada yang masuk), 2 (ditolak)."""
    sys.exit(import_file("cooperatives", file, as_of=as_of, dry_run=dry_run, report=report, as_json=as_json))


@cooperatives_group.command("refresh")
def refresh() -> None:
    """Hitung lagi keaktifan semua koperasi (harian: kategori RAT ikut kalender)."""
    last, changed = 0, 0
    while True:
        last, more = atomically(partial(_refresh_after, last))
        changed += more
        if last == 0:
            break
    click.echo(f"Keaktifan berubah: {changed}")


def _refresh_after(last: int, session: Session) -> tuple[int, int]:
    return refresh_activity(session, after_id=last)
