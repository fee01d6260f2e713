"""How alike two names of bodies are (domain: duplicates). Pure; whoever asks decides what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from app.registry.words_of_names import KDMP, names_kdmp, telling_words, without_kinds, words_of

CANDIDATE: Final = 0.60  # shown to an officer side by side
ASK: Final = 0.85  # "Apakah ini koperasi Bapak/Ibu?"
_NOT_ALIKE: Final = 0.59  # what keeps apart bodies that only look alike
_MOST_PER_ROW: Final = 3


@lru_cache(maxsize=50_000)
def is_kdmp(name: str) -> bool:
    """True for a Koperasi Desa/Kelurahan Merah Putih: KDMP, KKMP, kopdes, written out ..."""
    return names_kdmp(words_of(name))


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """The name without words of its kind: "KSP Maju Jaya" -> "maju jaya"; a KDMP -> "kdmp <desa>".

    A name of nothing but such words keeps them ("Koperasi Serba Usaha" -> "serba usaha"). At most 200 letters.
    """
    words = words_of(name)
    telling = telling_words(words)
    bare = telling_words(without_kinds(words))
    return " ".join(bare or telling or words)[:200]


def likeness(a: str, b: str, *, same_desa: bool | None = None) -> float:
    """0 to 1: how likely names ``a`` and ``b`` are of one body. 1.0 for equal keys.

    ``same_desa``: whether they are in one desa, None when unknown. Every desa has one Koperasi Merah Putih, so for
    two of them the desa alone decides, and a Merah Putih is never another cooperative of its desa.
    """
    if is_kdmp(a) and is_kdmp(b) and same_desa is not None:
        return 1.0 if same_desa else 0.0
    if is_kdmp(a) != is_kdmp(b):
        return min(_key_likeness(_without_kdmp(name_key(a)), _without_kdmp(name_key(b))), _NOT_ALIKE)
    return _key_likeness(name_key(a), name_key(b))


def key_likeness(a: str, b: str) -> float:
    """As ``likeness``, of two results of ``name_key``."""
    return min(_key_likeness(a, b), 1.0 if _kdmp_key(a) == _kdmp_key(b) else _NOT_ALIKE)


def _kdmp_key(key: str) -> bool:
    return key == KDMP or key.startswith(KDMP + " ")


def _without_kdmp(key: str) -> str:
    return key.removeprefix(KDMP + " ")


def _key_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0 if a else 0.0
    if _numbers(a) != _numbers(b):
        return min(_score(a, b), _NOT_ALIKE)  # "RW 05" and "RW 06"
    if _kdmp_key(a) and _kdmp_key(b):
        # Only the name of the desa is left: one typing error at most, or Sukajaya would be Sukaraja.
        return _score(a, b) if fuzz.ratio(_without_kdmp(a), _without_kdmp(b)) >= 85 else 0.0
    return _score(a, b)


def _score(a: str, b: str) -> float:
    """Order of words and missing blanks do not matter."""
    joined = fuzz.ratio(a.replace(" ", ""), b.replace(" ", ""))
    return max(float(fuzz.token_sort_ratio(a, b)), float(joined)) / 100


def _numbers(key: str) -> list[str]:
    return sorted(word for word in key.split() if word.isdigit())


@dataclass(frozen=True, slots=True)
class NamedAt:
    """A name and where it is; codes None where unknown."""

    name: str
    kecamatan_code: str | None = None
    desa_code: str | None = None


@dataclass(frozen=True, slots=True)
class Resembling:
    """Position in the list that was searched, and how alike (0 to 1)."""

    index: int
    score: float


def match_names(rows: Sequence[NamedAt], existing: Sequence[NamedAt]) -> list[list[Resembling]]:
    """For each of ``rows`` the up to three most alike of ``existing``, nearest first, from CANDIDATE on.

    Compared are bodies of one desa, or of one kecamatan where a desa is unknown; with the kecamatan unknown, all.
    Blocked by place, so that 50,000 names are compared in seconds.
    """
    blocks = _Blocks(existing)
    return [blocks.nearest(row) for row in rows]


class _Blocks:
    """Keys of known names by place."""

    def __init__(self, existing: Sequence[NamedAt]) -> None:
        self.existing = existing
        self.everything: dict[int, str] = {}
        self.by_kecamatan: defaultdict[str | None, dict[int, str]] = defaultdict(dict)
        self.by_desa: defaultdict[str | None, dict[int, str]] = defaultdict(dict)
        self.no_desa: defaultdict[str | None, dict[int, str]] = defaultdict(dict)
        for i, known in enumerate(existing):
            key = name_key(known.name)
            self.everything[i] = key
            self.by_kecamatan[known.kecamatan_code][i] = key
            if known.desa_code:
                self.by_desa[known.desa_code][i] = key
            else:
                self.no_desa[known.kecamatan_code][i] = key

    def blocks_of(self, row: NamedAt) -> Iterable[dict[int, str]]:
        if not row.kecamatan_code:
            return [self.everything]
        nowhere = self.by_kecamatan.get(None, {})
        if not row.desa_code:
            return [self.by_kecamatan.get(row.kecamatan_code, {}), nowhere]
        return [self.by_desa.get(row.desa_code, {}), self.no_desa.get(row.kecamatan_code, {}), nowhere]

    def nearest(self, row: NamedAt) -> list[Resembling]:
        key = name_key(row.name)
        found: dict[int, float] = {}
        for block in self.blocks_of(row):
            for _, _, i in process.extract(
                key, block, scorer=_fast_score, score_cutoff=CANDIDATE * 100, limit=8
            ):
                known = self.existing[i]
                same = row.desa_code == known.desa_code if row.desa_code and known.desa_code else None
                found[i] = likeness(row.name, known.name, same_desa=same)
        ranked = sorted(
            (Resembling(i, s) for i, s in found.items() if s >= CANDIDATE), key=lambda r: (-r.score, r.index)
        )
        return ranked[:_MOST_PER_ROW]


_fast_score = fuzz.token_sort_ratio
