"""What a phone keeps from its first visit on.

The worker fetches the kit as a stranger and in one piece: one address that does not answer, and nothing is installed
(tests/offline/test_worker.py asks every one of them).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.assets import asset
from app.core.language import DEFAULT_LANGUAGE
from app.core.on_phone import on_phone
from app.offline.release import release

# what the kept pages and the worker itself need
FILES = (
    "app.js",
    "more.js",
    "mend.js",
    "outbox-page.js",
    "pocket.js",
    "kept-pages.js",
    "icon.svg",
)
EXTRA_FILES = ("carry.js", "qr-draw.js", "qr-read.js", "install.js")


@dataclass(frozen=True)
class Kit:
    """``kit``: opens without asking the network. ``extras``: only a fallback, and left out where data is saved."""

    kit: tuple[str, ...]
    extras: tuple[str, ...]


def kit() -> Kit:
    """The addresses of the running application."""
    pages = on_phone().pages
    return Kit(
        kit=(*[url for url, extra in pages.items() if not extra], *map(asset, FILES)),
        extras=(*[url for url, extra in pages.items() if extra], *map(asset, EXTRA_FILES)),
    )


def worker() -> str:
    """/sw.js: the kit, and the script that pages have already; a browser takes any change of it as a new worker."""
    found = kit()
    with force_locale(DEFAULT_LANGUAGE):
        told = {
            "version": release(),
            "kit": found.kit,
            "extras": found.extras,
            "title": _("Formulir"),
        }
    return f"self.KIT={json.dumps(told, separators=(',', ':'))};\nimportScripts('{asset('app.js')}');\n"
