"""Command line for the installation's keys."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.core.crypt import EXTENSION, KeyFile
from app.core.key_ring import NoMoreKeys

keys_group = AppGroup("keys", help="Kunci instalasi ini.")


@keys_group.command("rotate")
def rotate() -> None:
    """Buat kunci baru untuk yang baru; yang lama tetap bisa dibuka. Server yang berjalan langsung memakainya."""
    file: KeyFile = current_app.extensions[EXTENSION]
    try:
        ring = file.rotate()
    except NoMoreKeys as kind:
        raise click.ClickException(f"Nomor kunci sudah habis: {kind}") from kind
    click.echo(f"Kunci segel: nomor {ring.current} (kiriman dari HP: nomor {ring.current_office})")
    click.echo(f"Kunci tautan tanda terima: nomor {ring.current_receipt}")
    click.echo("Kunci lama tetap disimpan dan tetap berlaku untuk yang lama.")


def install(app: Flask) -> None:
    """Add ``flask keys``."""
    app.cli.add_command(keys_group)
