"""Pages of a list: always ordered, always limited, with exact counts only where they are cheap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from flask import request

from app.core.language import this_address

Row = TypeVar("Row")

PAGE_SIZE = 20
SAVING_SIZE = 10  # rows for who asked the browser to save data
COUNT_LIMIT = 1000  # a search is counted exactly up to here, then shown as "lebih dari 1.000"
LAST_PAGE = 5000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list. ``total`` is exact unless ``more`` is true (then it is COUNT_LIMIT)."""

    rows: Sequence[Row]
    number: int
    total: int
    more: bool = False
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are (at least 1)."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first row shown, from 1."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    @cached_property
    def prev_url(self) -> str | None:
        """Address of the page before."""
        return page_url(self.number - 1) if self.number > 1 else None

    @cached_property
    def next_url(self) -> str | None:
        """Address of the page after."""
        return page_url(self.number + 1) if self.last < self.total else None


def page_number() -> int:
    """The page asked for by ``?halaman=``; 1 for anything unreadable."""
    text = request.args.get("halaman", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 9 else 1


def page_size() -> int:
    """Rows of a public list: fewer where the browser says ``Save-Data: on``. The answer must vary by it."""
    saving = request.headers.get("Save-Data", "").strip().lower() == "on"
    return SAVING_SIZE if saving else PAGE_SIZE


def page_url(number: int) -> str:
    """The running address with another page number, all other parameters kept."""
    return this_address({"halaman": number if number > 1 else None})
