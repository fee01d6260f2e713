"""Which passwords are good enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.passwords import MOST, check_password, is_easy_to_guess
from app.accounts.rules.weak_words import WEAK_WORDS
from app.core.errors import RuleBroken

PHONE = "6281234567890"


def refused(password: str, *, staff: bool = True, phone: str = PHONE, name: str = "Siti Aminah") -> bool:
    try:
        check_password(password, staff=staff, phone=phone, name=name)
    except RuleBroken as problem:
        return problem.field == "password"
    return False


@pytest.mark.parametrize(
    ("length", "staff", "ok"), [(9, False, False), (10, False, True), (11, True, False), (12, True, True)]
)
def test_staff_need_twelve_members_ten(length: int, staff: bool, ok: bool) -> None:
    assert refused("sepeda-biru-tanpa"[:length], staff=staff) is not ok


@pytest.mark.parametrize(("length", "ok"), [(MOST, True), (MOST + 1, False)])
def test_a_long_sentence_is_welcome_up_to_a_limit(length: int, ok: bool) -> None:
    assert refused(("sungai panjang berliku sampai ke hulu " * 9)[:length]) is not ok


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PasswordPassword",
        "P@ssw0rd2026!!",
        "katasandi123",
        "rahasia12345",
        "R4h4514-12345",
        "koperasibogor",
        "Koperasi-Bogor-2026",
        "dinaskoperasi2026",
        "administrator1",
        "123456789012",
        "098765432109",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "abcdefghijklm",
        "aaaaaaaaaaaa",
        "121212121212",
        "indonesiaraya45",
        "bismillah12345",
        "cintacintacinta",
        "sitiaminah123",
        "Siti-Aminah-1990",
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "sepeda biru tanpa rantai",
        "correct horse battery staple",
        "kucing jendela sebelas awan",
        "T7#kq9!mZx2pL",
        "83xk-29vm-47qz",
        "pagi-ini-hujan-deras",
    ],
)
def test_several_unrelated_words_and_random_ones_are_taken(password: str) -> None:
    assert not refused(password)


@pytest.mark.parametrize(
    "password", ["081234567890", "+62 812-3456-7890", "nomor 0812 3456 7890 ku", "x12345678 90 siapa"]
)
def test_the_own_number_is_refused(password: str) -> None:
    assert refused(password)
    assert not refused("nomor lain 0855 1122 7799 aja", phone=PHONE)


def test_the_own_name_counts_only_for_its_owner() -> None:
    assert is_easy_to_guess("zulkarnaenkurdi77", name="Zulkarnaen Kurdi")
    assert not is_easy_to_guess("zulkarnaenkurdi77", name="Dewi Lestari")


def test_the_list_holds_two_hundred_words_and_the_surroundings() -> None:
    assert len(WEAK_WORDS) >= 200
    assert {"koperasi", "bogor", "dinas"} <= WEAK_WORDS


@given(
    st.sampled_from(sorted(WEAK_WORDS)),
    st.text("0123456789!@#-_.", max_size=8),
    st.text("0123456789!@#-_.", max_size=8),
)
def test_a_weak_word_stays_weak_whatever_is_hung_around_it(word: str, before: str, after: str) -> None:
    assert is_easy_to_guess(
        before.replace("@", "").replace("!", "") + word + after.replace("@", "").replace("!", "")
    )


@given(st.text(max_size=140))
def test_every_text_is_judged(password: str) -> None:
    refused(password)
