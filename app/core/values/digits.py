"""Numbers that are only digits: NIB, Nomor Induk Koperasi, NIK of a person, NPWP, postal code.

All are kept as bare digits. What is checked is the form; none of these proves that the number was issued.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from flask_babel import LazyString

from app.core.language import say
from app.core.values.problem import ValueProblem
from app.core.values.typed import typed

NIB_LENGTH: Final = 13
NIK_KOPERASI_LENGTH: Final = 13
NIK_LENGTH: Final = 16
NPWP_OLD_LENGTH: Final = 15
NPWP_LENGTH: Final = 16
POSTAL_CODE_LENGTH: Final = 5

# Kabupaten Bogor, the same in the codes of Kemendagri and BPS.
BOGOR: Final = "3201"

_LABEL: Final = re.compile(
    r"(?:(?:no|nomor)\b[ .]{0,2})?(?:npwp|nib|nik koperasi|nik|kode ?pos)?[ .:'#]{0,3}", re.IGNORECASE
)
_SEPARATORS: Final = re.compile(r"[ .\-/]+")

# Kemendagri codes of provinces, 2022 and later (91-96: the six of Papua).
_PROVINCES: Final = frozenset(
    f"{code}"
    for codes in (
        range(11, 20),
        (21,),
        range(31, 37),
        range(51, 54),
        range(61, 66),
        range(71, 77),
        (81, 82),
        range(91, 97),
    )
    for code in codes
)
# A woman's day of birth is written with 40 added.
_WOMAN: Final = 40


def _digits(text: str, name: LazyString, example: str) -> str:
    """Bare digits, no label, no separators. Raises ValueProblem empty, too_long, letters."""
    found = typed(text)
    label = _LABEL.match(found)
    found = _SEPARATORS.sub("", found[label.end() if label else 0 :])
    if not re.fullmatch(r"[0-9]+", found):
        raise ValueProblem(
            "letters", say("%(name)s hanya berisi angka. Contoh: %(example)s.", name=name, example=example)
        )
    return found


def _of_length(digits: str, length: int, name: LazyString) -> str:
    if len(digits) != length:
        raise ValueProblem(
            "length",
            say(
                "%(name)s ada %(length)s angka. Yang ditulis %(count)s angka.",
                name=name,
                length=length,
                count=len(digits),
            ),
        )
    return digits


def _not_filler(digits: str, name: LazyString) -> str:
    """0000000000000 and the like are what lists hold where there is nothing."""
    if len(set(digits)) == 1:
        raise ValueProblem("filler", say("Ini bukan %(name)s. Kalau belum punya, kosongkan saja.", name=name))
    return digits


def _refused(code: str, name: LazyString) -> ValueProblem:
    return ValueProblem(code, say("Ada angka yang keliru. Cocokkan dengan %(name)s di suratnya.", name=name))


def parse_nib(text: str) -> str:
    """Business number (NIB), 13 digits; it has no public check digit.

    Raises ValueProblem empty, too_long, letters, length, filler.
    """
    name = say("NIB")
    return _not_filler(_of_length(_digits(text, name, "9120001234567"), NIB_LENGTH, name), name)


def parse_nik_koperasi(text: str) -> str:
    """Nomor Induk Koperasi, 13 digits; one from elsewhere is valid (see ``nik_koperasi_is_local``).

    Raises ValueProblem empty, too_long, letters, person_nik (16 digits: the number of an identity card),
    length, filler.
    """
    name = say("Nomor Induk Koperasi")
    digits = _digits(text, name, "3201060010001")
    if len(digits) == NIK_LENGTH:
        raise ValueProblem(
            "person_nik", say("Ini seperti NIK di KTP. Yang diminta Nomor Induk Koperasi, 13 angka.")
        )
    return _not_filler(_of_length(digits, NIK_KOPERASI_LENGTH, name), name)


def nik_koperasi_is_local(value: str) -> bool:
    """False calls for a warning: the number was not issued for Kabupaten Bogor."""
    return value.startswith(BOGOR)


def parse_nik(text: str) -> str:
    """NIK of a person: 16 digits PPKKCC DDMMYY SSSS (day + 40 for a woman), the date real, serial not 0000.

    The area is that of first issue, so every province is fine, and kecamatan 99 marks synthetic data. Nothing
    is derived from it. Raises ValueProblem empty, too_long, letters, cooperative_nik (13 digits), length,
    province, area, birth, serial.
    """
    name = say("NIK")
    digits = _digits(text, name, "3201995708900003")
    if len(digits) == NIK_KOPERASI_LENGTH:
        raise ValueProblem(
            "cooperative_nik", say("NIK di KTP ada 16 angka. Yang 13 angka itu Nomor Induk Koperasi.")
        )
    fault = _nik_fault(_of_length(digits, NIK_LENGTH, name))
    if fault:
        raise ValueProblem(fault, say("Ada angka yang keliru. Cocokkan dengan NIK di KTP."))
    return digits


def _nik_fault(digits: str) -> str:
    """The first part of 16 digits that no NIK can have, or ''."""
    if digits[:2] not in _PROVINCES:
        return "province"
    if digits[2:4] == "00" or digits[4:6] == "00":
        return "area"
    if not _birth_exists(int(digits[6:8]), int(digits[8:10]), int(digits[10:12])):
        return "birth"
    return "serial" if digits[12:] == "0000" else ""


def _birth_exists(day: int, month: int, year: int) -> bool:
    """Whether the day was in the calendar of 19YY or 20YY (29 February 00 was in 2000 only)."""
    day = day - _WOMAN if day > _WOMAN else day
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def nik_masked(value: str) -> str:
    """First and last four digits of a NIK: 3201••••••••0003."""
    return f"{value[:4]}{'•' * 8}{value[-4:]}" if len(value) == NIK_LENGTH else "•" * NIK_LENGTH


def parse_npwp(text: str) -> str:
    """Tax number in its form of 16 digits; the old 15 get a 0 in front, as the tax office does for bodies.

    With a 0 in front the next nine digits must pass the Luhn check; without, the number is a person's NIK.
    Raises ValueProblem empty, too_long, letters, length, filler, check.
    """
    name = say("NPWP")
    digits = _digits(text, name, "01.234.567.4-901.000")
    if len(digits) not in (NPWP_OLD_LENGTH, NPWP_LENGTH):
        raise ValueProblem(
            "length", say("NPWP ada 15 atau 16 angka. Yang ditulis %(count)s angka.", count=len(digits))
        )
    digits = _not_filler(digits, name).zfill(NPWP_LENGTH)
    if npwp_is_nik(digits):
        if _nik_fault(digits):
            raise _refused("check", name)
    elif not int(digits[1:9]) or not _luhn(digits[1:10]):
        raise _refused("check", name)
    return digits


def _luhn(digits: str) -> bool:
    """Sum by Luhn: every second digit from the right doubled, cross sums added, divisible by ten."""
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def npwp_is_nik(value: str) -> bool:
    """True when the stored tax number is a person's NIK: treat it as personal."""
    return not value.startswith("0")


def npwp_display(value: str) -> str:
    """A body's number as on paper, 01.234.567.4-901.000; a person's in fours, 3201 9957 0890 0003."""
    if len(value) != NPWP_LENGTH:
        return value
    if npwp_is_nik(value):
        return " ".join(value[at : at + 4] for at in range(0, NPWP_LENGTH, 4))
    n = value[1:]
    return f"{n[:2]}.{n[2:5]}.{n[5:8]}.{n[8]}-{n[9:12]}.{n[12:]}"


def parse_postal_code(text: str) -> str:
    """Five digits, the first not 0. Raises ValueProblem empty, too_long, letters, length, check."""
    name = say("Kode pos")
    digits = _of_length(_digits(text, name, "16914"), POSTAL_CODE_LENGTH, name)
    if digits.startswith("0"):
        raise ValueProblem("check", say("Kode pos tidak diawali nol. Contoh: 16914."))
    return digits


def postal_code_is_local(value: str) -> bool:
    """Kabupaten Bogor has 16xxx; another deserves a second look."""
    return value.startswith("16")
