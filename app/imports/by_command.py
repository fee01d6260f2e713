"""The work behind ``flask <registry> import FILE``: dry run, commit, report, an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.core.access import ANONYMOUS
from app.core.clock import today
from app.imports import jobs, queries, staging
from app.imports.reading.limits import Refused
from app.imports.refusals import sentence_of

DONE, NOTHING_IMPORTED, REFUSED = 0, 1, 2
ANSWERED = ("new", "changed", "unchanged", "conflict", "faulty")


def import_file(kind: str, file: Path, *, dry_run: bool, report: Path | None, as_json: bool) -> int:
    """Dry run, then commit unless ``dry_run``; prints the counts. Returns the exit code of the contract."""
    try:
        with file.open("rb") as stream:
            batch_id, rows = staging.take_file(
                stream,
                file_name=file.name,
                kind=kind,
                as_of=today().isoformat(),
                actor=ANONYMOUS,
            )
    except Refused as refused:
        click.echo(str(sentence_of(refused)), err=True)
        return REFUSED
    staging.read_file(batch_id, rows)
    return _after_reading(batch_id, dry_run=dry_run, report=report, as_json=as_json)


def _after_reading(batch_id: int, *, dry_run: bool, report: Path | None, as_json: bool) -> int:
    batch = queries.find_batch(batch_id)
    if batch is None or batch.status.value == "refused":
        click.echo(batch.sentence if batch else "", err=True)
        return REFUSED
    if not dry_run:
        jobs.begin_commit(batch_id, ANONYMOUS)
        jobs.commit(batch_id, ANONYMOUS)
        batch = queries.find_batch(batch_id) or batch
    if report is not None:
        jobs.write_row_report(batch, report)
    _print_counts(batch, as_json=as_json)
    brought_in = batch.writable_rows if dry_run else queries.count_applied(batch_id)
    return DONE if brought_in else NOTHING_IMPORTED


def _print_counts(batch: queries.BatchView, *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "batch": batch.id,
                    **{name: batch.counts.get(name, 0) for name in ANSWERED},
                }
            )
        )
        return
    click.echo(f"Impor {batch.id}: " + ", ".join(f"{name} {batch.counts.get(name, 0)}" for name in ANSWERED))
    if batch.sentence:
        click.echo(batch.sentence)
