"""Places as a list writes them, each spelling looked up once."""

from __future__ import annotations

from collections.abc import Iterable

from app.regions.places import Places
from app.regions.rules import Match, match_desa, match_kecamatan


class PlaceReader:
    """Remembers what every spelling of a list meant: 1,845 rows name 40 kecamatan."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._kecamatan: dict[str, Match] = {}
        self._desa: dict[tuple[str, str | None], Match] = {}

    def kecamatan(self, text: str) -> Match:
        """The kecamatan that ``text`` names."""
        found = self._kecamatan.get(text)
        if found is None:
            found = self._kecamatan[text] = match_kecamatan(text, self._places)
        return found

    def desa(self, text: str, kecamatan_code: str | None) -> Match:
        """The desa that ``text`` names inside ``kecamatan_code``."""
        found = self._desa.get((text, kecamatan_code))
        if found is None:
            found = self._desa[text, kecamatan_code] = match_desa(text, kecamatan_code, self._places)
        return found

    def name(self, code: str) -> str:
        """A place for people."""
        return self._places.name_of(code)

    def names(self, codes: Iterable[str]) -> str:
        """Places for people, in one line."""
        return "; ".join(map(self.name, codes))
