"""Dates, numbers and lists in the words of people: Indonesian, Sundanese, English.

Every function takes the code of the language last and falls back to Indonesian for one it does not know. Made
to be used as filters of templates. Instants must be aware; they are shown in WIB.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

import babel
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from app.core.clock import in_wib
from app.core.values.phone import phone_display, phone_masked

__all__ = [
    "counted",
    "date_long",
    "date_plain",
    "date_short",
    "datetime_wib",
    "day_short",
    "days_from_today",
    "join_or",
    "join_words",
    "month_name",
    "month_year",
    "number",
    "phone_display",
    "phone_masked",
    "rupiah",
    "shorten",
    "time_wib",
    "weekday",
]

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_LANGUAGES: Final = ("id", "su", "en")

# today, yesterday, tomorrow, so many days ago, in so many days
_DAYS: Final = {
    "id": ("hari ini", "kemarin", "besok", "{} hari lalu", "{} hari lagi"),
    "su": ("dinten ieu", "kamari", "enjing", "{} dinten kapengker", "{} dinten deui"),
    "en": ("today", "yesterday", "tomorrow", "{} days ago", "in {} days"),
}


def _known(language: str) -> str:
    return language if language in _LANGUAGES else "id"


@cache
def _locale(language: str) -> babel.Locale:
    return babel.Locale.parse(language)


def _day(day: date) -> date:
    """The calendar day of a date or of an instant (in WIB: late evening in UTC is tomorrow here)."""
    return _wib(day).date() if isinstance(day, datetime) else day


def _wib(moment: datetime) -> datetime:
    """Raises ValueError for an instant without time zone: nobody knows when that is."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return in_wib(moment)


def _formatted(day: date, pattern: str, language: str) -> str:
    return _formatted_day(_day(day), pattern, _known(language))


@lru_cache(maxsize=4096)
def _formatted_day(day: date, pattern: str, language: str) -> str:
    """Lists show the same few days again and again."""
    return format_date(day, pattern, locale=_locale(language))


def date_long(day: date, language: str = "id") -> str:
    """'Kamis, 26 November 2026'."""
    return _formatted(day, "EEEE, d MMMM y", language)


def date_plain(day: date, language: str = "id") -> str:
    """'26 November 2026'."""
    return _formatted(day, "d MMMM y", language)


def date_short(day: date, language: str = "id") -> str:
    """'26 Nov 2026'."""
    return _formatted(day, "d MMM y", language)


def month_year(day: date, language: str = "id") -> str:
    """'November 2026'."""
    return _formatted(day, "LLLL y", language)


def month_name(month: int, language: str = "id") -> str:
    """The name of month 1 to 12. Raises ValueError for any other."""
    return _formatted(date(2000, month, 1), "LLLL", language)


def weekday(day: date, language: str = "id") -> str:
    """'Kamis'."""
    return _formatted(day, "EEEE", language)


def day_short(day: date, language: str = "id") -> str:
    """'Kam, 26 Nov'."""
    return _formatted(day, "EEE, d MMM", language)


def time_wib(moment: datetime | time, language: str = "id") -> str:
    """'09.30 WIB', in English '09:30 WIB'. A bare time of day is taken as WIB."""
    if isinstance(moment, datetime):
        moment = _wib(moment).time()
    mark = ":" if _known(language) == "en" else "."
    return f"{moment.hour:02}{mark}{moment.minute:02}{_NO_BREAK}WIB"


def datetime_wib(moment: datetime, language: str = "id") -> str:
    """'Kamis, 26 November 2026, 09.30 WIB'."""
    return f"{date_long(moment, language)}, {time_wib(moment, language)}"


@lru_cache(maxsize=2048)
def number(value: float | Decimal, language: str = "id", *, decimals: int = 0) -> str:
    """'1.250'; with ``decimals`` '82,4'. Rounded half to even."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=_locale(_known(language)))


def rupiah(amount: int, language: str = "id") -> str:
    """'Rp1.250.000', without cents."""
    return f"{'-' if amount < 0 else ''}Rp{number(abs(amount), language)}"


def counted(value: int, noun: str, language: str = "id") -> str:
    """'1.250 anggota', never broken between number and noun. Indonesian nouns have no plural."""
    return f"{number(value, language)}{_NO_BREAK}{noun}"


def days_from_today(day: date, today: date, language: str = "id") -> str:
    """'hari ini', 'kemarin', 'besok', '3 hari lalu', '3 hari lagi': whole calendar days, at any distance."""
    this, before, after, past, coming = _DAYS[_known(language)]
    days = (_day(day) - _day(today)).days
    near = {0: this, -1: before, 1: after}.get(days)
    return near or (coming if days > 0 else past).format(number(abs(days), language))


def join_words(words: Iterable[str], language: str = "id") -> str:
    """'A', 'A dan B', 'A, B, dan C'; '' for none."""
    return format_list(list(words), "standard", locale=_locale(_known(language)))


def join_or(words: Iterable[str], language: str = "id") -> str:
    """'A', 'A atau B', 'A, B, atau C'; '' for none."""
    return format_list(list(words), "or", locale=_locale(_known(language)))


def shorten(text: str, most: int) -> str:
    """At most ``most`` (1 or more) characters; cut between words where that keeps half of them, then '…'."""
    if len(text) <= most:
        return text
    if most < 1:
        raise ValueError("not even the … fits")
    cut = text[: most - 1]
    # A blank right after the cut means that the last word is whole.
    at = len(cut) if text[most - 1].isspace() else cut.rfind(" ")
    return (cut[:at] if at >= most // 2 else cut).rstrip(" ,;:.-") + "…"
