"""Words of closed lists as offices write them, and what they mean here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from app.cooperatives.rules import CooperativeType, MembershipArea, MinistryStatus

UNCLEAR: Final = ""  # said, but neither the one nor the other
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")

Meanings = tuple[tuple[str, str], ...]
"""(word, stored value), longest words first, so that 'tidak aktif' is not read as 'aktif'."""


def _longest_first(meanings: dict[str, str]) -> Meanings:
    return tuple(sorted(meanings.items(), key=lambda pair: (-len(pair[0]), pair[0])))


KINDS: Final = _longest_first(
    {
        "konsumen": CooperativeType.CONSUMER.value,
        "konsumsi": CooperativeType.CONSUMER.value,
        "produsen": CooperativeType.PRODUCER.value,
        "produksi": CooperativeType.PRODUCER.value,
        "pemasaran": CooperativeType.MARKETING.value,
        "jasa": CooperativeType.SERVICE.value,
        "simpan pinjam": CooperativeType.SAVINGS_AND_LOAN.value,
        "ksp": CooperativeType.SAVINGS_AND_LOAN.value,
        "kspps": CooperativeType.SAVINGS_AND_LOAN.value,
        "serba usaha": CooperativeType.UNKNOWN.value,
        "ksu": CooperativeType.UNKNOWN.value,
    }
)
MINISTRY: Final = _longest_first(
    {
        "aktif": MinistryStatus.ACTIVE.value,
        "tidak aktif": MinistryStatus.INACTIVE.value,
        "tdk aktif": MinistryStatus.INACTIVE.value,
        "tak aktif": MinistryStatus.INACTIVE.value,
        "non aktif": MinistryStatus.INACTIVE.value,
        "nonaktif": MinistryStatus.INACTIVE.value,
        "inaktif": MinistryStatus.INACTIVE.value,
        "belum aktif": UNCLEAR,
        "kurang aktif": UNCLEAR,
        "pasif": MinistryStatus.INACTIVE.value,
    }
)
AREAS: Final = _longest_first(
    {
        "nasional": MembershipArea.NASIONAL.value,
        "provinsi": MembershipArea.PROVINSI.value,
        "propinsi": MembershipArea.PROVINSI.value,
        "kabupaten": MembershipArea.KABUPATEN.value,
        "kota": MembershipArea.KABUPATEN.value,
    }
)


@lru_cache(maxsize=2_000)
def meaning(text: str, meanings: Meanings) -> str | None:
    """The stored value of the first of ``meanings`` that occurs in ``text``."""
    plain = _BETWEEN_WORDS.sub(" ", text.casefold())
    return next((value for word, value in meanings if word in plain), None) or None
