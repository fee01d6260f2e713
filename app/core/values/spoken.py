"""Whole numbers as they are said in Indonesian (terbilang), both ways."""

from __future__ import annotations

from typing import Final

# A thousand million million: more than any sum of the office, and the largest that "seribu triliun" can say.
MOST: Final = 10**15

_ZERO_TO_ELEVEN: Final = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
_ONES: Final = _ZERO_TO_ELEVEN.split()
_SCALES: Final = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))
_ONES_BY_WORD: Final = {word: value for value, word in enumerate(_ONES)}
_SCALES_BY_WORD: Final = {word: value for value, word in _SCALES} | {"ribu": 1_000}
_OTHER_SPELLINGS: Final = {
    "milyar": "miliar",
    "milyard": "miliar",
    "trilyun": "triliun",
    "sejuta": "satu juta",
    "semiliar": "satu miliar",
    "semilyar": "satu miliar",
    "setriliun": "satu triliun",
}


def in_words(number: int) -> str:
    """1250000 -> 'satu juta dua ratus lima puluh ribu'. Raises ValueError outside 0 to 10^15."""
    if not 0 <= number <= MOST:
        raise ValueError("only 0 to 10^15 can be said")
    if number == 0:
        return _ONES[0]
    said: list[str] = []
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count:
            said += [*_below_a_million(count), name]
    return " ".join(said + _below_a_million(number))


def _below_a_million(number: int) -> list[str]:
    thousands, rest = divmod(number, 1_000)
    if thousands == 1:
        return ["seribu", *_below_a_thousand(rest)]
    return (
        [*_below_a_thousand(thousands), "ribu", *_below_a_thousand(rest)]
        if thousands
        else _below_a_thousand(rest)
    )


def _below_a_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_a_hundred(rest)
    return (["seratus"] if hundreds == 1 else [_ONES[hundreds], "ratus"]) + _below_a_hundred(rest)


def _below_a_hundred(number: int) -> list[str]:
    if number < 12:
        return [_ONES[number]] if number else []
    tens, rest = divmod(number, 10)
    if tens == 1:
        return [_ONES[rest], "belas"]
    return [_ONES[tens], "puluh"] + ([_ONES[rest]] if rest else [])


def from_words(text: str) -> int | None:
    """'dua juta lima ratus ribu' -> 2500000, or None when the words are not a number said properly."""
    found = f" {' '.join(text.lower().split())} "
    for other, usual in _OTHER_SPELLINGS.items():
        found = found.replace(f" {other} ", f" {usual} ")
    found = found.strip()
    number = _sum_of(found.split())
    # Adding up is generous ("ratus dua"); only what is said back in the same words counts.
    proper = number is not None and number <= MOST and _spelt_out(in_words(number)) == _spelt_out(found)
    return number if proper else None


def _spelt_out(words: str) -> str:
    """With 'satu ribu' for 'seribu': both are said."""
    return words.replace("seribu", "satu ribu").replace("seratus", "satu ratus")


def _sum_of(words: list[str]) -> int | None:
    """The words added up: small numbers gather in ``below`` until a scale word closes them."""
    total = group = below = 0
    for word in words:
        if word in _ONES_BY_WORD:
            below += _ONES_BY_WORD[word]
        elif word == "belas":
            below += 10
        elif word == "puluh":
            below = below // 100 * 100 + below % 100 * 10
        elif word in ("ratus", "seratus"):
            below = 100 if word == "seratus" else below * 100
        elif word in ("ribu", "seribu"):
            group, below = (1_000 if word == "seribu" else below * 1_000), 0
        elif word in _SCALES_BY_WORD:
            total, group, below = total + (group + below) * _SCALES_BY_WORD[word], 0, 0
        else:
            return None
    return total + group + below if words else None
