"""Money in whole rupiah: 1.250.000, Rp 1.250.000,-, 1,25 juta, 1,5 jt, 500rb, 2 M, dua juta.

Never guesses: 1.25 or 1.250 juta can mean two sums, so it is refused and the likely one is read back in
words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.spoken import MOST, from_words, in_words
from app.core.values.typed import typed

# The longest sum in words, 999.999.999.999.999, has 226 letters.
_MOST_TYPED: Final = 250

_UNIT_WORDS: Final = {
    1_000: "ribu rb rbu rebu k",
    1_000_000: "juta jt jta jut",
    1_000_000_000: "miliar milyar milyard mlr mlyr m",
    1_000_000_000_000: "triliun trilyun tril t",
}
# Also "2 jutaan", about two million.
_UNITS: Final = {"": 1} | {
    spelling: size
    for size, words in _UNIT_WORDS.items()
    for word in words.split()
    for spelling in (word, f"{word}an")
}

_CURRENCY: Final = re.compile(r"(?:rp|idr)(?![a-z])[ .:]{0,3}")
_ABOUT: Final = re.compile(
    r"(?:sekitar|kira-kira|kira kira|kurang lebih|kurleb|hampir|lebih kurang|±|~|\+/-) ?"
)
_TAIL: Final = re.compile(r"(?: ?rupiah| ?rp| ?idr| ?[.,]? ?[-=]{1,3})$")
_RANGE: Final = re.compile(r"[0-9a-z] ?(?:-|s\.?/d|\bsd\b|\bsampai\b|\bhingga\b) ?[0-9]")
_PART: Final = re.compile(r" ?([0-9]+(?:[.,' ][0-9]+)*) ?([a-z]*)\.? ?")

_GROUPED: Final = re.compile(r"([1-9][0-9]{0,2})((?:[. '][0-9]{3})+)(?:,([0-9]{1,2}))?")
_GROUPED_ENGLISH: Final = re.compile(r"([1-9][0-9]{0,2})((?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
_DECIMAL: Final = re.compile(r"([0-9]+)[.,]([0-9]+)")


def _unclear() -> ValueProblem:
    return ValueProblem(
        "unclear", say("Jumlahnya belum bisa dibaca. Tulis dengan angka, contoh: 1.250.000 atau 1,25 juta.")
    )


def _cents() -> ValueProblem:
    return ValueProblem("cents", say("Tulis tanpa sen, contoh: 1.250.000."))


def _ambiguous(guess: int | None = None) -> ValueProblem:
    if guess is None or not 0 < guess <= MOST:
        return ValueProblem("ambiguous", say("Angkanya bisa berarti dua. Tulis lengkap, contoh: 1.250.000."))
    return ValueProblem(
        "ambiguous",
        say(
            "Maksudnya %(words)s? Kalau ya, tulis %(number)s.",
            words=rupiah_in_words(guess),
            number=_dotted(guess),
        ),
    )


def _either(first: int, second: int) -> ValueProblem:
    text = say(
        "Maksudnya Rp%(first)s atau Rp%(second)s? Tulis lengkap tanpa kata.",
        first=_dotted(first),
        second=_dotted(second),
    )
    return ValueProblem("ambiguous", text)


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def rupiah_in_words(amount: int) -> str:
    """'satu juta dua ratus lima puluh ribu rupiah'. Raises ValueError below 0 and above 10^15."""
    return f"{in_words(amount)} rupiah"


def parse_rupiah(text: str, *, most: int = MOST) -> int:
    """Whole rupiah from 0 to ``most`` (a thousand triliun when not given).

    Raises ValueProblem empty, too_long, negative, range, ambiguous, cents, unclear, too_much.
    """
    found = _bare(typed(text, most=_MOST_TYPED).lower())
    amount: int | None = _amount_in_digits(found) if re.search("[0-9]", found) else from_words(found)
    if amount is None:
        raise _unclear()
    if amount > most:
        raise ValueProblem(
            "too_much", say("Jumlahnya terlalu besar. Paling banyak Rp%(most)s.", most=_dotted(most))
        )
    return amount


def _bare(found: str) -> str:
    """Without currency, 'kira-kira' and the dash at the end. Raises negative and range."""
    for ornament in (_ABOUT, _CURRENCY, _ABOUT):
        front = ornament.match(found)
        found = found[front.end() :] if front else found
    found = found.replace("-an", "an")
    for _ in range(2):
        found = _TAIL.sub("", found)
    if re.match(r"\(? ?-", found) or re.fullmatch(r"\([^)]*\)", found):
        raise ValueProblem("negative", say("Jumlahnya tidak boleh kurang dari nol."))
    if _RANGE.search(found):
        raise ValueProblem("range", say("Tulis satu angka saja, yang paling mendekati."))
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """``digits`` / 10**``scale`` times ``unit``, as in 1,25 juta: 125, 2, 1000000."""

    digits: int
    scale: int
    unit: int

    def rupiah(self) -> int:
        whole, rest = divmod(self.digits * self.unit, int(10**self.scale))
        if rest:
            raise _cents()
        return whole


def _amount_in_digits(found: str) -> int:
    """The sum of '1 juta 250 ribu': units must get smaller, and each part stay below the unit before it."""
    total, above = 0, 0
    for part in _parts(found):
        amount = part.rupiah()
        if above and (part.unit >= above or amount >= above):
            raise _unclear()
        if above and part.unit == 1 and amount < 1_000:
            # "2 juta 500" is 2.500.000 when spoken and 2.000.500 when read.
            raise _ambiguous(total + amount * above // 1_000)
        total, above = total + amount, part.unit
    return total


def _parts(found: str) -> list[_Part]:
    parts: list[_Part] = []
    at = 0
    while at < len(found):
        piece = _PART.match(found, at)
        if not piece:
            raise _unclear()
        number, word = piece.groups()
        unit = _UNITS.get(word)
        if not unit or (parts and parts[-1].unit == 1):
            raise _unclear()
        parts.append(_part(number, unit))
        at = piece.end()
    return parts


def _part(number: str, unit: int) -> _Part:
    """One number with its unit. Raises ambiguous where the point or comma can be read in two ways."""
    if number.isdigit():
        return _Part(int(number), 0, unit)
    grouped = _GROUPED.fullmatch(number) or _GROUPED_ENGLISH.fullmatch(number)
    if grouped:
        return _grouped(grouped, unit)
    decimal = _DECIMAL.fullmatch(number)
    if not decimal:
        raise _ambiguous()
    whole, decimals = decimal.groups()
    if unit == 1:
        return _decimal_without_unit(whole, decimals)
    return _Part(int(whole + decimals), len(decimals), unit)


def _grouped(found: re.Match[str], unit: int) -> _Part:
    first, groups, cents = found.groups()
    digits = int(first + re.sub("[^0-9]", "", groups))
    single = len(groups) == 4
    if single and cents is None and (unit > 1 or groups.startswith(",")):
        # 1.250 juta: 1250 juta or 1,25 juta? 1,250 alone: English for 1250, or a decimal?
        raise _ambiguous(digits) if unit == 1 else _either(digits * unit, digits * unit // 1_000)
    if len({c for c in groups if not c.isdigit()}) > 1:
        raise _unclear()
    if cents and int(cents):
        raise _cents()
    return _Part(digits, 0, unit)


def _decimal_without_unit(whole: str, decimals: str) -> _Part:
    """1250000,00 is a sum with its cents; 1.25 most likely means 1,25 juta: for the writer to say."""
    if len(whole) > 3 and len(decimals) <= 2:
        if int(decimals):
            raise _cents()
        return _Part(int(whole), 0, 1)
    guess, rest = divmod(int(whole + decimals) * 1_000_000, 10 ** len(decimals))
    raise _ambiguous(None if rest else guess)
