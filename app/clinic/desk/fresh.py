"""Blocks that ask for themselves again (keep-fresh.js): what they show has a version, and nothing new costs nothing."""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Response, make_response, request

from app.core.language import page_language
from app.core.page import wanted_fragment

_SEEN: Final = "X-Seen"


def version_of(*shown: object) -> str:
    """A short name for all that a block shows; other values, or another language, have another one."""
    return hashlib.sha256(repr((page_language(), *shown)).encode()).hexdigest()[:16]


def nothing_new(fragment: str, version: str) -> Response | None:
    """204 for who asks for the block again and has this version; None: show it."""
    asked = request.method == "GET" and wanted_fragment((fragment,))
    if not asked or request.headers.get(_SEEN) != version:
        return None
    answer = make_response("", 204)
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer
