"""The built look: addresses of hashed files, the inlined stylesheet and its hash for the security policy.

``tools/assets.py`` builds ``app/static/dist`` with ``manifest.json``: ``{"fingerprint": ..., "files": {name: hashed
name}}``. The manifest is read once per process, because WhiteNoise, too, learns the files once at start.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

DIST: Final = Path(__file__).resolve().parent.parent / "static" / "dist"
STATIC_URL: Final = "/static/"
INLINE_STYLESHEET: Final = "app.css"
INLINE_STYLESHEETS: Final = (INLINE_STYLESHEET, "form.css")
_HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9.]+$")


class AssetsMissing(RuntimeError):
    """The look was never built, or a template asks for a file that the build does not make."""


@dataclass(frozen=True)
class Built:
    """What the last build left. ``files`` maps plain names to hashed ones; ``sheets`` are the inlined stylesheets."""

    files: dict[str, str]
    sheets: dict[str, str]
    fingerprint: str


def read_built(dist: Path) -> Built:
    """Read a build from ``dist``. Raises AssetsMissing with the command that makes it."""
    try:
        manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
        files = manifest["files"]
        sheets = {name: (dist / files[name]).read_text(encoding="utf-8") for name in INLINE_STYLESHEETS}
    except (FileNotFoundError, KeyError, ValueError) as problem:
        raise AssetsMissing("build the look first: .venv/bin/python tools/assets.py") from problem
    return Built(files, sheets, manifest["fingerprint"])


@lru_cache(maxsize=1)
def built() -> Built:
    """The build that this process serves."""
    return read_built(DIST)


def csp_hash(text: str) -> str:
    """``sha256-...`` of an inline element's text, as the security policy writes it (without quotes)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def asset(name: str) -> str:
    """Address of a built file: ``asset("app.js")`` is ``/static/app-0A1B2C3D.js``. Raises AssetsMissing."""
    try:
        return STATIC_URL + built().files[name]
    except KeyError:
        raise AssetsMissing(f"the build makes no {name}") from None


def stylesheet(name: str = INLINE_STYLESHEET) -> str:
    """Text of the stylesheet that a page carries in its one style element: app.css, or form.css where it only asks."""
    return built().sheets[name]


@lru_cache(maxsize=1)
def style_hashes() -> tuple[str, ...]:
    """Hashes of all inline styles for the security policy."""
    return tuple(csp_hash(stylesheet(name)) for name in INLINE_STYLESHEETS)


def is_immutable(path: str, url: str) -> bool:
    """WhiteNoise asks: may caches keep this for ever? Yes, when the name carries the hash of the content."""
    return _HASHED.search(url) is not None


def add_static_headers(headers: Headers, path: str, url: str) -> None:
    """Static files get the same protection as pages; as documents of their own they may do nothing at all."""
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
