"""``flask imports ...``."""

from __future__ import annotations

import click

from app.core.commands import CommandGroup
from app.core.errors import RuleBroken
from app.imports import jobs, retention
from app.imports.by_command import COMMAND
from app.imports.queries.batches import find_batch
from app.imports.rules import KEEP_DAYS

imports_group = CommandGroup("imports", help="Daftar yang diimpor.")


@imports_group.command("undo")
@click.argument("batch", type=int)
def undo(batch: int) -> None:
    """Kembalikan keadaan sebelum impor BATCH; yang sudah diubah sesudahnya disebutkan."""
    if find_batch(batch) is None:
        raise click.ClickException("Nomor impor ini tidak ada.")
    try:
        jobs.begin_undo(batch, COMMAND)
    except RuleBroken as broken:
        raise click.ClickException(str(broken.sentence)) from broken
    kept = jobs.undo(batch, COMMAND)
    for row in kept:
        click.echo(row.problem.words if row.problem else "")
    click.echo(f"Impor {batch} dibatalkan; {len(kept)} baris tetap.")


@imports_group.command("resume")
def resume() -> None:
    """Lanjutkan impor yang terputus."""
    numbers = ", ".join(map(str, jobs.resume_stalled()))
    click.echo(f"Dilanjutkan: {numbers or '-'}")


@imports_group.command("forget")
@click.option("--days", type=click.IntRange(min=1), default=KEEP_DAYS, show_default=True)
def forget(days: int) -> None:
    """Hapus isi berkas impor yang lebih lama dari DAYS hari. Hasil dan alasannya tetap ada."""
    numbers = ", ".join(map(str, retention.forget_old(days)))
    click.echo(f"Isi dihapus: {numbers or '-'}")
