"""Names and free text: kept as typed, without what cannot be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import ValueProblem, tidy_name, tidy_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Koperasi   Maju \t Jaya ", "Koperasi Maju Jaya"),
        ("KOPERASI MAJU", "KOPERASI MAJU"),
        ("Nopémber", "Nopémber"),
        ("Nope\u0301mber", "Nopémber"),
        ("Ma\u200bju", "Maju"),
        ("Maju\u202eayaJ", "MajuayaJ"),
        ("Maju\nJaya", "Maju Jaya"),
        ("Maju\x00Jaya", "Maju Jaya"),
        ("\ufeffMaju", "Maju"),
        ("Maju\ud800", "Maju"),
        (
            "Warung Bu' O'ong & Anak \u2013 \u201cSejahtera\u201d",
            "Warung Bu' O'ong & Anak \u2013 \u201cSejahtera\u201d",
        ),
        ("", ""),
        ("\u3000", ""),
    ],
)
def test_a_name_keeps_its_letters_and_loses_the_unseen(typed: str, kept: str) -> None:
    assert tidy_name(typed) == kept


def test_a_name_has_its_length() -> None:
    assert tidy_name("a" * 200) == "a" * 200
    assert tidy_name("a" * 200 + " " * 100) == "a" * 200
    for text in ("a" * 201, " " * 801, "a" * 100_000):
        with pytest.raises(ValueProblem):
            tidy_name(text)


def test_lines_of_an_address_stay_lines() -> None:
    assert tidy_text("  Jl. Raya  1 \r\n\r\n\r\n RT 01 \x0b\n") == "Jl. Raya 1\n\nRT 01"


@given(st.text(max_size=800))
def test_tidying_twice_changes_nothing(text: str) -> None:
    for tidy in (tidy_name, tidy_text):
        try:
            once = tidy(text)
        except ValueProblem:
            continue
        assert tidy(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n" for c in once)
        once.encode()
