"""What a search looks for: the words a record is found by, and the words a question means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from app.registry.words_of_names import (
    EMPTY_WORDS,
    KDMP,
    KDMP_WORDS,
    KIND_PHRASES,
    begins_empty_word,
    names_kdmp,
    without_kinds,
    words_of,
)

MOST_WORDS_ASKED: Final = 8
MOST_LETTERS_ASKED: Final = 120
SHORTEST_FORGIVEN: Final = 4  # in words of three letters nearly everything is one letter apart
PLACE_WEIGHT: Final = 32  # added where a word is only of the place, so that names come first
HIDDEN_WEIGHT: Final = 64  # added where the record is not public, so that the public's search ends before it
_MOST_NAME_WORDS: Final = 20


def index_words(name: str, place_names: str, place_codes: Iterable[str], *, public: bool) -> dict[str, int]:
    """Word -> weight of a record named ``name`` in ``place_names`` ("Cikaret Cibinong").

    Lower weights come first in a result: names of few words before names of many before mere places. Codes of
    places are words too, so that a search inside a kecamatan starts from the shorter list.
    """
    words = words_of(name)
    weight = min(len(set(words)), _MOST_NAME_WORDS) + (0 if public else HIDDEN_WEIGHT)
    named = _with_kinds(words)
    placed = {*words_of(place_names), *place_codes} - EMPTY_WORDS - named
    return dict.fromkeys(sorted(named), weight) | dict.fromkeys(sorted(placed), weight + PLACE_WEIGHT)


def _with_kinds(words: Sequence[str]) -> set[str]:
    """The words, what abbreviations among them stand for, and abbreviations of phrases among them."""
    found = set(words) - EMPTY_WORDS
    for short, phrase in KIND_PHRASES:
        if short in found:
            found.update(phrase)
        elif _has_phrase(words, phrase):
            found.add(short)
    if names_kdmp(words):
        found = (found - KDMP_WORDS) | {KDMP, "merah", "putih"}
    return found - EMPTY_WORDS


def _has_phrase(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(words[i : i + size]) == phrase for i in range(len(words) - size + 1))


def asked_words(text: str) -> tuple[str, ...]:
    """What ``text`` asks for: telling words, each once, in order; () when it says nothing ("koperasi")."""
    words = words_of(text[:MOST_LETTERS_ASKED])
    if words and begins_empty_word(words[-1]):
        words.pop()
    kept = [KDMP if w in KDMP_WORDS else w for w in words if w not in EMPTY_WORDS]
    return tuple(dict.fromkeys(kept))[:MOST_WORDS_ASKED]


def telling_words_of(words: Sequence[str]) -> tuple[str, ...]:
    """Without words that only name a kind, which are given up first when little is found; never empty."""
    return tuple(without_kinds(words)) or tuple(words)


def variants(word: str) -> set[str]:
    """``word`` and, from four letters on, ``word`` with each one letter left out.

    Two words one typing error apart (another, missing, additional or swapped letter) share a variant.
    """
    found = {word}
    if word.isalpha() and len(word) >= SHORTEST_FORGIVEN:
        found.update(word[:i] + word[i + 1 :] for i in range(len(word)))
    return found


def is_forgiven(word: str) -> bool:
    """True for words whose typing errors are forgiven: letters, at least three. Numbers are meant as typed.

    Of three letters only a missing one is found ("mda" for "muda"): nearly every word of three is one letter from
    another.
    """
    return word.isalpha() and len(word) >= SHORTEST_FORGIVEN - 1


def is_one_error_away(a: str, b: str) -> bool:
    """True when one typing error leads from ``a`` to ``b``."""
    return OSA.distance(a, b, score_cutoff=1) == 1


def respellings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Readings with two neighbours joined ("maju jaya" -> "majujaya") or one word split."""
    joined = [
        (*words[:i], words[i] + words[i + 1], *words[i + 2 :])
        for i in range(len(words) - 1)
        if words[i].isalpha() and words[i + 1].isalpha()
    ]
    split = [
        (*words[:i], word[:cut], word[cut:], *words[i + 1 :])
        for i, word in enumerate(words)
        if word.isalpha()
        for cut in range(3, len(word) - 2)
    ]
    return joined + split
