"""Doors at the server itself: what ``flask <registry> import FILE`` of each registry does."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

import click

from app.core import audit
from app.core.access import Actor
from app.core.clock import today
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_date
from app.imports import jobs, staging
from app.imports.queries.batches import BatchView, get_batch
from app.imports.queries.rows import count_applied
from app.imports.reading.limits import Refused
from app.imports.refusals import sentence_of
from app.imports.reporting import write_row_report
from app.imports.rules import BatchStatus, Outcome
from app.imports.words import OUTCOME_WORDS

COMMAND: Final = Actor(name="Perintah di peladen")
"""Who history names where somebody worked at the server itself."""

DONE, NOTHING_IMPORTED, REFUSED = 0, 1, 2
ANSWERED: Final = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.CONFLICT, Outcome.FAULTY)


class DayOption(click.ParamType[date]):
    """A day as people write it."""

    name = "tanggal"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, not after today."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value), latest=today())
        except ValueProblem as problem:
            self.fail(str(problem.sentence), param, ctx)


def import_file(
    kind: str, file: Path, *, as_of: date | None, dry_run: bool, report: Path | None, as_json: bool
) -> int:
    """Dry run, then commit unless ``dry_run``; prints the counts. Returns the exit code of the contract."""
    try:
        with file.open("rb") as stream:
            batch_id, found = staging.take_file(
                stream, file_name=file.name, kind=kind, as_of=as_of, actor=COMMAND
            )
    except Refused as refused:
        click.echo(str(sentence_of(refused)), err=True)
        return REFUSED
    staging.read_file(batch_id, found)
    return _after_reading(batch_id, dry_run=dry_run, report=report, as_json=as_json)


def _after_reading(batch_id: int, *, dry_run: bool, report: Path | None, as_json: bool) -> int:
    batch = get_batch(batch_id)
    if batch.status is BatchStatus.REFUSED:
        click.echo(batch.sentence, err=True)
        return REFUSED
    if not dry_run:
        jobs.begin_commit(batch_id, COMMAND)
        jobs.commit(batch_id, COMMAND)
        batch = get_batch(batch_id)
    if report is not None:
        _write_report(batch, report)
    _print_counts(batch, as_json=as_json)
    brought_in = batch.writable_rows if dry_run else count_applied(batch_id)
    return DONE if brought_in else NOTHING_IMPORTED


def _write_report(batch: BatchView, report: Path) -> None:
    """With numbers in clear: whoever works at the server has the file itself. Noted like every such report."""
    subject = f"impor:{batch.id}"
    atomically(lambda s: audit.record(s, deed="import.report_in_clear", subject=subject, actor=COMMAND))
    write_row_report(batch, report, in_clear=True)


def _print_counts(batch: BatchView, *, as_json: bool) -> None:
    counts = {outcome: batch.counts.get(outcome, 0) for outcome in ANSWERED}
    if as_json:
        click.echo(json.dumps({"batch": batch.id, **{o.value: n for o, n in counts.items()}}))
    else:
        words = ", ".join(f"{str(OUTCOME_WORDS[o]).lower()} {n}" for o, n in counts.items())
        click.echo(f"Impor {batch.id}: {words}.")
    if batch.sentence:
        click.echo(batch.sentence, err=True)
