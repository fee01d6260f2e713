"""Numbers of persons inside free text: covered where the text stands open for others to read."""

from __future__ import annotations

import re
from typing import Final

from app.core.values.digits import nik_masked
from app.core.values.phone import phone_masked

_GAP: Final = r"[ .()-]{0,3}"
# A mobile number as people write it among other words, not a date such as 08-12-2025 with a time behind it;
# without 0 or 62 in front only when nothing separates it.
_PHONE: Final = re.compile(
    rf"(?<![0-9A-Za-z/])(?!08[-. ][0-9]{{1,2}}[-. ](?:19|20)[0-9]{{2}}(?![0-9]))(?:\+?62{_GAP}8|0{_GAP}8)"
    rf"(?:{_GAP}[0-9]){{8,11}}(?![0-9])|(?<![0-9A-Za-z/.-])8[0-9]{{8,11}}(?![0-9])"
)
# Sixteen digits: the number of a person. Thirteen (NIB, NIK koperasi) belong to the body and stay.
_NIK: Final = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{15}}(?![0-9])")
# A quick look before the thorough one: most texts hold no number of a person.
_SHORTEST: Final = 9
_MANY_DIGITS: Final = re.compile(rf"[0-9](?:{_GAP}[0-9]){{8}}")
_NOT_DIGITS: Final = re.compile("[^0-9]")
_ALL_BUT_THREE: Final = re.compile(r"[0-9](?=(?:[^0-9]*[0-9]){3})")


def cover_numbers(text: str) -> str:
    """The text with mobile numbers as 0812-****-890 and numbers of persons as 3201 and 0003 around dots."""
    if len(text) < _SHORTEST or not _MANY_DIGITS.search(text):
        return text
    return _NIK.sub(_covered_nik, _PHONE.sub(_covered_phone, text))


def cover_all(text: str) -> str:
    """As ``cover_numbers`` in a cell that should hold a number: whatever it looks like, three digits stay."""
    covered = cover_numbers(text)
    return covered if covered != text else _ALL_BUT_THREE.sub("*", text)


def _covered_phone(found: re.Match[str]) -> str:
    digits = _NOT_DIGITS.sub("", found[0])
    return phone_masked("62" + digits.removeprefix("62").removeprefix("0"))


def _covered_nik(found: re.Match[str]) -> str:
    return nik_masked(_NOT_DIGITS.sub("", found[0]))
