"""regions load."""

from __future__ import annotations

import click

from app.core.transaction import atomically
from app.regions import room
from app.regions.queries import forget_places
from app.regions.reference import read_reference
from app.regions.services import load_regions

room.cli.short_help = "Kecamatan and desa."


@room.cli.command("load")
def load() -> None:
    """Bring in the 40 kecamatan and 435 desa/kelurahan; again changes nothing."""
    reference = read_reference()
    done = atomically(lambda session: load_regions(session, reference))
    forget_places()
    click.echo(
        f"regions: {len(reference.kecamatan)} kecamatan, {len(reference.desa)} desa/kelurahan "
        f"({done.added} added, {done.changed} changed)"
    )
