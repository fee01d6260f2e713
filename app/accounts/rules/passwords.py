"""Which passwords are good enough: length, not a common one, not built from what everybody knows of the person.

No rules about capitals, digits or signs, and no forced renewal: they make passwords worse (ASVS 5.0, 6.2).
"""

from __future__ import annotations

import re
from typing import Final

from app.accounts.rules.weak_words import WEAK_WORDS
from app.core.errors import RuleBroken
from app.core.language import say

LEAST_FOR_MEMBERS: Final = 10
LEAST_FOR_STAFF: Final = 12
MOST: Final = 128
_LEAST_DIFFERENT: Final = 5
_WORDS_THAT_ARE_TOO_FEW: Final = 2
_LEAST_OF_A_NAME: Final = 3
_LEAST_OF_A_PHONE: Final = 7

# The usual disguises of letters: p@ssw0rd.
_UNMASK: Final = str.maketrans("@4310$5!7", "aaeiossit")
_ROWS: Final = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def check_password(
    password: str, *, staff: bool, phone: str = "", name: str = "", field: str = "password"
) -> None:
    """Raise RuleBroken at ``field`` for a password that is too short, too long or easy to guess.

    ``phone``: digits as stored (62...); ``name``: of the person.
    """
    least = LEAST_FOR_STAFF if staff else LEAST_FOR_MEMBERS
    if len(password) < least:
        raise RuleBroken(field, say("Kata sandi paling sedikit %(least)s huruf atau angka.", least=least))
    if len(password) > MOST:
        raise RuleBroken(field, say("Kata sandi paling panjang %(most)s huruf atau angka.", most=MOST))
    if _holds_phone(password, phone):
        raise RuleBroken(field, say("Jangan memakai nomor HP sebagai kata sandi."))
    if is_easy_to_guess(password, name=name):
        raise RuleBroken(
            field, say("Kata sandi ini mudah ditebak. Pakai tiga atau empat kata yang tidak berhubungan.")
        )


def is_easy_to_guess(password: str, *, name: str = "") -> bool:
    """True for few different signs, rows of the keyboard, and one or two weak words with trimmings."""
    plain = password.lower()
    if len(set(plain)) < _LEAST_DIFFERENT:
        return True
    if _is_row(re.sub(r"[^0-9a-z]", "", plain)):
        return True
    weak = WEAK_WORDS | _parts_of(name)
    return any(_is_few_words(core, weak) for core in _cores(plain))


def _holds_phone(password: str, phone: str) -> bool:
    national = phone.removeprefix("62")
    digits = re.sub(r"\D", "", password)
    return len(national) >= _LEAST_OF_A_PHONE and (national in digits or national[-8:] in digits)


def _parts_of(name: str) -> frozenset[str]:
    return frozenset(part for part in re.findall(r"[a-z]+", name.lower()) if len(part) >= _LEAST_OF_A_NAME)


def _is_row(text: str) -> bool:
    """One row of the keyboard or the alphabet, forwards or backwards, perhaps repeated."""
    if len(text) < _LEAST_DIFFERENT:
        return False
    rows = [row * 4 for row in _ROWS] + [row[::-1] * 4 for row in _ROWS]
    half = text[: len(text) // 2]
    return any(text in row or (text == half * 2 and half in row) for row in rows)


def _cores(plain: str) -> set[str]:
    """What is left of the password without its trimmings, once as typed and once with disguises taken off."""
    found = set()
    for text in (plain, plain.translate(_UNMASK)):
        found.add(re.sub(r"[^a-z]", "", text))
        found.add(re.sub(r"[^a-z]", "", text.strip("0123456789!@#$%^&*()-_=+.,?/ ")))
    for inside in (plain.strip("0123456789!#$%^&*()-_=+.,?/ "), re.sub(r"[\W_]+[0-9]*$", "", plain)):
        found.add(re.sub(r"[^a-z]", "", inside.translate(_UNMASK)))
    return found


def _is_few_words(core: str, weak: frozenset[str]) -> bool:
    """True when ``core`` is nothing (only digits and signs) or at most two weak words, the same one any number of times."""
    if not core:
        return False
    if core in weak:
        return True
    for cut in range(1, len(core)):
        head, tail = core[:cut], core[cut:]
        if head in weak and (tail in weak or _repeats(tail, head)):
            return True
    return False


def _repeats(text: str, word: str) -> bool:
    times, rest = divmod(len(text), len(word))
    return rest == 0 and text == word * times
