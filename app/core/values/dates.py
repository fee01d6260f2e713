"""Dates as people write them, day first: 17-8-1990, 17/08/1990, 17 Agustus 1990, 17 agt 1990, 1990-08-17."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.typed import typed

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2100, 12, 31)

# Indonesian, Sundanese and English, long, short and as often misspelt; accents are taken off before looking.
_MONTH_WORDS: Final = (
    "januari januwari jan january",
    "februari pebruari febuari feb peb february",
    "maret mar mrt march",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agust agt agu ags aug august",
    "september sept sep",
    "oktober okt oct october",
    "november nopember nov nop",
    "desember des dec december",
)
_MONTHS: Final = {word: month for month, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
_WEEKDAY_WORDS: Final = (
    "senin selasa rabu kamis jumat jum'at sabtu minggu ahad",
    "senen salasa rebo kemis jumaah saptu",
    "monday tuesday wednesday thursday friday saturday sunday",
)
_WEEKDAYS: Final = frozenset(word for words in _WEEKDAY_WORDS for word in words.split())
_TIME: Final = re.compile(r"(?:(?<=[0-9])t|[ ,]{1,2})[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?$")
_FRONT: Final = re.compile(r"(?:tanggal|tgl)\b[ .:]{0,2}|([a-z']+)[ ,]{1,2}")
_ALLOWED: Final = re.compile(r"[0-9a-z .,/\-]+")
_PIECES: Final = re.compile(r"[0-9]+|[a-z]+")

# Day 0 of the serial numbers of spreadsheets. True from 1 March 1900 on: they count a 29 February 1900.
_SERIAL_ZERO: Final = date(1899, 12, 30)
_FIRST_SERIAL: Final = 61

_SENTENCES: Final = {
    "unclear": say("Tanggalnya belum bisa dibaca. Tulis tanggal, bulan, tahun. Contoh: 17-8-1990."),
    "year_short": say("Tulis tahunnya lengkap empat angka. Contoh: 17-8-1990."),
    "only_year": say("Ini baru tahunnya. Tulis juga tanggal dan bulannya. Contoh: 17-8-1990."),
    "no_day": say("Tanggalnya belum ada. Contoh: 17-8-1990."),
    "impossible": say(
        "Tanggal itu tidak ada di kalender. Urutannya tanggal, bulan, tahun. Contoh: 17-8-1990."
    ),
}


def _problem(code: str) -> ValueProblem:
    return ValueProblem(code, _SENTENCES[code])


def date_within(day: date, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """The day itself. Raises ValueProblem too_early or too_late outside the bounds (both included)."""
    if day < earliest:
        text = say("Tanggalnya terlalu lama. Paling lama %(day)s.", day=f"{earliest:%d-%m-%Y}")
        raise ValueProblem("too_early", text)
    if day > latest:
        raise ValueProblem(
            "too_late", say("Tanggalnya terlalu jauh. Paling akhir %(day)s.", day=f"{latest:%d-%m-%Y}")
        )
    return day


def parse_date(text: str, *, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """The day meant, day before month unless the year leads; weekday in front and time behind are dropped.

    Raises ValueProblem empty, too_long, unclear, year_short, only_year, no_day, impossible, too_early,
    too_late.
    """
    pieces = _pieces(typed(text))
    if len(pieces) == 1:
        pieces = _unjoined(pieces[0])
    if len(pieces) == 2 and pieces[0] in _MONTHS and re.fullmatch("[0-9]{4}", pieces[1]):
        raise _problem("no_day")
    if len(pieces) != 3:
        raise _problem("unclear")
    return date_within(_made_of(*_in_order(pieces)), earliest, latest)


def _pieces(found: str) -> list[str]:
    """Runs of digits and of letters, lower case, without accents, weekday and time."""
    found = "".join(c for c in unicodedata.normalize("NFD", found.lower()) if not unicodedata.combining(c))
    found = _TIME.sub("", found)
    for _ in range(2):
        front = _FRONT.match(found)
        if front and (front[1] is None or front[1] in _WEEKDAYS):
            found = found[front.end() :]
    if not _ALLOWED.fullmatch(found):
        raise _problem("unclear")
    return _PIECES.findall(found)


def _unjoined(piece: str) -> list[str]:
    """17081990 or 19900817 in three pieces; never both, as 19 to 21 are no months."""
    if re.fullmatch("(?:19|20)[0-9]{2}", piece):
        raise _problem("only_year")
    if not re.fullmatch("[0-9]{8}", piece):
        raise _problem("unclear")
    if piece[4:6] in ("19", "20", "21"):
        return [piece[:2], piece[2:4], piece[4:]]
    return [piece[:4], piece[4:6], piece[6:]]


def _in_order(pieces: list[str]) -> tuple[str, str, str]:
    """Day, month, year."""
    first, second, third = pieces
    if first in _MONTHS:
        return second, first, third
    if len(first) == 4:
        return third, second, first
    return first, second, third


def _made_of(day: str, month: str, year: str) -> date:
    number = _MONTHS.get(month) or (int(month) if re.fullmatch("[0-9]{1,2}", month) else 0)
    if not re.fullmatch("[0-9]{1,2}", day) or not (number or month.isdigit()) or not year.isdigit():
        raise _problem("unclear")
    if len(year) < 4:
        raise _problem("year_short")
    if len(year) > 4:
        raise _problem("unclear")
    try:
        return date(int(year), number, int(day))
    except ValueError:
        raise _problem("impossible") from None


def date_from_serial(serial: float, *, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """The day a spreadsheet keeps as a number (44044 is 1 August 2020); the fraction is the time of day.

    Only for cells of spreadsheets, never for what a person typed. Raises ValueProblem unclear (not a number,
    before 1 March 1900), too_early, too_late.
    """
    if not _FIRST_SERIAL <= serial <= (date.max - _SERIAL_ZERO).days:
        raise _problem("unclear")
    return date_within(_SERIAL_ZERO + timedelta(days=int(serial)), earliest, latest)
