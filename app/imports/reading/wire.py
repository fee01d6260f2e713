"""What the worker and the application say to each other: cells, rows, lines of JSON.

A cell travels as itself (text, number, boolean, null) or as a list of two: a letter for the kind and a text.
Loaded by the worker: standard library only.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

# Beyond this a float no longer holds every whole number, so it is better left a float.
_EXACT: Final = 2**53


class CellError(NamedTuple):
    """A cell whose formula failed; ``code`` as the spreadsheet shows it: '#REF!'."""

    code: str


Cell: TypeAlias = str | int | float | bool | date | datetime | CellError | None


class Row(NamedTuple):
    """One row of a sheet as it stands there.

    ``number`` counts from 1 as in the spreadsheet. ``cells`` is as wide as the sheet. ``filled`` are the
    columns (from 0) whose value was carried down from a merged cell that began in a row above; ``spans`` are
    the merged cells lying across this row, as first and last column: their value is in the first.
    """

    sheet: str
    number: int
    cells: list[Cell]
    filled: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


class SheetInfo(NamedTuple):
    """One sheet of the file, in its order. Hidden sheets are named but not read."""

    name: str
    hidden: bool = False


def pack_cell(value: object) -> object:
    """A cell for the wire. Blank text is None, whole floats are whole numbers."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return _pack_number(value)
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, CellError):
        return ["e", value.code]
    if isinstance(value, time | timedelta):
        return str(value)
    return value if isinstance(value, int) else str(value)


def _pack_number(value: float) -> int | float | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


def unpack_cell(value: Any) -> Cell:
    """The cell as ``pack_cell`` sent it. Raises ValueError for anything else."""
    if isinstance(value, list):
        kind, text = value
        match kind:
            case "d":
                return date.fromisoformat(text)
            case "t":
                return datetime.fromisoformat(text)
            case "e":
                return CellError(str(text))
        raise ValueError(f"unknown kind of cell: {kind!r}")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"no cell: {type(value).__name__}")


def line(message: dict[str, Any]) -> bytes:
    """One message as a line."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"
