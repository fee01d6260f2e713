"""How people write names of places: the form that spellings are compared in, and what abbreviations may mean.

Only what can never join two names of the kabupaten is evened out (a test holds that): capitals, accents, blanks,
punctuation, doubled letters, the old spelling (oe, dj, tj at the start), numerals. Not evened out is j against y
(old spelling too): it would make Sukaraja, Sukajaya and their typing errors one.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import Final

MOST_LETTERS: Final = 120
MOST_READINGS: Final = 12

_TOKENS: Final = re.compile(r"[a-z]+|[0-9]+")
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_NUMERALS: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "satu": "1", "dua": "2", "tiga": "3"}

KECAMATAN_WORDS: Final = frozenset({"kecamatan", "kec", "kcm", "kacamatan"})
_DESA_WORDS: Final = frozenset({"desa", "ds", "dsa", "kelurahan", "kel", "klurahan", "kelurahaan"})
_WIDER_WORDS: Final = frozenset({"kab", "kabupaten", "kota", "prov", "provinsi", "propinsi"})
_TRAILING: Final = frozenset({"bogor", "jabar"})

# What a shortened word may stand for. More than one meaning is tried in turn; only one may lead to a place.
ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "g": ("gunung",),
    "gn": ("gunung",),
    "gng": ("gunung",),
    "bj": ("bojong",),
    "bjg": ("bojong",),
    "pr": ("parung",),
    "prg": ("parung",),
    "pjg": ("panjang",),
    "tj": ("tanjung", "tajur"),
    "tjg": ("tanjung",),
    "tg": ("tanjung",),
    "tjr": ("tajur",),
    "lw": ("leuwi",),
    "lwi": ("leuwi",),
    "rc": ("ranca",),
    "rnc": ("ranca",),
    "bbk": ("babakan",),
    "bab": ("babakan",),
    "ps": ("pasir",),
    "psr": ("pasir",),
    "pd": ("pondok",),
    "pdk": ("pondok",),
    "kp": ("kampung",),
    "kr": ("karang",),
    "krg": ("karang",),
    "tm": ("taman",),
    "tmn": ("taman",),
    "sk": ("suka",),
    "mkr": ("mekar",),
    "cbn": ("cibinong",),
    "gd": ("gede",),
    "hilir": ("ilir",),
}
_GLUED: Final = tuple(sorted((a for a in ABBREVIATIONS if 2 <= len(a) <= 3), key=len, reverse=True))


def place_tokens(text: str) -> list[str]:
    """Lower-case words and numbers of ``text`` (its first 120 characters), without accents."""
    plain = unicodedata.normalize("NFKD", text[:MOST_LETTERS]).casefold()
    return _TOKENS.findall("".join(c for c in plain if not unicodedata.combining(c)))


def desa_part(tokens: list[str]) -> list[str]:
    """What names the desa: without "Desa", "Kel." in front and without "Kec. ..." behind."""
    cut = next((i for i, t in enumerate(tokens) if i and t in KECAMATAN_WORDS | _WIDER_WORDS), len(tokens))
    return _bare(tokens[:cut])


def kecamatan_part(tokens: list[str]) -> list[str]:
    """What names the kecamatan: behind "Kec." where that is written, without "Kab. Bogor" behind."""
    starts = [i for i, t in enumerate(tokens) if t in KECAMATAN_WORDS]
    tokens = tokens[starts[-1] + 1 :] if starts and starts[-1] + 1 < len(tokens) else tokens
    cut = next((i for i, t in enumerate(tokens) if i and t in _WIDER_WORDS), len(tokens))
    return _bare(tokens[:cut])


def names_a_kecamatan(tokens: list[str]) -> bool:
    """True when a kecamatan is written behind the desa: "Desa X, Kec. Y"."""
    return any(t in KECAMATAN_WORDS for t in tokens[1:-1])


def _bare(tokens: list[str]) -> list[str]:
    """Without words of rank and list numbers in front, without the kabupaten behind; at least one word is left."""
    while len(tokens) > 1 and (tokens[0] in KECAMATAN_WORDS | _DESA_WORDS or tokens[0].isdigit()):
        tokens = tokens[1:]
    while len(tokens) > 1 and tokens[-1] in _TRAILING:
        tokens = tokens[:-1]
    return tokens


def place_key(text: str) -> str:
    """The name in one form: "Kec. Gunung Putri" and "GUNUNGPUTRI" are ``gunungputri``, "Cibatok II" ``cibatok2``."""
    return fuse(_bare(place_tokens(text)))


def fuse(tokens: list[str]) -> str:
    """Key of the words of one name."""
    if len(tokens) > 1 and len(tokens[-2]) > 2:
        tokens = [*tokens[:-1], _NUMERALS.get(tokens[-1], tokens[-1].lstrip("0"))]
    joined = "".join(tokens)
    if joined.endswith("iii"):
        joined = joined[:-3] + "3"
    elif joined.endswith("ii"):
        joined = joined[:-2] + "2"
    return even_out(joined)


def even_out(letters: str) -> str:
    """Old spelling and doubled letters in one form."""
    if letters.startswith("tj"):
        letters = "c" + letters[2:]
    return _DOUBLED.sub(r"\1", letters.replace("oe", "u").replace("dj", "j"))


def readings(tokens: list[str]) -> tuple[str, ...]:
    """Keys of everything that ``tokens`` may mean, the literal one first, abbreviations written out after."""
    meanings = [(t, *ABBREVIATIONS.get(t, ())) for t in tokens]
    found = [fuse(list(words)) for words, _ in zip(product(*meanings), range(MOST_READINGS), strict=False)]
    found += _unglued(found[0])
    return tuple(dict.fromkeys(key for key in found if key))


def _unglued(key: str) -> list[str]:
    """Readings of an abbreviation written without its blank: ``gnputri`` -> ``gunungputri``."""
    for short in _GLUED:
        rest = key.removeprefix(short)
        if rest != key and len(rest) >= 4:
            return [even_out(word + rest) for word in ABBREVIATIONS[short]]
    return []
