"""Staged rows hold phones of persons, so their parts lie sealed, each bound to its batch, sheet and row."""

from __future__ import annotations

import json
from typing import Any

from app.core.crypt import seal, unseal


def seal_json(value: object, *, place: str) -> bytes:
    """Seal a JSON-able value for ``place``."""
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), place=place)


def unseal_json(blob: bytes, *, place: str) -> Any:
    """Open what ``seal_json`` made."""
    return json.loads(unseal(blob, place=place))


def place_of(batch_id: int, sheet: str, row_number: int, part: str) -> str:
    """Where a sealed part of a staged row belongs."""
    return f"import_row.{part}:{batch_id}:{sheet}:{row_number}"
