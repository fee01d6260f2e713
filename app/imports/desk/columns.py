"""Which column holds what, as it was guessed, with a sample of each; an officer corrects it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core.access import Access, current_actor
from app.core.page import page
from app.core.transaction import atomically
from app.imports import room, staging
from app.imports.desk.deeds import do
from app.imports.desk.entering import batch_or_404
from app.imports.forms import DeedForm
from app.imports.kinds import KINDS
from app.imports.queries.batches import BatchView
from app.imports.queries.rows import first_rows
from app.imports.rules import column_letter
from app.imports.services import batches
from app.imports.showing import samples_of
from app.imports.words import field_words

SURE: Final = 95
NOTHING: Final = ""


@dataclass(frozen=True)
class ColumnChoice:
    """One column to choose a field for. ``name`` is that of its control."""

    name: str
    letter: str
    heading: str
    sample: str
    field: str
    sure: bool
    problem: str = ""


@room.get("/petugas/impor/<int:batch_id>/kolom", access=Access.IMPORT_COOPERATIVES)
def columns(batch_id: int) -> Response:
    """A choice for each column of each sheet."""
    batch = batch_or_404(batch_id)
    return _page(batch, batch.mapping, {})


@room.post("/petugas/impor/<int:batch_id>/kolom", access=Access.IMPORT_COOPERATIVES)
def correct_columns(batch_id: int) -> BaseResponse:
    """Judge the staged rows again with corrected columns."""
    batch = batch_or_404(batch_id)
    mapping = _sent_mapping(batch)
    problems = _problems(batch, mapping)
    if problems:
        return _page(batch, mapping, problems, status=422)
    return do(batch_id, partial(_correct, batch_id, mapping), partial(staging.read_again, batch_id))


def _correct(batch_id: int, mapping: dict[str, Any]) -> None:
    actor = current_actor()
    atomically(lambda s: batches.correct_mapping(s, batch_id, mapping, actor=actor))


def _page(
    batch: BatchView, mapping: dict[str, Any], problems: dict[str, str], *, status: int = 200
) -> Response:
    kind = KINDS[batch.kind]
    sheets = [
        (sheet, _choices(batch, number, sheet, seen, problems))
        for number, (sheet, seen) in enumerate(mapping.items())
    ]
    return page(
        "imports/columns.html",
        batch=batch,
        sheets=sheets,
        fields=field_words(kind),
        problems=list(problems.items()),
        form=DeedForm(),
        status=status,
    )


def _choices(
    batch: BatchView, number: int, sheet: str, seen: dict[str, Any], problems: dict[str, str]
) -> list[ColumnChoice]:
    samples = samples_of(KINDS[batch.kind], seen, first_rows(batch.id, sheet))
    return [
        ColumnChoice(
            name=(name := control_name(number, index)),
            letter=column_letter(int(index)),
            heading=seen["headings"].get(index, ""),
            sample=samples.get(int(index), ""),
            field=seen["columns"].get(index, ""),
            sure=seen["certainty"].get(index, SURE) >= SURE,
            problem=problems.get(name, ""),
        )
        for index in _all_columns(seen, samples)
    ]


def _all_columns(seen: dict[str, Any], samples: dict[int, str]) -> list[str]:
    """Columns with a heading, and those without one that hold something."""
    return [str(i) for i in sorted({*(int(i) for i in seen["headings"]), *samples})]


def control_name(number: int, index: str) -> str:
    """The name of a column's control: number of the sheet from 0, and of the column from 0."""
    return f"kolom-{number}-{index}"


def _sent_mapping(batch: BatchView) -> dict[str, Any]:
    """The columns as chosen in the form."""
    known = set(KINDS[batch.kind].vocabulary)
    corrected: dict[str, Any] = {}
    for number, (sheet, seen) in enumerate(batch.mapping.items()):
        start = control_name(number, "")
        chosen = {
            name.removeprefix(start): field
            for name, field in request.form.items()
            if name.startswith(start) and field in known and name.removeprefix(start).isdecimal()
        }
        corrected[sheet] = {**seen, "columns": chosen, "certainty": {}}
    return corrected


def _problems(batch: BatchView, mapping: dict[str, Any]) -> dict[str, str]:
    """Sentences by control: a field for two columns, or no column for what is needed."""
    kind = KINDS[batch.kind]
    found: dict[str, str] = {}
    for number, seen in enumerate(mapping.values()):
        twice = {field for field, n in Counter(seen["columns"].values()).items() if n > 1}
        for index, field in seen["columns"].items():
            if field in twice:
                words = _("%(field)s dipilih untuk dua kolom. Pilih satu saja.", field=kind.label(field))
                found.setdefault(control_name(number, index), words)
    needed = set(kind.required)
    if not found and not any(needed <= set(seen["columns"].values()) for seen in mapping.values()):
        names = ", ".join(kind.label(name) for name in kind.required)
        first = next((i for seen in mapping.values() for i in seen["headings"]), "0")
        found[control_name(0, first)] = _("Pilih dulu kolom untuk: %(names)s.", names=names)
    return found
