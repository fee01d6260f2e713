"""Whole numbers and years as people write them."""

from __future__ import annotations

import re
from typing import Final

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.spoken import from_words
from app.core.values.typed import typed

MOST_MEMBERS: Final = 200_000

_UNIT: Final = re.compile(r" ?(?:orang|org|anggota|pekerja|unit|buah)$")
_WHOLE: Final = re.compile(
    r"[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+"
)
_YEAR_LABEL: Final = re.compile(r"(?:tahun|thn|th)\b[ .:]{0,2}")


def parse_count(text: str, *, least: int = 0, most: int = MOST_MEMBERS) -> int:
    """A whole number ``least`` to ``most``, with or without thousands dots: '1.250', '25 orang', 'dua puluh'.

    Raises ValueProblem empty, too_long, negative, unclear, too_little, too_much.
    """
    found = typed(text).lower()
    for _ in range(2):
        found = _UNIT.sub("", found)
    if re.match("- ?[0-9]", found):
        raise ValueProblem("negative", say("Angkanya tidak boleh kurang dari nol."))
    number = int(re.sub("[^0-9]", "", found)) if _WHOLE.fullmatch(found) else from_words(found)
    if number is None:
        raise ValueProblem("unclear", say("Tulis angka bulat saja, contoh: 25 atau 1.250."))
    return _within(number, least, most)


def _within(number: int, least: int, most: int) -> int:
    if number < least:
        raise ValueProblem(
            "too_little",
            say("Angkanya terlalu kecil. Paling sedikit %(least)s.", least=f"{least}"),
        )
    if number > most:
        dotted = f"{most:,}".replace(",", ".")
        raise ValueProblem("too_much", say("Angkanya terlalu besar. Paling banyak %(most)s.", most=dotted))
    return number


def parse_year(text: str, *, earliest: int = 1945, latest: int = 2100) -> int:
    """A year of four digits within both bounds; the caller gives the present year as ``latest``.

    Raises ValueProblem empty, too_long, year_short, unclear, too_early, too_late.
    """
    found = typed(text).lower()
    label = _YEAR_LABEL.match(found)
    found = found[label.end() :] if label else found
    if re.fullmatch("'?[0-9]{1,3}", found):
        raise ValueProblem("year_short", say("Tulis tahunnya lengkap empat angka, contoh: 2019."))
    if not re.fullmatch("[0-9]{4}", found):
        raise ValueProblem("unclear", say("Tulis tahunnya saja, empat angka, contoh: 2019."))
    year = int(found)
    if year < earliest:
        raise ValueProblem(
            "too_early", say("Tahunnya terlalu lama. Paling lama %(year)s.", year=f"{earliest}")
        )
    if year > latest:
        raise ValueProblem("too_late", say("Tahunnya belum tiba. Paling akhir %(year)s.", year=f"{latest}"))
    return year
