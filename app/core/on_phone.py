"""What a room puts on phones: shortcuts of the icon, pages kept for places without signal.

Each room says so itself in its ``furnish``; the room offline makes the manifest and the worker's list of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask, current_app
from flask_babel import LazyString

EXTENSION: Final = "kop_ukm_on_phone"


@dataclass(frozen=True)
class Shortcut:
    """A door that opens from a long press on the icon; phones show the first four."""

    text: LazyString
    url: str
    order: int


@dataclass
class OnPhone:
    """What all rooms together put there. ``pages``: address -> True when it is no more than an extra."""

    shortcuts: list[Shortcut] = field(default_factory=list)
    pages: dict[str, bool] = field(default_factory=dict)


def _of(app: Flask) -> OnPhone:
    return cast(OnPhone, app.extensions.setdefault(EXTENSION, OnPhone()))


def add_shortcut(app: Flask, text: LazyString, url: str, *, order: int) -> None:
    """Offer ``url`` (an address of the contract) from the icon, in the place ``order`` among the others."""
    _of(app).shortcuts.append(Shortcut(text, url, order))


def keep_page(app: Flask, url: str, *, extra: bool = False) -> None:
    """Have every phone keep ``url`` from its first visit on; an ``extra`` not where data is being saved.

    The page must be the same for everybody and wrapped in ``headers.keep_on_phone``. A kept page opens at once and
    without asking the network, and is renewed with the next release.
    """
    _of(app).pages[url] = extra


def on_phone() -> OnPhone:
    """What the running application puts on phones."""
    return cast(OnPhone, current_app.extensions.get(EXTENSION) or OnPhone())
