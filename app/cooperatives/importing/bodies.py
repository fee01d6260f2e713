"""Bodies by place, so that those with a name like a row's are found quickly among 50,000."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Generic, Protocol, TypeVar

from rapidfuzz import fuzz

from app.registry.likeness_rules import ASK, is_kdmp, likeness
from app.registry.words_of_names import KIND_PHRASES, telling_words, without_kinds, words_of

_PHRASES: Final = {short: frozenset(phrase) for short, phrase in KIND_PHRASES}


class Named(Protocol):
    """What is compared: a record, or a row of the file."""

    @property
    def name(self) -> str:
        """As it is written."""

    @property
    def name_key(self) -> str:
        """Without words of its kind."""

    @property
    def kecamatan_code(self) -> str:
        """Where it is."""

    @property
    def desa_code(self) -> str | None:
        """Where it is, if that is known."""

    @property
    def legal_key(self) -> str | None:
        """Its legal entity number in the form numbers are compared in."""

    @property
    def nik_koperasi(self) -> str | None:
        """Its number at the ministry."""


Body = TypeVar("Body", bound=Named)


class _Block(Generic[Body]):
    """Bodies of one desa, or of a kecamatan without their desa."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self._sorted: list[str] = []
        self._joined: list[str] = []

    def add(self, body: Body) -> None:
        self.bodies.append(body)
        self._sorted.append(_in_order(body.name_key))
        self._joined.append(body.name_key.replace(" ", ""))

    def near(self, name_key: str) -> Iterator[Body]:
        """Bodies whose names come near: neither the order of words nor blanks matter."""
        ordered, joined, least = _in_order(name_key), name_key.replace(" ", ""), ASK * 100
        for at, body in enumerate(self.bodies):
            if fuzz.ratio(ordered, self._sorted[at], score_cutoff=least) or fuzz.ratio(
                joined, self._joined[at], score_cutoff=least
            ):
                yield body


class NameBlocks(Generic[Body]):
    """Compared are bodies of one desa, and those whose desa is unknown in the same kecamatan."""

    def __init__(self) -> None:
        self._blocks: dict[str, dict[str | None, _Block[Body]]] = defaultdict(lambda: defaultdict(_Block))

    def add(self, body: Body) -> None:
        """From now on it is found."""
        self._blocks[body.kecamatan_code][body.desa_code].add(body)

    def alike(self, wanted: Named) -> list[Body]:
        """Bodies that may be ``wanted``, likeliest first; only from the likeness on at which people are asked."""
        scored = []
        for block in self._places(wanted):
            near: Iterable[Body] = block.bodies if is_kdmp(wanted.name) else block.near(wanted.name_key)
            scored += [(_likeness(body, wanted), body) for body in near]
        best = sorted((pair for pair in scored if pair[0] >= ASK), key=lambda pair: -pair[0])
        return [body for _, body in best]

    def _places(self, wanted: Named) -> list[_Block[Body]]:
        blocks = self._blocks.get(wanted.kecamatan_code, {})
        if wanted.desa_code is None:
            return list(blocks.values())
        return [blocks[desa] for desa in (wanted.desa_code, None) if desa in blocks]


def _in_order(name_key: str) -> str:
    return " ".join(sorted(name_key.split()))


def _likeness(body: Named, wanted: Named) -> float:
    known = body.desa_code is not None and wanted.desa_code is not None
    return likeness(body.name, wanted.name, same_desa=body.desa_code == wanted.desa_code if known else None)


def same_name(a: Named, b: Named) -> bool:
    """The names say the same, and their words of the kind of cooperative do not speak against it."""
    if a.name_key != b.name_key:
        return is_kdmp(a.name) and is_kdmp(b.name) and a.desa_code is not None and a.desa_code == b.desa_code
    ours, theirs = _kind_words(a.name), _kind_words(b.name)
    return is_kdmp(a.name) == is_kdmp(b.name) and (ours <= theirs or theirs <= ours)


def numbers_differ(a: Named, b: Named) -> bool:
    """Both have the same kind of number, and not the same one: two bodies, or a typing error."""
    pairs = ((a.legal_key, b.legal_key), (a.nik_koperasi, b.nik_koperasi))
    both = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    return bool(both) and all(ours != theirs for ours, theirs in both)


@lru_cache(maxsize=20_000)
def _kind_words(name: str) -> frozenset[str]:
    """Words of the kind, written out: KSP and Simpan Pinjam are one."""
    words = telling_words(words_of(name))
    rest = set(without_kinds(words))
    found: set[str] = set()
    for word in words:
        if word not in rest:
            found |= _PHRASES.get(word, frozenset({word}))
    return frozenset(found)
