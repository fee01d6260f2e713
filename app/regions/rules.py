"""Pure vocabulary and rules of the room regions."""

from __future__ import annotations

from enum import StrEnum


class DesaStatus(StrEnum):
    """A desa governs itself; a kelurahan is an office of the kabupaten. Codes: 2xxx desa, 1xxx kelurahan."""

    DESA = "desa"
    KELURAHAN = "kelurahan"
