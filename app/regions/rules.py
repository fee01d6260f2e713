"""Which place a spelling means. Suggests rather than guesses, and never matches by prefix.

Traps of the region data: Sukaraja and Sukajaya differ by two letters; Parung/Parungpanjang and Tenjo/Tenjolaya
forbid prefixes; 38 desa names occur in several kecamatan; 11 desa bear the name of another kecamatan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import OSA

from app.regions.places import DesaPlace, DesaStatus, KecamatanPlace, Places
from app.regions.spelling import (
    desa_part,
    kecamatan_part,
    names_a_kecamatan,
    place_key,
    place_tokens,
    readings,
)

__all__ = ["Certainty", "DesaStatus", "Match", "match_desa", "match_kecamatan", "place_key"]

MOST_SUGGESTIONS: Final = 4
NEAR_ENOUGH_TO_SUGGEST: Final = 0.72  # two of eight letters, not of seven: Bandung is no Nanggung
_DIGITS: Final = "0123456789"
CLEARLY_NEARER: Final = (
    2  # edits by which the next name must be farther away; Sukamaja is 1 and 2 from two names
)


class Certainty(StrEnum):
    """How sure a match is. Only ``exact`` and ``alias`` need nobody's eyes; ``unsure`` has no code."""

    EXACT = "exact"
    ALIAS = "alias"
    LIKELY = "likely"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """The place meant, or the places it may be (codes, nearest first)."""

    code: str | None
    certainty: Certainty
    suggestions: tuple[str, ...] = ()


NO_MATCH: Final = Match(None, Certainty.NONE)


def match_kecamatan(text: str, places: Places) -> Match:
    """The kecamatan that ``text`` names: "Kec. Gn. Putri", "Desa X, Kec. Y", "320102" (Kemendagri code)."""
    code = _as_code(text, 6)
    if code in places.kecamatan_by_code:
        return Match(code, Certainty.EXACT)
    return _match(kecamatan_part(place_tokens(text)), places.kecamatan, places)


def match_desa(text: str, kecamatan_code: str | None, places: Places) -> Match:
    """The desa or kelurahan that ``text`` names inside ``kecamatan_code``.

    Without a kecamatan (None, or behind "Kec." in the text itself) only a name that is unique in the kabupaten
    and not also the name of another kecamatan is a match; everything else becomes suggestions.
    """
    tokens = place_tokens(text)
    if kecamatan_code is None and names_a_kecamatan(tokens):
        kecamatan_code = match_kecamatan(text, places).code
    code = _as_code(text, 10)
    if code in places.desa_by_code:
        inside = kecamatan_code in (None, places.desa_by_code[code].kecamatan_code)
        return Match(code, Certainty.EXACT) if inside else Match(None, Certainty.UNSURE, (code,))
    if kecamatan_code is None:
        return _match_anywhere(desa_part(tokens), places)
    found = _match(desa_part(tokens), places.desa_by_kecamatan.get(kecamatan_code, ()), places)
    if found.certainty is not Certainty.NONE:
        return found
    return _suggest(_named(desa_part(tokens), places.desa, places)[0])


def _as_code(text: str, digits: int) -> str:
    """The Kemendagri code when ``text`` is nothing but that, else ''."""
    plain = text.strip()[:20].replace(".", "")
    if len(plain) != digits or not (plain.isascii() and plain.isdigit()):
        return ""
    return ".".join(part for part in (plain[:2], plain[2:4], plain[4:6], plain[6:]) if part)


def _match(tokens: list[str], candidates: Sequence[KecamatanPlace | DesaPlace], places: Places) -> Match:
    if not tokens:
        return NO_MATCH
    codes, certainty = _named(tokens, candidates, places)
    if len(codes) == 1:
        return Match(codes[0], certainty)
    return _suggest(codes) if codes else _nearest(readings(tokens), candidates)


def _match_anywhere(tokens: list[str], places: Places) -> Match:
    if not tokens:
        return NO_MATCH
    codes, certainty = _named(tokens, places.desa, places)
    if codes:  # "Tapos" alone may also be Tapos I or Tapos II of another kecamatan
        keys = readings(tokens)
        codes += [d.code for d in places.desa if d.code not in codes and d.key.rstrip(_DIGITS) in keys]
    if len(codes) == 1 and not _is_another_kecamatan(codes[0], tokens, places):
        return Match(codes[0], certainty)
    if codes:
        return _suggest(codes)
    near = _nearest(readings(tokens), places.desa)
    return _suggest([near.code] if near.code else near.suggestions)


def _is_another_kecamatan(desa_code: str, tokens: list[str], places: Places) -> bool:
    own = places.desa_by_code[desa_code].kecamatan_code
    kecamatan, _ = _named(tokens, places.kecamatan, places)
    return any(code != own for code in kecamatan)


def _named(
    tokens: list[str], candidates: Iterable[KecamatanPlace | DesaPlace], places: Places
) -> tuple[list[str], Certainty]:
    """Codes of the candidates that bear exactly this name, or else this abbreviation or alias."""
    if not tokens:
        return [], Certainty.NONE
    keys = readings(tokens)
    candidates = list(candidates)
    exact = [place.code for place in candidates if place.key == keys[0]]
    if exact:
        return exact, Certainty.EXACT
    aliased = {code for key in keys for code in places.aliases.get(key, ())}
    return [p.code for p in candidates if p.key in keys or p.code in aliased], Certainty.ALIAS


def _suggest(codes: Iterable[str]) -> Match:
    kept = tuple(codes)[:MOST_SUGGESTIONS]
    return Match(None, Certainty.UNSURE, kept) if kept else NO_MATCH


def _nearest(keys: Sequence[str], candidates: Sequence[KecamatanPlace | DesaPlace]) -> Match:
    """A typing error: likely only when one name is clearly nearer than every other."""
    ranked = sorted((min(_edits(key, p.key) for key in keys), p.key, p.code) for p in candidates)
    if not ranked:
        return NO_MATCH
    key = min(keys, key=lambda k: _edits(k, ranked[0][1]))
    best, _, code = ranked[0]
    next_best = ranked[1][0] if len(ranked) > 1 else best + CLEARLY_NEARER
    cut_short = [c for _, name, c in ranked if c != code and name.startswith(key)]
    if best <= _edits_allowed(key) and next_best - best >= CLEARLY_NEARER and not cut_short:
        return Match(code, Certainty.LIKELY, ())
    near = [c for _, name, c in ranked if _resembles(key, name)]
    with_more = [c for _, name, c in ranked if cut_short and key.startswith(name)]  # Parungpan: Parung, too
    return _suggest(dict.fromkeys([*near[:2], *cut_short, *with_more, *near[2:]]))


def _edits_allowed(key: str) -> int:
    return 0 if len(key) < 4 else 1 if len(key) < 9 else 2


def _edits(a: str, b: str) -> int:
    """Typing errors between two keys. A number that differs or is missing is never a typing error."""
    letters_a, letters_b = a.rstrip(_DIGITS), b.rstrip(_DIGITS)
    other_number = a[len(letters_a) :] != b[len(letters_b) :]
    return OSA.distance(letters_a, letters_b) + (3 if other_number else 0)


def _resembles(a: str, b: str) -> bool:
    return OSA.normalized_similarity(a.rstrip(_DIGITS), b.rstrip(_DIGITS)) >= NEAR_ENOUGH_TO_SUGGEST
