"""The version of what phones keep: it changes exactly when a kept page, script or key may have changed."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.core.assets import built
from app.core.clock import today
from app.core.office_key import public_key

_LETTERS = 10


def release() -> str:
    """A short hash over all that shows on kept pages. The year is in it because forms offer years."""
    shown = current_app.config["SETTINGS"]
    parts = (shown.office, shown.practice_mode, shown.decision_days, public_key(), today().year)
    return hashlib.sha256(f"{_sources(_root())} {parts!r}".encode()).hexdigest()[:_LETTERS]


def _root() -> Path:
    return Path(current_app.root_path)


@lru_cache(maxsize=1)
def _sources(root: Path) -> str:
    """Hash over the built files, the templates and the compiled catalogues, as this process has read them."""
    digest = hashlib.sha256(repr(sorted(built().files.items())).encode())
    templates = (root / "templates").rglob("*.html")
    catalogues = (root.parent / "translations").rglob("*.mo")
    for path in sorted((*templates, *catalogues)):
        digest.update(path.relative_to(root.parent).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
