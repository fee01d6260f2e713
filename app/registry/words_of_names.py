"""Names of bodies as words: one spelling of each word, and what abbreviations of cooperatives stand for.

Pure. The search index and the comparison of names are both built on this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from app.regions.spelling import even_out

MOST_LETTERS: Final = 300  # of a text that is read at all
MOST_WORD_LETTERS: Final = 40

_TOKENS: Final = re.compile(r"[a-z]+|[0-9]+")
_APOSTROPHES: Final = re.compile(r"['`\u2018\u2019\u02bc]")
_NUMERALS: Final = {
    roman: str(number)
    for number, roman in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1
    )
}

# Words that say nothing about which body is meant. Not searched, not compared.
EMPTY_WORDS: Final = frozenset(
    {
        "koperasi",
        "kop",
        "kopr",
        "koprasi",
        "desa",
        "ds",
        "kelurahan",
        "kel",
        "kecamatan",
        "kec",
        "kabupaten",
        "kab",
        "dan",
        "di",
    }
)

# Names of the Koperasi Desa/Kelurahan Merah Putih that are one word.
KDMP: Final = "kdmp"
KDMP_WORDS: Final = frozenset(
    {"kdmp", "kkmp", "kdkmp", "kopdes", "kopkel", "kopdeskel", "kopdesmp", "kopdesmerahputih"}
)
_BEFORE_MERAH_PUTIH: Final = KDMP_WORDS | {"desa", "ds", "kelurahan", "kel", "koperasi", "kop"}

# Kinds of cooperative: the short word and the words it stands for. A name with either is found by both.
KIND_PHRASES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ksp", ("simpan", "pinjam")),
    ("kspps", ("simpan", "pinjam", "pembiayaan", "syariah")),
    ("usp", ("unit", "simpan", "pinjam")),
    ("ksu", ("serba", "usaha")),
    ("kud", ("unit", "desa")),
    ("kpri", ("pegawai", "republik", "indonesia")),
    ("kpn", ("pegawai", "negeri")),
    ("kopkar", ("karyawan",)),
    ("kopwan", ("wanita",)),
    ("koppas", ("pasar",)),
    ("kopma", ("mahasiswa",)),
    ("koptan", ("tani",)),
    ("koppontren", ("pondok", "pesantren")),
    ("bmt", ("baitul", "mal", "tamwil")),
    ("bmt", ("baitul", "mal", "wat", "tamwil")),
)
_OTHER_SPELLINGS: Final = {
    "kopontren": "koppontren",
    "kopwanita": "kopwan",
    "kopkaryawan": "kopkar",
    "petani": "tani",
    "primkop": "primer",
    "primkoperasi": "primer",
}
# Left out when names are compared; in a search they count, but are the first to be given up.
KIND_WORDS: Final = frozenset(
    {w for short, phrase in KIND_PHRASES for w in (short, *phrase)}
    | set(_OTHER_SPELLINGS)
    | {
        "primer",
        "sekunder",
        "primkopad",
        "primkopol",
        "primkopal",
        "primkopau",
        "konsumen",
        "produsen",
        "pemasaran",
    }
    | {"jasa", "syariah", "kpr", "kpl", "kopti", "usaha", "unit", "milik", "bersama"}
) - {"tani", "pasar"}


def words_of(text: str) -> list[str]:
    """Every word of ``text`` in order and in one spelling: "K.S.P. Jum'at II" -> ksp, jumat, 2."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:MOST_LETTERS])).casefold()
    tokens = _TOKENS.findall("".join(c for c in plain if not unicodedata.combining(c)))
    joined = _join_initials(tokens)
    return [_one_spelling(token, first=not i) for i, token in enumerate(joined)]


def _join_initials(tokens: Sequence[str]) -> list[str]:
    """k, s, p -> ksp."""
    found: list[str] = []
    for single, run in groupby(tokens, key=lambda t: len(t) == 1 and t.isalpha()):
        letters = list(run)
        found += ["".join(letters)] if single else letters
    return found


def _one_spelling(token: str, *, first: bool) -> str:
    if token.isdigit():
        return token.lstrip("0")[:MOST_WORD_LETTERS] or "0"
    if not first and token in _NUMERALS:
        return _NUMERALS[token]
    if token in EMPTY_WORDS or token in KIND_WORDS or token in KDMP_WORDS:
        return _OTHER_SPELLINGS.get(token, token)
    return even_out(token)[:MOST_WORD_LETTERS]


def names_kdmp(words: Sequence[str]) -> bool:
    """True for the words of a Koperasi Desa/Kelurahan Merah Putih, however it is written."""
    if any(word in KDMP_WORDS for word in words):
        return True
    for i in range(len(words) - 1):
        if words[i] == "merah" and words[i + 1] == "putih":
            rest = words[i + 2 :]
            return (i > 0 and words[i - 1] in _BEFORE_MERAH_PUTIH) or bool(
                {"desa", "kelurahan"} & set(rest[:1])
            )
    return False


def telling_words(words: Sequence[str]) -> list[str]:
    """Without empty words; every word of a Merah Putih name is ``kdmp``, once, in front."""
    if names_kdmp(words):
        left_out = EMPTY_WORDS | KDMP_WORDS | {"merah", "putih"}
        return [KDMP, *(w for w in words if w not in left_out)]
    return [w for w in words if w not in EMPTY_WORDS]
