"""Places for tests: the reference data as a value object, without a database."""

from __future__ import annotations

from functools import cache
from typing import Final

from app.regions.places import AliasPlace, DesaPlace, DesaStatus, KecamatanPlace, Places
from app.regions.reference import Reference, read_reference

CIBINONG: Final = "32.01.01"
NANGGUNG: Final = "32.01.21"


@cache
def reference() -> Reference:
    """The rows that ``regions load`` brings in."""
    return read_reference()


@cache
def all_places() -> Places:
    """The same places that the database holds after ``regions load``."""
    rows = reference()
    return Places.of(
        [KecamatanPlace(r["code"], r["name"], r["name_key"]) for r in rows.kecamatan],
        [
            DesaPlace(r["code"], r["name"], r["name_key"], DesaStatus(r["status"]), r["kecamatan_code"])
            for r in rows.desa
        ],
        [AliasPlace(r["code"], r["alias_key"]) for r in rows.aliases],
    )


def kecamatan_code(name: str) -> str:
    """Code of the kecamatan of that name."""
    return next(k.code for k in all_places().kecamatan if k.name == name)


def desa_code(name: str, kecamatan: str) -> str:
    """Code of the desa ``name`` in the kecamatan of that name."""
    inside = all_places().desa_by_kecamatan[kecamatan_code(kecamatan)]
    return next(d.code for d in inside if d.name == name)
