"""Reading places. All of them fit in memory (475 rows), so they are read once per process and engine."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from app.core.db import db
from app.regions.models import Desa, Kecamatan, RegionAlias
from app.regions.places import AliasPlace, DesaPlace, KecamatanPlace, Places

# Another process may have loaded regions anew; ten minutes later everybody knows.
_KEEP_SECONDS: Final = 600.0
_kept: WeakKeyDictionary[Engine, tuple[float, Places]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place to choose. ``status`` is "desa", "kelurahan" or, for a kecamatan, "kecamatan"."""

    code: str
    name: str
    status: str


def places() -> Places:
    """All places. Nothing is kept while the regions are not loaded yet."""
    engine = db.engine
    read_at, found = _kept.get(engine, (0.0, None))
    if found is None or time.monotonic() - read_at > _KEEP_SECONDS:
        found = _read_places()
        if found.kecamatan:
            _kept[engine] = (time.monotonic(), found)
    return found


def forget_places() -> None:
    """Read anew at the next question. Call after loading regions."""
    _kept.clear()


def list_kecamatan() -> list[PlaceRow]:
    """The 40 kecamatan by name."""
    return [PlaceRow(k.code, k.name, "kecamatan") for k in places().kecamatan]


def list_desa(kecamatan_code: str) -> list[PlaceRow]:
    """Desa and kelurahan of a kecamatan by name; empty for an unknown code."""
    found = places().desa_by_kecamatan.get(kecamatan_code, ())
    return [PlaceRow(d.code, d.name, d.status) for d in found]


def place_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Code -> "Desa X, Kec. Y" (or "Kec. Y"); unknown codes are left out."""
    known = places()
    return {code: name for code in codes if code and (name := known.name_of(code))}


def _read_places() -> Places:
    k, d, a = Kecamatan, Desa, RegionAlias
    execute = db.session.execute
    return Places.of(
        [KecamatanPlace(*row) for row in execute(select(k.code, k.name, k.name_key).order_by(k.code))],
        [
            DesaPlace(code, name, key, status, parent)
            for code, name, key, status, parent in execute(
                select(d.code, d.name, d.name_key, d.status, d.kecamatan_code).order_by(d.code)
            )
        ],
        [AliasPlace(*row) for row in execute(select(a.code, a.alias_key).order_by(a.id))],
    )
