"""Numbers of legal entity decrees and what makes two of them the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import ValueProblem, legal_number_key, parse_legal_number

NEW = "AHU-0036770.AH.01.29.TAHUN 2025"
OLD = "518.08/96/BH/XIV.10/VIII/2008"


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        "ahu-0036770.ah.01.29.tahun 2025",
        "AHU-0036770.AH.01.29. TAHUN 2025",
        "AHU\N{EN DASH}0036770.AH.01.29.TAHUN  2025",
        "AHU 0036770 AH 01 29 TAHUN 2025",
        "AHU-0036770.AH.01.29 Th. 2025",
        "AHU-0036770.AH.01.29.2025",
        "No. AHU-0036770.AH.01.29.Tahun 2025",
        "Nomor : AHU-0036770.AH.01.29.TAHUN 2025.",
        "SK Menkumham No. AHU-0036770.AH.01.29.TAHUN 2025 Tanggal 9 Mei 2025",
    ],
)
def test_the_present_form_gets_its_official_spelling(text: str) -> None:
    number = parse_legal_number(text)
    assert (number.text, number.old_form) == (NEW, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (OLD, OLD),
        ("518.08 / 96 / bh / xiv.10 / viii / 2008", OLD),
        ("No: 123/BH/KWK.10/VII/1997", "123/BH/KWK.10/VII/1997"),
        ("AHU-36770.AH.01.29.TAHUN 2025", "AHU-36770.AH.01.29.TAHUN 2025"),
        ("AHU-AH.01.09-0012345", "AHU-AH.01.09-0012345"),
        ("7645", "7645"),
    ],
)
def test_every_other_form_is_kept_and_marked(text: str, kept: str) -> None:
    number = parse_legal_number(text)
    assert (number.text, number.old_form) == (kept, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("-", "no_number"),
        ("belum ada", "no_number"),
        ("000", "no_number"),
        ("1" * 300, "too_long"),
    ],
)
def test_what_holds_no_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_legal_number(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NEW, "ahu 36770 ah 1 29 2025"),
        (NEW, "No. AHU-0036770.AH.01.29.Th 2025 tgl 9-5-2025"),
        (OLD, "518/08/096/BH/XIV/10/VIII/2008"),
        (OLD, "No. 518.08/96/BH/XIV.10/VIII/2008 Tanggal 12 Agustus 2008"),
    ],
)
def test_spellings_of_one_decree_share_a_key(one: str, other: str) -> None:
    assert legal_number_key(one) == legal_number_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1/23/BH/2008", "12/3/BH/2008"),
        ("10/BH/2008", "100/BH/2008"),
        (NEW, "AHU-0036770.AH.01.29.TAHUN 2024"),
        (NEW, "AHU-0036771.AH.01.29.TAHUN 2025"),
    ],
)
def test_two_decrees_keep_two_keys(one: str, other: str) -> None:
    assert legal_number_key(one) != legal_number_key(other)


@pytest.mark.parametrize("text", ["", "-", "belum ada", "000", "BH", "9" * 300])
def test_fillers_have_no_key_so_they_never_look_alike(text: str) -> None:
    assert legal_number_key(text) == ""


@given(st.text(max_size=200))
def test_tidying_is_done_once_and_keeps_the_key(text: str) -> None:
    try:
        number = parse_legal_number(text)
    except ValueProblem:
        return
    assert parse_legal_number(number.text) == number
    assert legal_number_key(number.text) == legal_number_key(text)


@given(st.integers(1, 9_999_999), st.integers(0, 99), st.integers(0, 99), st.integers(1990, 2099))
def test_the_official_spelling_reads_back(serial: int, one: int, two: int, year: int) -> None:
    text = f"AHU-{serial:07}.AH.{one:02}.{two:02}.TAHUN {year}"
    number = parse_legal_number(text)
    assert (number.text, number.old_form) == (text, False)
    assert legal_number_key(text).endswith(f".{year}")
