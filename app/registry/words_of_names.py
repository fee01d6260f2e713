"""Names of bodies as words: one spelling of each word, and what abbreviations of cooperatives stand for.

Pure. The search index and the comparison of names are both built on this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from rapidfuzz.distance import OSA

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
    "koperasi kop kopr koprasi desa ds kelurahan kel kecamatan kec kabupaten kab dan di".split()  # noqa: SIM905
)
_LONG_EMPTY_WORDS: Final = ("koperasi", "kelurahan", "kecamatan", "kabupaten")

# Names of the Koperasi Desa/Kelurahan Merah Putih that are one word.
KDMP: Final = "kdmp"
KDMP_WORDS: Final = frozenset(
    map(even_out, ("kdmp", "kkmp", "kdkmp", "kopdes", "kopkel", "kopdeskel", "kopdesmp", "kopdesmerahputih"))
)
_BEFORE_MERAH_PUTIH: Final = KDMP_WORDS | {"desa", "ds", "kelurahan", "kel", "koperasi", "kop"}

# Kinds of cooperative: the short word and the words it stands for. A name with either is found by both.
_KINDS: Final = (
    "ksp: simpan pinjam",
    "kspps: simpan pinjam pembiayaan syariah",
    "kspps: simpan pinjam dan pembiayaan syariah",
    "usp: unit simpan pinjam",
    "ksu: serba usaha",
    "kud: unit desa",
    "kpri: pegawai republik indonesia",
    "kpn: pegawai negeri",
    "kopkar: karyawan",
    "kopwan: wanita",
    "koppas: pasar",
    "kopma: mahasiswa",
    "koptan: tani",
    "koppontren: pondok pesantren",
    "bmt: baitul maal tamwil",
    "bmt: baitul maal wat tamwil",
)
KIND_PHRASES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = tuple(
    (even_out(short), tuple(map(even_out, phrase.split())))
    for short, phrase in (line.split(": ") for line in _KINDS)
)
# Kind words that mean the same alone; tani and pasar are also parts of proper names.
_KIND_SINGLES: Final = frozenset(
    {short for short, _ in KIND_PHRASES}
    | {phrase[0] for _, phrase in KIND_PHRASES if len(phrase) == 1}
    | {
        "simpan",
        "pinjam",
        "serba",
        even_out("pembiayaan"),
        "syariah",
        "konsumen",
        "produsen",
        "pemasaran",
        "jasa",
    }
    | {"pegawai", "primer", "sekunder", "primkopad", "primkopol", "primkopal", "primkopau", "kopti", "kpl"}
) - {"tani", "pasar"}
_OTHER_SPELLINGS: Final = {
    "kopwanita": "kopwan",
    "kopkaryawan": "kopkar",
    "petani": "tani",
    "primkop": "primer",
    "primkoperasi": "primer",
}


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
    if len(token) >= len(_LONG_EMPTY_WORDS[0]) - 1:
        for empty in _LONG_EMPTY_WORDS:  # before evening out, which would make two errors of "kooerasi"
            if OSA.distance(token, empty, score_cutoff=1) <= 1:
                return empty
    even = even_out(token)[:MOST_WORD_LETTERS]
    return _OTHER_SPELLINGS.get(even, even)


def begins_empty_word(word: str) -> bool:
    """True for an empty word still being typed: "kopera"."""
    return len(word) >= 4 and any(empty.startswith(word) for empty in _LONG_EMPTY_WORDS)


def without_kinds(words: Sequence[str]) -> list[str]:
    """Without the words that only name a kind: KSP, "simpan pinjam", "unit desa" ..."""
    kinds: set[int] = {i for i, word in enumerate(words) if word in _KIND_SINGLES}
    for _, phrase in KIND_PHRASES:
        size = len(phrase)
        for i in range(len(words) - size + 1 if size > 1 else 0):
            if tuple(words[i : i + size]) == phrase:
                kinds.update(range(i, i + size))
    return [word for i, word in enumerate(words) if i not in kinds]


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
