"""flask holidays load and fill, flask search rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.core.access import ANONYMOUS
from app.core.clock import today
from app.core.commands import CommandGroup
from app.core.language import say
from app.core.on_phone import add_shortcut
from app.core.transaction import atomically
from app.core.workdays import HOLIDAY_FILE, HolidayKind, load_holiday_file
from app.core.workdays import Holiday as DayOff
from app.registry.queries.searching import list_searchable
from app.registry.rules import RecordKind, RecordStatus
from app.registry.services.holidays import fill_days_off, load_days_off
from app.registry.services.searching import Indexed, forget_records, index_records, recount_words

holidays_group = CommandGroup("holidays", help="Hari libur kantor.")


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


@holidays_group.command("fill")
@click.argument("year", type=click.IntRange(2024, 2100))
def fill(year: int) -> None:
    """Isi libur nasional dan cuti bersama YEAR yang belum ada; yang diubah petugas tetap."""
    days = library_days(year)
    if not days:
        raise click.ClickException(f"Pustaka belum tahu hari libur {year}.")
    added, kept = atomically(lambda s: fill_days_off(s, days, actor=ANONYMOUS))
    leave = sum(day.kind is HolidayKind.JOINT_LEAVE for day in days)
    click.echo(f"Hari libur {year}: {added} baru, {kept} dibiarkan seperti di daftar.")
    if not leave:
        click.echo("Cuti bersama tahun itu belum diumumkan. Jalankan lagi setelah keputusannya terbit.")


# Everything else follows the moon, or a decree that comes out the autumn before.
_SURE: Final = (
    "Tahun Baru Masehi",
    "Hari Buruh",
    "Hari Lahir Pancasila",
    "Hari Kemerdekaan",
    "Hari Raya Natal",
    "Wafat Yesus",
    "Kebangkitan Yesus",
    "Kenaikan Yesus",
)
_GUESS: Final = " (perkiraan)"


def library_days(year: int) -> list[DayOff]:
    """National days and joint leave of a year as the library ``holidays`` knows them."""
    import holidays  # large, and only this command needs it

    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return [_day_off(day, str(name), year) for day, name in sorted(found.items()) if day.year == year]


def _day_off(day: date, name: str, year: int) -> DayOff:
    plain = name.replace(_GUESS, "")[:120]
    kind = HolidayKind.JOINT_LEAVE if plain.startswith("Cuti Bersama") else HolidayKind.NATIONAL
    unsure = _GUESS in name or (year > today().year and not plain.startswith(_SURE))
    return DayOff(day, plain, kind, estimated=unsure)


search_group = CommandGroup("search", help="Indeks pencarian.")


@search_group.command("rebuild")
@click.argument("kind", type=click.Choice(list(RecordKind)), default=RecordKind.COOPERATIVE)
def rebuild(kind: RecordKind) -> None:
    """Susun ulang indeks pencarian; layanan boleh tetap berjalan."""
    last, total = 0, 0
    while True:
        rows, gone, last = list_searchable(kind, after_id=last)
        if not last:
            break
        atomically(partial(_index_again, kind=kind, rows=rows, gone=gone))
        total += len(rows)
    last = atomically(lambda s: recount_words(s, kind))
    while last:
        last = atomically(partial(recount_words, kind=kind, after_id=last))
    click.echo(f"Indeks pencarian: {total} catatan.")


def _index_again(
    session: Session, *, kind: RecordKind, rows: Sequence[Row[Any]], gone: Sequence[int]
) -> None:
    forget_records(session, kind, gone)
    index_records(
        session,
        kind,
        [
            Indexed(r.id, r.name, r.kecamatan_code, r.desa_code, public=r.status is RecordStatus.PUBLIC)
            for r in rows
        ],
    )


def furnish(app: Flask) -> None:
    """Hang the commands on the application and the status page on the icon."""
    app.cli.add_command(holidays_group)
    app.cli.add_command(search_group)
    add_shortcut(app, say("Cek kiriman saya"), "/status", order=30)
