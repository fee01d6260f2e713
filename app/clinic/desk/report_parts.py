"""What the tables of report 13 are made of, and its figures in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import LazyString

from app.core.language import formatting_locale
from app.core.words import number


@dataclass(frozen=True)
class Row:
    """Cells of a table; ``share`` (0 to 100) is drawn as a bar beside the last one."""

    cells: tuple[str, ...]
    share: int | None = None


@dataclass(frozen=True)
class Block:
    """One table of the report."""

    id: str
    title: str
    source: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def figure(value: float | Fraction | None, decimals: int = 0) -> str:
    """A number as people read it; '-' for none."""
    return "-" if value is None else number(float(value), formatting_locale(), decimals=decimals)


def percent(share: Fraction | None) -> str:
    """'25 %'; '-' for none."""
    return "-" if share is None else f"{figure(share * 100)}\N{NO-BREAK SPACE}%"


def words_of(*heads: LazyString) -> tuple[str, ...]:
    """Heads of a table in the reader's language."""
    return tuple(str(head) for head in heads)
