"""Who gets the half hours that are kept for those who seldom get one, and what not coming costs.

A share of the half hours (the office's number) is kept until two days before for who comes for the first time or lives
far away. Which ones follows from the half hour itself, so that making slots again keeps the same ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from app.core.clock import in_wib

FREED_BEFORE: Final = timedelta(days=2)
# not having come counts for half a year
NO_SHOW_MEMORY: Final = timedelta(days=180)

# More than 25 km from Cibinong as the crow flies, by the centres of kecamatan.csv: on these roads two hours and more.
FAR: Final = frozenset(
    {
        "32.01.08",  # Cariu
        "32.01.14",  # Leuwiliang
        "32.01.17",  # Pamijahan
        "32.01.19",  # Jasinga
        "32.01.20",  # Parungpanjang
        "32.01.21",  # Nanggung
        "32.01.22",  # Cigudeg
        "32.01.23",  # Tenjo
        "32.01.24",  # Ciawi
        "32.01.25",  # Cisarua
        "32.01.27",  # Caringin
        "32.01.35",  # Sukajaya
        "32.01.36",  # Tanjungsari
        "32.01.38",  # Cigombong
        "32.01.39",  # Leuwisadeng
    }
)


def is_reserved(expert_id: int, starts_at: datetime, share: int) -> bool:
    """True for about ``share`` of every hundred half hours, always the same ones."""
    return crc32(f"{expert_id} {in_wib(starts_at):%Y%m%d%H%M}".encode()) % 100 < share


def may_have_reserved(kecamatan_code: str | None, *, first_time: bool) -> bool:
    """For whom they are kept."""
    return first_time or kecamatan_code in FAR
