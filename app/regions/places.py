"""Places: the 40 kecamatan and 435 desa/kelurahan as plain values, found by code or by name key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class DesaStatus(StrEnum):
    """A desa governs itself; a kelurahan is an office of the kabupaten. Codes: 2xxx desa, 1xxx kelurahan."""

    DESA = "desa"
    KELURAHAN = "kelurahan"


@dataclass(frozen=True, slots=True)
class KecamatanPlace:
    """A kecamatan; ``key`` is its name in the form spellings are compared in (rules.place_key)."""

    code: str
    name: str
    key: str

    @property
    def full_name(self) -> str:
        """As it is shown alone."""
        return f"Kecamatan {self.name}"


@dataclass(frozen=True, slots=True)
class DesaPlace:
    """A desa or kelurahan."""

    code: str
    name: str
    key: str
    status: DesaStatus
    kecamatan_code: str

    @property
    def full_name(self) -> str:
        """With the word of its status: "Desa Cikaret", "Kelurahan Karadenan"."""
        return f"{'Kelurahan' if self.status is DesaStatus.KELURAHAN else 'Desa'} {self.name}"


@dataclass(frozen=True, slots=True)
class AliasPlace:
    """Another spelling ``key`` of the kecamatan or desa ``code``."""

    code: str
    key: str


@dataclass(frozen=True, eq=False)
class Places:
    """All places at once, made by ``Places.of``. Lists are ordered by name. Equal only to itself."""

    kecamatan: tuple[KecamatanPlace, ...]
    desa: tuple[DesaPlace, ...]
    kecamatan_by_code: Mapping[str, KecamatanPlace]
    desa_by_code: Mapping[str, DesaPlace]
    desa_by_kecamatan: Mapping[str, tuple[DesaPlace, ...]]
    aliases: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, kecamatan: Iterable[KecamatanPlace], desa: Iterable[DesaPlace], aliases: Iterable[AliasPlace]
    ) -> Places:
        """The value object of these rows; every desa must belong to one of the kecamatan."""
        kecamatan = tuple(sorted(kecamatan, key=lambda k: (k.name, k.code)))
        desa = tuple(sorted(desa, key=lambda d: (d.name, d.code)))
        children: dict[str, list[DesaPlace]] = {k.code: [] for k in kecamatan}
        for place in desa:
            children[place.kecamatan_code].append(place)
        spellings: defaultdict[str, list[str]] = defaultdict(list)
        for alias in aliases:
            spellings[alias.key].append(alias.code)
        return cls(
            kecamatan=kecamatan,
            desa=desa,
            kecamatan_by_code={k.code: k for k in kecamatan},
            desa_by_code={d.code: d for d in desa},
            desa_by_kecamatan={code: tuple(found) for code, found in children.items()},
            aliases={key: tuple(sorted(set(codes))) for key, codes in spellings.items()},
        )

    def is_kecamatan(self, code: str | None) -> bool:
        """True for the code of a known kecamatan."""
        return code in self.kecamatan_by_code

    def is_desa_of(self, desa_code: str | None, kecamatan_code: str | None) -> bool:
        """True when ``desa_code`` is a desa or kelurahan of ``kecamatan_code``."""
        place = self.desa_by_code.get(desa_code or "")
        return place is not None and place.kecamatan_code == kecamatan_code

    def name_of(self, code: str | None) -> str:
        """Always unmistakable, because 38 desa names repeat: "Desa X, Kec. Y", "Kec. Y"; '' for unknown codes."""
        return self._names.get(code or "", "")

    @cached_property
    def _names(self) -> dict[str, str]:
        """Made once: each line of each list asks for one."""
        kecamatan = {k.code: f"Kec. {k.name}" for k in self.kecamatan}
        return kecamatan | {d.code: f"{d.full_name}, {kecamatan[d.kecamatan_code]}" for d in self.desa}

    def short_name(self, code: str | None) -> str:
        """The bare name of a kecamatan or desa; '' for unknown codes."""
        place = self.desa_by_code.get(code or "") or self.kecamatan_by_code.get(code or "")
        return place.name if place is not None else ""


def packed_places(known: Places) -> str:
    """All codes and names of desa in as few letters as can be, for phones.

    One line per kecamatan, in the order of the codes: ``32.01.01.1001Pondok Rajeg,Karadenan,2001Cikeas``. A number
    stands only where the code is not the one before plus one; the same holds for the kecamatan at the head of the
    line. Names of kecamatan are in the page. A number that begins with 1 is a kelurahan, with 2 a desa.
    """
    lines = []
    before = ""
    for kecamatan in sorted(known.desa_by_kecamatan):
        head = "" if before and kecamatan == _next_code(before) else f"{kecamatan}."
        lines.append(head + _packed_desa(known.desa_by_kecamatan[kecamatan]))
        before = kecamatan
    return "\n".join(lines)


def _packed_desa(desa: Iterable[DesaPlace]) -> str:
    words = []
    before = ""
    for place in sorted(desa, key=lambda d: d.code):
        number = place.code.rpartition(".")[2]
        words.append(place.name if before and number == _next_code(before) else number + place.name)
        before = number
    return ",".join(words)


def _next_code(code: str) -> str:
    """32.01.01 -> 32.01.02, 1009 -> 1010."""
    head, dot, last = code.rpartition(".")
    return f"{head}{dot}{int(last) + 1:0{len(last)}}"
