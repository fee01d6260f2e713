"""The reference data carried in data/: facts of Kemendagri and BPS, read as plain rows for the loader."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.regions.rules import place_key

DATA: Final = Path(__file__).parent / "data"

Row = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """Rows with the columns of the tables kecamatan, desa and region_alias."""

    kecamatan: list[Row]
    desa: list[Row]
    aliases: list[Row]


def read_reference() -> Reference:
    """The 40 kecamatan, 435 desa/kelurahan and their known other spellings."""
    kecamatan = [_kecamatan_row(line) for line in _lines("kecamatan.csv")]
    desa = [_desa_row(line) for line in _lines("desa.csv")]
    listed = [_alias_row(line["code"], line["alias"], line["kind"]) for line in _lines("aliases.csv")]
    return Reference(kecamatan, desa, _without_repeats(listed + _statistical_names(kecamatan + desa)))


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _kecamatan_row(line: dict[str, str]) -> Row:
    return _common(line) | {"tile_column": int(line["tile_col"]), "tile_row": int(line["tile_row"])}


def _desa_row(line: dict[str, str]) -> Row:
    own = {name: line[name] for name in ("kecamatan_code", "status", "postal_code")}
    return _common(line) | own


def _common(line: dict[str, str]) -> Row:
    return {
        "code": line["code"],
        "name": line["name"],
        "name_key": place_key(line["name"]),
        "bps_code": line["bps_code"],
        "bps_name": line["bps_name"],
        "latitude": float(line["lat"]),
        "longitude": float(line["lon"]),
        "area_km2": float(line["area_km2"]),
    }


def _alias_row(code: str, alias: str, kind: str) -> Row:
    return {"code": code, "alias": alias, "alias_key": place_key(alias), "kind": kind}


def _statistical_names(rows: list[Row]) -> list[Row]:
    """Names that BPS spells otherwise."""
    return [
        _alias_row(r["code"], r["bps_name"], "source")
        for r in rows
        if place_key(r["bps_name"]) != r["name_key"]
    ]


def _without_repeats(rows: list[Row]) -> list[Row]:
    return list({(row["code"], row["alias"]): row for row in reversed(rows)}.values())[::-1]
