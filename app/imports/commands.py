"""``flask imports ...``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.access import ANONYMOUS
from app.core.errors import RuleBroken
from app.imports import jobs, queries

imports_group = AppGroup("imports", help="Daftar yang diimpor.")

@imports_group.command("undo")
@click.argument("batch", type=int)
def undo(batch: int) -> None:
    """Kembalikan keadaan sebelum impor BATCH; yang sudah diubah sesudahnya disebutkan."""
    if queries.find_batch(batch) is None:
        raise click.ClickException("Nomor impor ini tidak ada.")
    try:
        jobs.begin_undo(batch, ANONYMOUS)
    except RuleBroken as broken:
        raise click.ClickException(str(broken.sentence)) from broken
    kept = jobs.undo(batch, ANONYMOUS)
    for row in kept:
        click.echo(row.problem.words if row.problem else "")
    click.echo(f"Impor {batch} dibatalkan; {len(kept)} baris tetap.")


@imports_group.command("resume")
def resume() -> None:
    """Lanjutkan impor yang terputus."""
    click.echo(f"Dilanjutkan: {jobs.resume_stalled() or '-'}")
