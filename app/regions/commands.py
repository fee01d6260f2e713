"""regions load."""

from __future__ import annotations

import click

from app.core.commands import CommandGroup
from app.core.transaction import atomically
from app.regions.queries import forget_places
from app.regions.reference import read_reference
from app.regions.services import load_regions

regions_group = CommandGroup("regions", help="Kecamatan dan desa.")


@regions_group.command("load")
def load() -> None:
    """Muat 40 kecamatan dan 435 desa/kelurahan; diulang tidak mengubah apa-apa."""
    reference = read_reference()
    done = atomically(lambda session: load_regions(session, reference))
    forget_places()
    click.echo(
        f"Wilayah: {len(reference.kecamatan)} kecamatan, {len(reference.desa)} desa/kelurahan "
        f"({done.added} baru, {done.changed} diubah)."
    )
