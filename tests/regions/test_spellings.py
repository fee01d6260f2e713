"""Which place a spelling means: exact, by alias, likely, unsure, none."""

from __future__ import annotations

import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.regions.places import DesaPlace, KecamatanPlace
from app.regions.rules import Certainty, match_desa, match_kecamatan, place_key
from tests.factories.regions import all_places, desa_code, kecamatan_code, reference

PLACES = all_places()
KECAMATAN_NAMES = [k.name for k in PLACES.kecamatan]


def test_the_key_never_joins_two_names() -> None:
    kecamatan = Counter(k.key for k in PLACES.kecamatan)
    desa = Counter((d.kecamatan_code, d.key) for d in PLACES.desa)
    assert set(kecamatan.values()) == set(desa.values()) == {1}


@pytest.mark.parametrize("place", PLACES.kecamatan, ids=lambda p: p.name)
def test_every_kecamatan_matches_itself_however_it_is_dressed(place: KecamatanPlace) -> None:
    for text in (
        place.name,
        place.name.upper(),
        f"KEC. {place.name}",
        f"Kecamatan  {place.name}, Kab. Bogor",
        place.code,
    ):
        found = match_kecamatan(text, PLACES)
        assert (found.code, found.certainty) == (place.code, Certainty.EXACT), text
    spaced = " ".join(place.name)
    assert match_kecamatan(spaced, PLACES).code == place.code


def test_every_desa_matches_itself_inside_its_kecamatan() -> None:
    for place in PLACES.desa:
        for text in (
            place.name,
            f"Ds. {place.name}",
            f"KELURAHAN {place.name.upper()}",
            f"Desa {place.name}, Kec. X",
        ):
            found = match_desa(text, place.kecamatan_code, PLACES)
            assert (found.code, found.certainty) == (place.code, Certainty.EXACT), text


def test_every_listed_alias_finds_its_place() -> None:
    for row in reference().aliases:
        code = row["code"]
        if len(code) == len("32.01.01"):
            found = match_kecamatan(row["alias"], PLACES)
        else:
            found = match_desa(row["alias"], code[:8], PLACES)
        assert found.code == code, row
        assert found.certainty in {Certainty.EXACT, Certainty.ALIAS}, row


@pytest.mark.parametrize(
    ("text", "name", "certainty"),
    [
        ("Parung Panjang", "Parungpanjang", "exact"),
        ("parung", "Parung", "exact"),
        ("Tenjo Laya", "Tenjolaya", "exact"),
        ("Tenjo", "Tenjo", "exact"),
        ("Soekaradja", "Sukaraja", "exact"),
        ("TJIBINONG", "Cibinong", "exact"),
        ("Gn Sindur", "Gunungsindur", "alias"),
        ("gnputri", "Gunungputri", "alias"),
        ("Bjg. Gede", "Bojonggede", "alias"),
        ("Tj. Halang", "Tajurhalang", "alias"),
        ("Tj. Sari", "Tanjungsari", "alias"),
        ("Desa Cikaret, Kec. Cibinong", "Cibinong", "exact"),
        ("Parng", "Parung", "likely"),
        ("Cibungbulng", "Cibungbulang", "likely"),
        ("Babakn Madag", "Babakan Madang", "likely"),
    ],
)
def test_kecamatan_as_lists_write_them(text: str, name: str, certainty: str) -> None:
    found = match_kecamatan(text, PLACES)
    assert (found.code, found.certainty) == (kecamatan_code(name), certainty)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Sukaraya", {"Sukaraja", "Sukajaya"}),  # one letter from both
        ("Sukajaja", {"Sukaraja", "Sukajaya"}),
        ("Sukamaja", {"Sukaraja", "Sukajaya"}),  # one letter from one, two from the other
        ("Parungpan", {"Parung", "Parungpanjang"}),  # cut short
        ("Parungp", {"Parung", "Parungpanjang"}),
        ("Tenjol", {"Tenjo", "Tenjolaya"}),
        ("Gunung", {"Gunungputri", "Gunungsindur"}),
        ("Leuwi", {"Leuwiliang", "Leuwisadeng"}),
    ],
)
def test_what_may_be_two_places_is_a_question(text: str, suggested: set[str]) -> None:
    found = match_kecamatan(text, PLACES)
    assert found.code is None
    assert found.certainty is Certainty.UNSURE
    assert suggested <= {PLACES.short_name(code) for code in found.suggestions}


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "Kecamatan", "Bogor Selatan", "Jakarta", "\x00", "32.01.99", "99"]
)
def test_what_is_no_kecamatan_is_none(text: str) -> None:
    found = match_kecamatan(text, PLACES)
    assert (found.code, found.certainty, found.suggestions) == (None, Certainty.NONE, ())


NEIGHBOURS = [
    "Bandung",
    "Bandung Barat",
    "Banten",
    "Bekasi",
    "Ciamis",
    "Cianjur",
    "Cilegon",
    "Cimahi",
    "Cirebon",
    "Depok",
    "Garut",
    "Indramayu",
    "Jakarta Selatan",
    "Jakarta Timur",
    "Karawang",
    "Kuningan",
    "Lebak",
    "Majalengka",
    "Pandeglang",
    "Pangandaran",
    "Purwakarta",
    "Rangkasbitung",
    "Serang",
    "Subang",
    "Sukabumi",
    "Sumedang",
    "Tangerang",
    "Tangerang Selatan",
    "Tasikmalaya",
]


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_what_lies_outside_is_not_taken_for_something_inside(name: str) -> None:
    for text in (name, f"Kab. {name}", f"KOTA {name.upper()}", f"Kec. {name}"):
        assert match_kecamatan(text, PLACES).suggestions == (), text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Leuwilyang", "Leuwiliang"),
        ("Klapanungal", "Klapanunggal"),
        ("Cilengsi", "Cileungsi"),
        ("Megamandung", "Megamendung"),
        ("Ciseng", "Ciseeng"),
        ("Rancabugur", "Rancabungur"),
        ("Bojonggde", "Bojonggede"),
        ("Sukamkmur", "Sukamakmur"),
        ("Pamijaan", "Pamijahan"),
        ("Nangung", "Nanggung"),
        ("Tanjungsri", "Tanjungsari"),
        ("Cigobong", "Cigombong"),
        ("Gunugsindr", "Gunungsindur"),
        ("Babakanmdang", "Babakan Madang"),
    ],
)
def test_a_slip_of_the_finger_leads_to_the_place_or_offers_it(text: str, name: str) -> None:
    found = match_kecamatan(text, PLACES)
    assert kecamatan_code(name) in (found.code, *found.suggestions)


def test_a_desa_without_its_kecamatan_must_be_unmistakable() -> None:
    assert match_desa("Karadenan", None, PLACES).code == desa_code("Karadenan", "Cibinong")
    assert match_desa("Dramaga", None, PLACES).code == desa_code("Dramaga", "Dramaga")
    for text in ("Sukajaya", "Pabuaran"):  # in several kecamatan
        found = match_desa(text, None, PLACES)
        assert (found.code, found.certainty) == (None, Certainty.UNSURE)
        assert len(found.suggestions) > 1
    assert match_desa("Tapos", None, PLACES).code is None  # Tapos, Tapos I and Tapos II
    assert match_desa("karadenn", None, PLACES).certainty is Certainty.UNSURE


def test_a_desa_that_bears_the_name_of_another_kecamatan_is_never_guessed() -> None:
    kecamatan = {k.key: k.code for k in PLACES.kecamatan}
    borrowed = [d for d in PLACES.desa if kecamatan.get(d.key, d.kecamatan_code) != d.kecamatan_code]
    assert len({d.key for d in borrowed}) >= 8
    for place in borrowed:
        assert match_desa(place.name, None, PLACES).code is None, place
        assert (
            match_desa(f"{place.name}, Kec. {PLACES.short_name(place.kecamatan_code)}", None, PLACES).code
            == place.code
        )


def test_a_desa_is_not_taken_from_another_kecamatan() -> None:
    found = match_desa("Karadenan", kecamatan_code("Nanggung"), PLACES)
    assert (found.code, found.certainty) == (None, Certainty.UNSURE)
    assert found.suggestions == (desa_code("Karadenan", "Cibinong"),)
    other = match_desa("32.01.01.1002", kecamatan_code("Nanggung"), PLACES)
    assert (other.code, other.certainty) == (None, Certainty.UNSURE)


def test_numbered_desa_are_not_mixed_up() -> None:
    inside = kecamatan_code("Cibungbulang")
    second = desa_code("Cibatok II", "Cibungbulang")
    for text in ("Cibatok 2", "cibatokII", "CIBATOK DUA", "Cibatok-02"):
        assert match_desa(text, inside, PLACES).code == second, text
    assert match_desa("Cibatk 1", inside, PLACES).code == desa_code("Cibatok I", "Cibungbulang")
    for text in ("Cibatok", "Cibatok 3"):
        found = match_desa(text, inside, PLACES)
        assert found.code is None
        assert second in found.suggestions


@st.composite
def one_typing_error(draw: st.DrawFn, names: list[str]) -> tuple[str, str]:
    name = draw(st.sampled_from(names))
    letters = list(name.lower())
    at = draw(st.integers(0, len(letters) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    match draw(st.sampled_from(["other", "missing", "more", "swapped"])):
        case "other":
            letters[at] = letter
        case "missing":
            del letters[at]
        case "more":
            letters.insert(at, letter)
        case _:
            letters[at : at + 2] = reversed(letters[at : at + 2])
    return name, "".join(letters)


@given(one_typing_error(KECAMATAN_NAMES))
def test_one_typing_error_never_leads_to_another_kecamatan(case: tuple[str, str]) -> None:
    name, typed = case
    found = match_kecamatan(typed, PLACES)
    assert found.code in {kecamatan_code(name), None}
    assert found.code or kecamatan_code(name) in found.suggestions


@given(st.sampled_from(PLACES.desa), st.data())
def test_one_typing_error_never_leads_to_another_desa_unless_it_is_its_very_name(
    place: DesaPlace, data: st.DataObject
) -> None:
    _, typed = data.draw(one_typing_error([place.name]))
    found = match_desa(typed, place.kecamatan_code, PLACES)
    if found.code not in {place.code, None}:
        assert place_key(typed) == PLACES.desa_by_code[found.code].key


@given(st.text(max_size=300))
def test_any_text_is_borne(text: str) -> None:
    match_kecamatan(text, PLACES)
    match_desa(text, None, PLACES)
    match_desa(text, "32.01.01", PLACES)
    assert place_key(place_key(text)) == place_key(place_key(place_key(text)))
