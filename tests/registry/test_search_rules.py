"""Words that records are found by, and words that a question means."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.search_rules import (
    HIDDEN_WEIGHT,
    PLACE_WEIGHT,
    asked_words,
    index_words,
    is_one_error_away,
    respellings,
    telling_words_of,
    variants,
)
from app.registry.words_of_names import names_kdmp, words_of


def found_by(name: str, question: str) -> bool:
    return set(asked_words(question)) <= index_words(name, "", (), public=True).keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("K.S.P. Jum'at II", ["ksp", "jumat", "2"]),
        ("TJIBINONG Soeka Madjoe", ["cibinong", "suka", "maju"]),
        ("Koperasi  Ni'mah (RW 05)", ["koperasi", "nimah", "rw", "5"]),
        ("Kopérasi Nanggung", ["koperasi", "nangung"]),
        ("Kooerasi", ["koperasi"]),  # one typing error
        ("", []),
        ("\x00 -- ?", []),
    ],
)
def test_words_come_in_one_spelling(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("KSP Maju Jaya", "koperasi simpan pinjam maju"),
        ("Koperasi Simpan Pinjam Maju Jaya", "ksp maju"),
        ("Kopkar Sentosa", "koperasi karyawan sentosa"),
        ("Koperasi Karyawan Sentosa", "kopkar sentosa"),
        ("KUD Makmur", "koperasi unit desa makmur"),
        ("Koperasi Unit Desa Makmur", "KUD makmur"),
        ("Koppontren Al Hidayah", "pondok pesantren al hidayah"),
        ("Koperasi Desa Merah Putih Cikaret", "kopdes cikaret"),
        ("Koperasi Kelurahan Merah Putih Cikaret", "kdmp cikaret"),
        ("KDMP Cikaret", "koperasi desa merah putih cikaret"),
        ("KKMP Cikaret", "kdmp cikaret"),
        ("Kopdes Merah Putih Cikaret", "kkmp"),
        ("Koperasi Merah Putih Desa Cikaret", "kdmp"),
        ("KSP Merah Putih", "merah putih"),
    ],
)
def test_abbreviations_and_what_they_stand_for_find_each_other(name: str, question: str) -> None:
    assert found_by(name, question)


def test_a_savings_cooperative_named_merah_putih_is_no_village_cooperative() -> None:
    assert not found_by("KSP Merah Putih", "kdmp")
    assert not names_kdmp(words_of("Koperasi Simpan Pinjam Merah Putih"))
    assert names_kdmp(words_of("KOPERASI KELURAHAN MERAH PUTIH X"))


def test_names_weigh_less_than_places_and_public_less_than_hidden() -> None:
    public = index_words("KSP Maju", "Cikaret Cibinong", ["32.01.01", "32.01.01.1004"], public=True)
    hidden = index_words("KSP Maju", "Cikaret Cibinong", [], public=False)
    longer = index_words("KSP Maju Jaya Sentosa", "", [], public=True)
    assert (
        public["maju"] < longer["maju"] < PLACE_WEIGHT <= public["cikaret"] < HIDDEN_WEIGHT <= hidden["maju"]
    )
    assert public["32.01.01.1004"] == public["cikaret"]
    assert "koperasi" not in public


@pytest.mark.parametrize("question", ["", "koperasi", "Kop. Desa", "kopera", "koperesi", "kecamatan", "..."])
def test_a_question_of_empty_words_asks_for_nothing(question: str) -> None:
    assert asked_words(question) == ()
    assert asked_words("maju " + question) == ("maju",)


def test_kinds_can_be_given_up_but_something_is_always_asked() -> None:
    assert telling_words_of(("ksp", "maju", "jaya")) == ("maju", "jaya")
    assert telling_words_of(("simpan", "pinjam")) == ("simpan", "pinjam")


def test_two_words_written_as_one_and_one_as_two() -> None:
    assert ("majujaya",) in respellings(("maju", "jaya"))
    assert ("maju", "jaya") in respellings(("majujaya",))


words = st.text(string.ascii_lowercase, min_size=4, max_size=14)


@given(words, st.data())
def test_words_one_typing_error_apart_share_a_variant(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    other = data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assert variants(word) & ({other} | variants(other))
    assert other == word or is_one_error_away(word, other)


@given(st.text(max_size=400))
def test_any_text_is_borne(text: str) -> None:
    assert len(asked_words(text)) <= 8
    index_words(text, text, (), public=True)


def test_a_text_of_100_kilobytes_costs_nothing() -> None:
    assert len(asked_words("maju " * 20_000)) == 1
    assert asked_words("a" * 100_000)
