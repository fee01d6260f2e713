"""How alike two names are, and which records may be the body that somebody names."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.cooperatives.models import Cooperative
from app.core.clock import now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.likeness_rules import (
    ASK,
    CANDIDATE,
    NamedAt,
    is_kdmp,
    key_likeness,
    likeness,
    match_names,
    name_key,
)
from app.registry.models import NotTheSame
from app.registry.queries.likeness import find_look_alikes
from app.registry.rules import RecordKind, RecordStatus
from tests.cast import Cast
from tests.factories.cooperatives import DESA, NANGGUNG, OTHER_DESA, make_cooperative


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("KSP Maju Jaya", "maju jaya"),
        ("Koperasi Simpan Pinjam MAJU JAYA", "maju jaya"),
        ("Kopkar Maju Jaya", "maju jaya"),
        ("BMT Al-Amin", "al amin"),
        ("KUD Tani Makmur", "tani makmur"),
        ("Koperasi Desa Merah Putih Cikaret", "kdmp cikaret"),
        ("KKMP Cikaret", "kdmp cikaret"),
        ("Koperasi Serba Usaha", "serba usaha"),
        ("Koperasi", "koperasi"),
        ("Maju Bersama", "maju bersama"),
        ("", ""),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("KSP Maju Jaya", "Koperasi Simpan Pinjam Maju Jaya", 1.0, 1.0),
        ("Koperasi Maju Jaya", "Koperasi Jaya Maju", 1.0, 1.0),
        ("Koperasi Majujaya", "Koperasi Maju Jaya", ASK, 1.0),
        ("Koperasi Sumber Makmur", "Koperasi Sumber Makmr", ASK, 1.0),
        ("Koperasi Sumber Makmur", "Koperasi Sumber Rejeki", 0.3, ASK),
        ("Koperasi Melati", "Koperasi Harapan Warga", 0.0, CANDIDATE),
        ("Koperasi RW 05", "Koperasi RW 06", 0.0, CANDIDATE),
        ("KDMP Cikaret", "Koperasi Kelurahan Merah Putih Cikaret", 1.0, 1.0),
        ("KDMP Sukajaya", "KDMP Sukaraja", 0.0, CANDIDATE),
        ("KDMP Kalong I", "KDMP Kalong II", 0.0, CANDIDATE),
        ("KDMP Cikaret", "KSP Cikaret", 0.0, CANDIDATE),
        ("", "", 0.0, 0.0),
    ],
)
def test_likeness_of_names(a: str, b: str, least: float, most: float) -> None:
    score = likeness(a, b)
    assert least <= score <= most
    assert score == likeness(b, a)


def test_every_desa_has_one_merah_putih_so_the_desa_decides() -> None:
    assert likeness("KDMP Sukajaya", "KDMP Sukajaya", same_desa=False) == 0.0
    assert likeness("KDMP Sukajaya", "Kopdes Merah Putih", same_desa=True) == 1.0
    assert is_kdmp("Kopdes Sukajaya")
    assert not is_kdmp("KSP Merah Putih")


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share(a: str, b: str) -> None:
    assert 0.0 <= likeness(a, b) <= 1.0
    assert 0.0 <= key_likeness(name_key(a), name_key(b)) <= 1.0


def test_names_are_matched_where_they_are() -> None:
    known = [
        NamedAt("Koperasi Maju Jaya", "32.01.01", "32.01.01.1001"),
        NamedAt("KSP Maju Jaya", "32.01.02", "32.01.02.2001"),
        NamedAt("KDMP Sukajaya", "32.01.06", "32.01.06.2001"),
        NamedAt("Kopkar Maju Jaya Abadi", "32.01.01", None),
    ]
    inside, elsewhere, village, nowhere = match_names(
        [
            NamedAt("Maju Jaya", "32.01.01", "32.01.01.1001"),
            NamedAt("Maju Jaya", "32.01.09", "32.01.09.2001"),
            NamedAt("KDMP Sukajaya", "32.01.31", "32.01.31.2001"),
            NamedAt("Maju Jaya"),
        ],
        known,
    )
    assert [found.index for found in inside] == [0, 3]
    assert elsewhere == village == []
    assert {found.index for found in nowhere} == {0, 1, 3}


def test_a_list_of_1845_names_finds_each_of_them_among_2000() -> None:
    words = [
        "sumber",
        "maju",
        "mekar",
        "bina",
        "karya",
        "mitra",
        "sinar",
        "tunas",
        "harapan",
        "cahaya",
        "jaya",
        "abadi",
        "sentosa",
        "mulya",
        "tani",
    ]
    names = [
        NamedAt(
            f"KSP {words[i % 15]} {words[i // 15 % 15]} {words[i // 7 % 15]} {i}", f"32.01.{i % 40 + 1:02}"
        )
        for i in range(2000)
    ]
    found = match_names(names[:1845], names)
    assert all(rows[0].index == i for i, rows in enumerate(found))


def alike(name: str, desa: str | None = DESA, *, code: str | None = None) -> list[str]:
    found = find_look_alikes(
        RecordKind.COOPERATIVE, name=name, kecamatan_code=NANGGUNG, desa_code=desa, code=code
    )
    names = dict(db.session.execute(select(Cooperative.id, Cooperative.name)).all())
    return [names[one.record_id] for one in found]


def test_the_nearest_of_the_desa_come_first(app: Flask) -> None:
    make_cooperative("KSP Maju Jaya")
    make_cooperative("Koperasi Maju Jaya Sentosa")
    make_cooperative("Koperasi Harapan Warga")
    make_cooperative("Koperasi Maju Raya", status=RecordStatus.ARCHIVED)
    assert alike("Koperasi Simpan Pinjam Maju Jaya") == ["KSP Maju Jaya", "Koperasi Maju Jaya Sentosa"]
    assert alike("Koperasi Melati Putih") == []


def test_the_village_cooperative_is_always_offered_first(app: Flask) -> None:
    make_cooperative("Koperasi Desa Merah Putih Nanggung")
    make_cooperative("Koperasi Desa Merah Putih Kalongliud", desa_code=OTHER_DESA)
    make_cooperative("KSP Maju Jaya")
    assert alike("Maju Jaya") == ["Koperasi Desa Merah Putih Nanggung", "KSP Maju Jaya"]
    assert alike("Kopdes Merah Putih") == ["Koperasi Desa Merah Putih Nanggung"]


def test_in_another_desa_only_nearly_the_same_name_counts(app: Flask) -> None:
    make_cooperative("KSP Maju Jaya", desa_code=OTHER_DESA)
    make_cooperative("KSP Maju Jaya Sentosa Abadi", desa_code=OTHER_DESA)
    assert alike("Koperasi Maju Jaya") == ["KSP Maju Jaya"]
    assert alike("Koperasi Maju Jya") == ["KSP Maju Jaya"]
    assert alike("Koperasi Maju Jaya", None)[0] == "KSP Maju Jaya"


def test_what_an_officer_told_apart_is_not_asked_again(app: Flask, cast: Cast) -> None:
    first, second = make_cooperative("KSP Maju Jaya"), make_cooperative("Koperasi Maju Jaya")
    assert alike("Koperasi Maju Jaya", code=second) == ["KSP Maju Jaya"]
    pair = sorted([first, second])
    officer = cast["officer"].account_id
    values = {"first_code": pair[0], "second_code": pair[1], "decided_by": officer, "decided_at": now()}
    atomically(lambda s: s.execute(insert(NotTheSame).values(values)))
    assert alike("Koperasi Maju Jaya", code=second) == []
    assert len(alike("Koperasi Maju Jaya")) == 2
