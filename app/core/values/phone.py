"""Telephone numbers of Indonesia, kept as digits of E.164 without the plus: 6281234567890.

Rule of the office: mobile ``+628`` and 8 to 11 digits, landline of the area ``+6221`` or ``+62251`` and 5 to
8. The general library for telephone numbers refuses ``0062`` and new mobile ranges, and takes service
numbers; the rule is short enough to stand here.
"""

from __future__ import annotations

import re
from typing import Final

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.typed import typed

_MOBILE: Final = re.compile(r"8[0-9]{8,11}")
_LANDLINE: Final = re.compile(r"(21|251)([0-9]{5,8})")
_STORED: Final = re.compile(r"62(?:8[0-9]{8,11}|(?:21|251)[0-9]{5,8})")

_LABEL: Final = re.compile(
    r"(?:https?://)?(?:api\.)?wa\.me/"
    r"|(?:(?:no|nomor)\b[ .]{0,2})?(?:hp|wa|whatsapp|telepon|telp|tlp|tel|phone)\b[ .:]{0,3}",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[/,;&|]|\b(?:atau|dan)\b", re.IGNORECASE)
_PUNCTUATION: Final = re.compile(r"[ \-.()/,_]+")
# Fewer digits on one side of a stroke are an area code or a group, not a number of their own.
_LEAST_DIGITS_OF_A_NUMBER: Final = 7

_SENTENCES: Final = {
    "letters": say("Nomor HP hanya berisi angka. Contoh: 0812-3456-7890."),
    "several": say("Tulis satu nomor saja."),
    "foreign": say("Pakai nomor Indonesia, yang diawali 08 atau +62."),
    "short": say(
        "Angkanya kurang. Nomor HP biasanya 10 sampai 13 angka, contoh 0812-3456-7890. "
        "Nomor kantor pakai kode daerah, contoh (021) 87929919."
    ),
    "long": say("Angkanya kelebihan. Nomor HP biasanya 10 sampai 13 angka, contoh 0812-3456-7890."),
    "area": say("Pakai nomor HP yang diawali 08, atau nomor kantor (021) atau (0251)."),
}


def _problem(code: str) -> ValueProblem:
    return ValueProblem(code, _SENTENCES[code])


def parse_phone(text: str) -> str:
    """Digits of E.164 without plus ('6281234567890'), from 08.., 62.., +62.., 0062.., with any punctuation.

    A leading zero lost by a spreadsheet (812...) is put back. Raises ValueProblem: empty, too_long, letters,
    several, foreign, short, long, area.
    """
    found = typed(text)
    found = found[_label_end(found) :]
    if len(_numbers_in(found)) > 1:
        raise _problem("several")
    return _from_digits(_PUNCTUATION.sub("", found))


def parse_phones(text: str) -> tuple[str, ...]:
    """Every number of a cell that holds several ('0812.. / 0813..'), in order, each once.

    Raises ValueProblem as ``parse_phone`` when one of them cannot be read.
    """
    found = _numbers_in(typed(text))
    return tuple(dict.fromkeys(map(parse_phone, found))) if len(found) > 1 else (parse_phone(text),)


def _label_end(text: str) -> int:
    label = _LABEL.match(text)
    return label.end() if label else 0


def _numbers_in(text: str) -> list[str]:
    """The pieces that have digits enough to be numbers of their own."""
    pieces = _BETWEEN.split(text)
    return [p for p in pieces if sum(c.isdecimal() for c in p) >= _LEAST_DIGITS_OF_A_NUMBER]


def _from_digits(found: str) -> str:
    if not re.fullmatch(r"\+?[0-9]+", found):
        raise _problem("letters")
    national = _national(found)
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return "62" + national
    if national.startswith(("8", "21", "251")):
        raise _problem("short" if len(national) < 9 else "long")
    raise _problem("short" if len(national) < 7 else "area")


def _national(found: str) -> str:
    """Without the country's 62 and without the zero."""
    digits = found.removeprefix("+")
    abroad = found != digits and not digits.startswith("0")
    if digits.startswith("00"):
        digits, abroad = digits[2:], True
    if digits.startswith("62"):
        return digits[2:].removeprefix("0")
    if abroad:
        raise _problem("foreign")
    return digits.removeprefix("0")


def is_mobile(value: str) -> bool:
    """True when the stored value is a mobile number: it can get WhatsApp."""
    return value.startswith("628")


def wa_number(value: str) -> str | None:
    """The digits for an address https://wa.me/<digits>, or None for a landline."""
    return value if is_mobile(value) else None


def phone_display(value: str) -> str:
    """The stored value as people write it: 0812-3456-7890, (0251) 8323456. Anything else is unchanged."""
    if not _STORED.fullmatch(value):
        return value
    national = value[2:]
    landline = _LANDLINE.fullmatch(national)
    if landline:
        return f"(0{landline[1]}) {landline[2]}"
    number = "0" + national
    middle = 7 if len(number) == 10 else 8
    return f"{number[:4]}-{number[4:middle]}-{number[middle:]}"


def phone_masked(value: str) -> str:
    """Enough to recognise one's own number, too little to call it: 0812-****-890, (021) ****919."""
    if not _STORED.fullmatch(value):
        return "****"
    landline = _LANDLINE.fullmatch(value[2:])
    if landline:
        return f"(0{landline[1]}) ****{value[-3:]}"
    return f"0{value[2:5]}-****-{value[-3:]}"
