"""Numbers of persons in free text are covered; everything else stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values.covering import cover_all, cover_numbers


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("hub. 0812-3456-7890 ya", "hub. 0812-****-890 ya"),
        ("62 812 3456 7890", "0812-****-890"),
        ("+6281234567890", "0812-****-890"),
        ("81234567890", "0812-****-890"),
        ("(0812) 3456 789", "(0812-****-789"),
        ("0812 - 3456 - 7890", "0812-****-890"),
        ("0812 3456 789 / 0813 1111 2222", "0812-****-789 / 0813-****-222"),
        ("NIK 3201 9957 0890 0003", "NIK 3201••••••••0003"),
        ("3201995708900003", "3201••••••••0003"),
    ],
)
def test_numbers_of_persons_are_covered(text: str, covered: str) -> None:
    assert cover_numbers(text) == covered


@pytest.mark.parametrize(
    "text",
    [
        "AHU-0036770.AH.01.29.TAHUN 2025",
        "518/12345678901/BH/KWK.10/2008",
        "9120001234567",
        "RAT 08-12-2025 10.30",
        "Jl. Raya 8 No. 1234",
        "",
        "2008/08/12345678",
    ],
)
def test_numbers_of_bodies_dates_and_words_stay(text: str) -> None:
    assert cover_numbers(text) == text


@pytest.mark.parametrize("text", ["(021) 8765432", "0251-832345", "12345678"])
def test_in_a_cell_for_numbers_only_three_digits_stay_whatever_it_looks_like(text: str) -> None:
    digits = [c for c in cover_all(text) if c.isdigit()]
    assert "".join(digits) == "".join(c for c in text if c.isdigit())[-3:]


@given(st.text(alphabet="0123456789 .-+()a", max_size=40))
def test_no_mobile_number_survives_in_one_piece(text: str) -> None:
    said = cover_numbers(f"{text} x 081298765432 x")
    assert "98765" not in said
