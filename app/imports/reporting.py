"""The row report of a batch as .xlsx: sheet by sheet as in the file, each row with what it does and why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path

from app.imports.kinds import KINDS
from app.imports.queries.batches import BatchView
from app.imports.queries.rows import RowView, iter_rows
from app.imports.report_file import ReportRow, ReportSheet, write_report
from app.imports.showing import SheetShower
from app.imports.words import DECISION_WORDS, OUTCOME_WORDS


def write_row_report(batch: BatchView, path: Path, *, in_clear: bool = False) -> int:
    """Write the report; the number of rows. Numbers of persons are covered unless ``in_clear``."""
    return write_report(path, _sheets(batch, in_clear=in_clear), folder=path.parent)


def _sheets(batch: BatchView, *, in_clear: bool) -> Iterator[ReportSheet]:
    every_row = chain.from_iterable(iter_rows(batch.id))
    for sheet, found in groupby(every_row, key=lambda row: row.ref.sheet):
        shower = SheetShower(KINDS[batch.kind], batch.mapping.get(sheet, {}), in_clear=in_clear)
        yield ReportSheet(sheet, shower.headings, (_row(row, shower) for row in found))


def _row(row: RowView, shower: SheetShower) -> ReportRow:
    outcome = str(OUTCOME_WORDS[row.outcome])
    return ReportRow(
        number=row.ref.number,
        outcome=f"{outcome} ({DECISION_WORDS[row.decision]})" if row.decision else outcome,
        reasons=[": ".join(filter(None, (shower.place(row, r["field"]), r["words"]))) for r in row.reasons],
        cells=shower.cells(row),
        code=row.record_code or "",
    )
