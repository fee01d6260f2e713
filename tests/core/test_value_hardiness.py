"""No text, however long or malicious, brings a reader of values down or holds it up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import values
from app.core.values import ValueProblem

READERS: list[Callable[[str], object]] = [
    getattr(values, name) for name in values.__all__ if name.startswith(("parse_", "tidy_"))
]
NEVER_REFUSING: list[Callable[[str], object]] = [
    values.says_none,
    values.legal_number_key,
    values.phone_display,
    values.phone_masked,
    values.npwp_display,
    values.nik_masked,
    values.wa_number,
    values.repair_npwp,
    values.repair_phone,
    values.cell_text,
]

PIECES = [
    *["0", "9", "1.", "1,", "1.000", " ", ".", "-", "/", "a", "e+1", "'", '="', "(", "\n"],
    *["rp", "juta ", "satu ", "puluh ", "ratus ", "AHU-", "AH.01", "no. ", "hp: ", "dan ", "senin, "],
    *["\u0301", "\u202e", "\ud800", "\x00", "\ufdfa", "²", "٣", "🏪"],
]
LONG = [piece * (100_000 // len(piece)) for piece in PIECES]
# As long as the readers look at: where a bad pattern would hurt.
FULL = [(piece * 250)[:most] + end for piece in PIECES for most in (199, 249) for end in ("", "!")]

HELD_UP_SECONDS = 5.0


def refused_or_read(read: Callable[[str], object], text: str) -> None:
    problem = None
    try:
        read(text)
    except ValueProblem as caught:
        problem = caught
    assert problem is None or (str(problem.sentence) and str(problem) == problem.code)


def test_every_reader_is_among_those_tried() -> None:
    assert len(READERS) >= 14


@pytest.mark.parametrize("read", READERS + NEVER_REFUSING, ids=lambda read: read.__name__)
def test_long_and_repeated_texts_hold_no_reader_up(read: Callable[[str], object]) -> None:
    """All of them together take 0.05 s; a pattern that tries every way would take minutes for one."""
    began = time.process_time()
    for text in LONG + FULL:
        refused_or_read(read, text)
    assert time.process_time() - began < HELD_UP_SECONDS


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@given(text=st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_sentence(read: Callable[[str], object], text: str) -> None:
    refused_or_read(read, text)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_texts_made_of_telling_pieces_too(read: Callable[[str], object], pieces: list[str]) -> None:
    refused_or_read(read, "".join(pieces))


@pytest.mark.parametrize("read", NEVER_REFUSING, ids=lambda read: read.__name__)
@given(text=st.text(max_size=300))
def test_these_take_any_text(read: Callable[[str], object], text: str) -> None:
    read(text)


def test_a_problem_never_carries_the_value() -> None:
    with pytest.raises(ValueProblem) as caught:
        values.parse_nik("3201993102900003")
    assert "3201993102900003" not in repr(caught.value) + str(caught.value) + str(caught.value.sentence)
