"""The reading process: looks at one file, reads it, says its rows as lines of JSON on standard output.

Started by ``workbook`` outside the application's package, with an empty environment. It may die at any line:
by its limits of memory and time, or by a fault in the reader; the parent then says no in a sentence.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine

from . import guard, guard_text
from .facts import Checked, SheetFacts
from .limits import MIB, Limits, Refused
from .merged import MergedCells
from .wire import line, pack_cell

_ROWS_IN_A_LINE = 200
_CHARACTERS_IN_A_LINE = 256 * 1024
_LONGEST_NAME = 80
# The copy of the checked parts, plus the archive's directory.
_SPARE_FILE_BYTES = MIB

PackedRow = tuple[int, list[Any], list[int], list[list[int]]]


def main(arguments: list[str]) -> None:
    """Arguments: the file, the scratch folder, the limits as JSON."""
    limits = Limits(**json.loads(arguments[2]))
    _bind(limits)
    out = sys.stdout.buffer
    try:
        _read(Path(arguments[0]), Path(arguments[1]), limits, out)
    except Refused as refused:
        out.write(line({"refused": refused.code, "values": refused.values}))
    except MemoryError:
        out.write(line({"refused": "too_much_memory", "values": {}}))
    out.flush()


def _bind(limits: Limits) -> None:
    """Limits that the operating system keeps, where it has them (not on Windows)."""
    if hasattr(signal, "alarm"):
        signal.alarm(limits.abandoned_seconds)
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.work_seconds, limits.work_seconds))
    most = limits.inflated_bytes + _SPARE_FILE_BYTES
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _time_for_guarding(seconds: float) -> None:
    """The process ends when it computes longer than this; 0 takes the limit away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _read(path: Path, scratch: Path, limits: Limits, out: BinaryIO) -> None:
    _time_for_guarding(limits.guard_seconds)
    checked = guard.check(path, limits, scratch)
    _time_for_guarding(0)
    named = [[sheet.name[:_LONGEST_NAME], sheet.hidden] for sheet in checked.sheets]
    out.write(line({"kind": checked.kind, "sheets": named}))
    out.flush()
    rows = 0
    with _faults_as_refusals():
        for sheet, found in _sheets(checked, limits):
            out.write(line({"sheet": sheet.name[:_LONGEST_NAME]}))
            for block in _blocks(found):
                rows += len(block)
                if rows > limits.rows:
                    raise Refused("too_many_rows", rows=limits.rows)
                out.write(line({"rows": block}))
    out.write(line({"end": rows}))


@contextmanager
def _faults_as_refusals() -> Iterator[None]:
    try:
        yield
    except python_calamine.PasswordError:
        raise Refused("password") from None
    except python_calamine.CalamineError:
        raise Refused("damaged") from None
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # a fault of the reader, met in a broken file
            raise Refused("damaged") from None
        raise


def _sheets(checked: Checked, limits: Limits) -> Iterator[tuple[SheetFacts, Iterator[PackedRow]]]:
    """Each sheet that is shown and its rows; one sheet in memory at a time."""
    if checked.kind == "csv":
        yield checked.sheets[0], _text_rows(checked, limits)
        return
    with python_calamine.CalamineWorkbook.from_path(checked.path) as book:
        for sheet in checked.sheets:
            if not sheet.hidden:
                yield (
                    sheet,
                    _sheet_rows(book.get_sheet_by_name(sheet.name), sheet, limits),
                )


def _text_rows(checked: Checked, limits: Limits) -> Iterator[PackedRow]:
    for number, cells in guard_text.read_rows(checked, limits):
        if cells:
            yield number, [cell or None for cell in cells], [], []


def _sheet_rows(
    found: python_calamine.CalamineSheet, sheet: SheetFacts, limits: Limits
) -> Iterator[PackedRow]:
    """Rows with something of their own: cells packed, failed formulas named, merged ones carried down."""
    ranges = found.merged_cell_ranges or ()
    merges = sheet.merges or [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    merged = MergedCells(merges, limits.columns)
    for index, values in enumerate(found.iter_rows()):
        cells = [pack_cell(value) for value in values]
        for column in range(len(cells)) if sheet.errors else ():
            if cells[column] is None and (index, column) in sheet.errors:
                cells[column] = pack_cell(sheet.errors[index, column])
        _check_lengths(cells, index + 1, limits)
        used = any(cell is not None for cell in cells)
        filled, spans = merged.apply(index, cells)
        if used:
            yield index + 1, cells, filled, spans


def _check_lengths(cells: list[Any], number: int, limits: Limits) -> None:
    for cell in cells:
        if isinstance(cell, str) and len(cell) > limits.cell_characters:
            raise Refused("cell_too_long", line=number)


def _blocks(rows: Iterator[PackedRow]) -> Iterator[list[PackedRow]]:
    """Rows by the hundred, or fewer where their texts are long: a line stays small."""
    block: list[PackedRow] = []
    characters = 0
    for row in rows:
        block.append(row)
        characters += sum(len(cell) for cell in row[1] if isinstance(cell, str))
        if len(block) == _ROWS_IN_A_LINE or characters > _CHARACTERS_IN_A_LINE:
            yield block
            block, characters = [], 0
    if block:
        yield block
