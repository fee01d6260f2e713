"""Notes that travel through the browser and come back: sealed, for one purpose, for one account, for a while."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import now
from app.core.crypt import CannotOpen, seal, unseal


def seal_note(content: dict[str, Any], *, purpose: str, owner: str = "") -> str:
    """``content`` as text for a hidden field. ``owner``: only who names the same one can open it."""
    body = json.dumps({"at": now().isoformat(), "content": content}, ensure_ascii=False)
    return base64.urlsafe_b64encode(seal(body, place=f"note.{purpose}:{owner}")).decode()


def open_note(text: str, *, purpose: str, owner: str = "", holds: timedelta) -> dict[str, Any] | None:
    """The content, or None: changed, for another purpose or owner, or older than ``holds``."""
    try:
        sealed = base64.urlsafe_b64decode(text.encode())
        body = json.loads(unseal(sealed, place=f"note.{purpose}:{owner}"))
    except (CannotOpen, binascii.Error, ValueError):
        return None
    if now() - datetime.fromisoformat(body["at"]) >= holds:
        return None
    content: dict[str, Any] = body["content"]
    return content
