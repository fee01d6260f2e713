"""What a benchmark hands back, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

HEADS: Final = ("what", "ours", "yardstick", "ratio", "wanted", "")


@dataclass(frozen=True)
class Row:
    """One figure. ``ours`` and ``yardstick`` in ``unit``; well when ours / yardstick is within ``most`` and ``least``.

    Without a yardstick (0) the figure itself is compared.
    """

    what: str
    ours: float
    unit: str
    yardstick: float = 0.0
    most: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float:
        """Ours by the yardstick, or ours alone."""
        return self.ours / self.yardstick if self.yardstick else self.ours

    @property
    def well(self) -> bool:
        """Within what is wanted."""
        return (self.most is None or self.ratio <= self.most) and (
            self.least is None or self.ratio >= self.least
        )

    def cells(self) -> tuple[str, ...]:
        """As printed."""
        limits = [
            f"{sign} {limit:g}"
            for sign, limit in (("<=", self.most), (">=", self.least))
            if limit is not None
        ]
        yardstick = f"{self.yardstick:.4g} {self.unit}" if self.yardstick else "-"
        ratio = f"{self.ratio:.2f}" if self.yardstick else "-"
        ours = f"{self.ours:.4g} {self.unit}"
        return (self.what, ours, yardstick, ratio, ", ".join(limits) or "-", "ok" if self.well else "MISSED")


def as_text(rows: Iterable[Row]) -> str:
    """A table with its columns aligned."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )
