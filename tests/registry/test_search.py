"""Searching records: typing errors forgiven, places and conditions, pages and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CooperativeType
from app.cooperatives.services.record_values import CooperativeData, NewRecord
from app.cooperatives.services.records import change_record, create_records, set_status
from app.core.access import Actor
from app.core.clock import today
from app.core.db import db
from app.core.transaction import atomically
from app.registry.models import SearchPosting, SearchVariant, SearchWord
from app.registry.queries import searching
from app.registry.queries.searching import Nearness, record_table, search_ids, search_page
from app.registry.rules import RecordKind, RecordStatus, Source
from app.registry.services.searching import forget_records
from tests.factories.cooperatives import make_cooperative
from tests.statement_watch import statements_sent

KIND = RecordKind.COOPERATIVE
NANGGUNG, CIBINONG = "32.01.21", "32.01.01"
ACTOR = Actor(name="uji")


@pytest.fixture
def made(app: Flask) -> dict[str, str]:
    """Name -> code of a few cooperatives."""
    names = [
        "KSP Maju Jaya",
        "Koperasi Karyawan Maju Jaya Sentosa",
        "Koperasi Sumber Makmur",
        "KUD Tani Mulya",
        "Koperasi Majalaya",
        "Koperasi Desa Merah Putih Nanggung",
    ]
    return {name: make_cooperative(name) for name in names}


def make_many(names: Iterable[str]) -> None:
    """Public cooperatives, in one write block."""
    records = [
        NewRecord(
            code=f"K-{number:07}".replace("0", "A").replace("1", "B"),
            data=CooperativeData(name=name, kecamatan_code=NANGGUNG),
            status=RecordStatus.PUBLIC,
            source=Source.IMPORT,
            source_note="uji",
            source_on=today(),
        )
        for number, name in enumerate(names)
    ]
    atomically(lambda s: create_records(s, records, actor=ACTOR, deed="uji"))


def names_of(ids: Iterable[int]) -> list[str]:
    by_id = dict(db.session.execute(select(Cooperative.id, Cooperative.name)).all())
    return [by_id[i] for i in ids]


def found(text: str, *, place_codes: Sequence[str | None] = ()) -> list[str]:
    page = search_page(KIND, text, public=True, place_codes=place_codes)
    return [] if page is None else names_of(page.ids)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("maju jaya", "KSP Maju Jaya"),
        ("MAJU-JAYA", "KSP Maju Jaya"),
        ("koperasi simpan pinjam maju jaya", "KSP Maju Jaya"),
        ("sentosa", "Koperasi Karyawan Maju Jaya Sentosa"),
        ("sumber mak", "Koperasi Sumber Makmur"),  # as one types
        ("makmur sumber", "Koperasi Sumber Makmur"),
        ("sumbermakmur", "Koperasi Sumber Makmur"),
        ("suber makmur", "Koperasi Sumber Makmur"),  # a letter missing
        ("sumbber makmurr", "Koperasi Sumber Makmur"),  # letters too many
        ("smuber makmur", "Koperasi Sumber Makmur"),  # letters swapped
        ("sunber makmyr", "Koperasi Sumber Makmur"),  # one wrong letter in each word
        ("koprasi sumber makmur", "Koperasi Sumber Makmur"),
        ("kopdes nanggung", "Koperasi Desa Merah Putih Nanggung"),
        ("kdmp nangung", "Koperasi Desa Merah Putih Nanggung"),
        ("koperasi kelurahan merah putih", "Koperasi Desa Merah Putih Nanggung"),
        ("ksp tani mulya", "KUD Tani Mulya"),  # the wrong kind
        ("tani mulya abadi", "KUD Tani Mulya"),  # a word too many
        ("jalaya", "Koperasi Majalaya"),  # the middle of a word
    ],
)
def test_a_cooperative_is_found(made: dict[str, str], text: str, first: str) -> None:
    assert found(text)[0] == first


@pytest.mark.parametrize("text", ["xqzwv", "maju jaya%", "'; drop table", "%", "_", "0", "\x00"])
def test_strange_questions_are_answered(made: dict[str, str], text: str) -> None:
    found(text)


def test_what_was_typed_stands_before_what_was_read_into_it(made: dict[str, str]) -> None:
    make_cooperative("Koperasi Madu Jaya")
    assert found("maju jaya")[:2] == ["KSP Maju Jaya", "Koperasi Karyawan Maju Jaya Sentosa"]
    assert found("madu jaya")[0] == "Koperasi Madu Jaya"


def test_how_freely_a_question_was_read_is_told(made: dict[str, str]) -> None:
    def nearness(text: str) -> Nearness:
        page = search_page(KIND, text, public=True)
        assert page is not None
        return page.nearness

    assert nearness("maju jaya") is Nearness.EXACT
    assert nearness("sumber mak") is Nearness.BEGUN
    assert nearness("sumbrr makmur") is Nearness.NEAR
    assert nearness("tani mulya abadi") is Nearness.SOME


@pytest.mark.parametrize("text", ["", "koperasi", "kop.", "kopera "])
def test_a_question_without_words_is_no_search(made: dict[str, str], text: str) -> None:
    assert search_page(KIND, text, public=True) is None
    assert search_ids(KIND, text) is None


def test_desa_and_kecamatan_are_words_too(made: dict[str, str]) -> None:
    far = make_cooperative("Koperasi Maju Jaya", kecamatan_code=CIBINONG, desa_code="32.01.01.1002")
    assert far
    assert found("maju jaya karadenan")[0] == "Koperasi Maju Jaya"
    assert found("maju jaya cibinog")[0] == "Koperasi Maju Jaya"


def test_a_place_narrows_before_counting(made: dict[str, str]) -> None:
    make_cooperative("Koperasi Maju Jaya", kecamatan_code=CIBINONG, desa_code="32.01.01.1002")
    inside = search_page(KIND, "maju jaya", public=True, place_codes=[CIBINONG, "32.01.01.1002"])
    assert inside is not None
    assert (inside.total, inside.more, names_of(inside.ids)) == (1, False, ["Koperasi Maju Jaya"])
    assert len(found("maju jaya", place_codes=[NANGGUNG, None])) == 2
    assert found("maju jaya", place_codes=["32.01.02"]) == []


def test_conditions_apply_before_counting(made: dict[str, str]) -> None:
    make_cooperative("Koperasi Maju Terus", cooperative_type=CooperativeType.PRODUCER)
    table = record_table(KIND)
    page = search_page(
        KIND, "maju", public=True, conditions=[table.c.cooperative_type == CooperativeType.PRODUCER]
    )
    assert page is not None
    assert (page.total, names_of(page.ids)) == (1, ["Koperasi Maju Terus"])


def test_only_public_records_are_found_by_the_public(made: dict[str, str]) -> None:
    make_cooperative("Koperasi Rahasia Alam", status=RecordStatus.PENDING)
    assert found("rahasia alam") == []
    everything = search_ids(KIND, "rahasia alam")
    assert everything is not None
    assert names_of(everything.ids) == ["Koperasi Rahasia Alam"]


def test_the_index_follows_a_record_through_its_life(made: dict[str, str]) -> None:
    code = make_cooperative("Koperasi Pelangi", status=RecordStatus.PENDING)

    def move(status: RecordStatus) -> None:
        atomically(lambda s: set_status(s, code=code, status=status, actor=ACTOR, deed="uji"))

    assert found("pelangi") == []
    move(RecordStatus.PUBLIC)
    assert found("pelangi") == ["Koperasi Pelangi"]
    atomically(
        lambda s: change_record(s, code=code, changes={"name": "Koperasi Senja"}, actor=ACTOR, deed="uji")
    )
    assert found("pelangi") == []
    assert found("senja") == ["Koperasi Senja"]
    move(RecordStatus.ARCHIVED)
    assert found("senja") == []
    assert search_ids(KIND, "senja") == searching.SearchResult((), False, Nearness.EXACT)
    assert_index_is_true()


def assert_index_is_true() -> None:
    """Counters agree with postings, and every word has its variants."""
    public = func.count().filter(SearchPosting.weight < 64)
    counted = {
        word_id: (every, public_ones)
        for word_id, every, public_ones in db.session.execute(
            select(SearchPosting.word_id, func.count(), public).group_by(SearchPosting.word_id)
        )
    }
    rows = db.session.execute(
        select(SearchWord.id, SearchWord.word, SearchWord.records, SearchWord.public_records)
    )
    spelled = {tuple(row) for row in db.session.execute(select(SearchVariant.variant, SearchVariant.word_id))}
    for word_id, word, records, public_records in rows:
        assert (records, public_records) == counted.get(word_id, (0, 0)), word
        assert (word, word_id) in spelled


def test_forgetting_leaves_no_posting(made: dict[str, str]) -> None:
    ids = list(db.session.scalars(select(Cooperative.id)))
    atomically(lambda s: forget_records(s, KIND, ids))
    assert db.session.scalar(select(func.count()).select_from(SearchPosting)) == 0
    assert found("maju jaya") == []
    assert_index_is_true()


def test_pages_of_a_search_hold_every_record_once(app: Flask) -> None:
    wanted = 150
    make_many(f"Koperasi Melati {'Indah ' * (n % 3)}{n}" for n in range(wanted))
    make_cooperative("Koperasi Melati Tersembunyi", status=RecordStatus.PENDING)
    pages = [search_page(KIND, "melati", public=True, number=n) for n in range(1, 10)]
    ids = [i for page in pages if page for i in page.ids]
    assert len(ids) == len(set(ids)) == wanted
    assert {page.total for page in pages if page} == {wanted}
    whole = search_ids(KIND, "melati", public=True)
    assert whole is not None
    assert list(whole.ids) == ids
    some = search_ids(KIND, "melati", public=True, limit=120)
    assert some is not None
    assert (len(some.ids), some.more) == (120, True)


def test_a_search_is_counted_to_its_limit_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "COUNT_LIMIT", 110)
    make_many(f"Koperasi Kenanga {number}" for number in range(115))
    page = search_page(KIND, "kenanga", public=True)
    last = search_page(KIND, "kenanga", public=True, number=6)
    beyond = search_page(KIND, "kenanga", public=True, number=7)
    assert page is not None
    assert last is not None
    assert beyond is not None
    assert (page.total, page.more) == (110, True)
    assert len(last.ids) == 10
    assert beyond.ids == ()
    two = search_page(KIND, "kenanga nanggung", public=True)
    assert two is not None
    assert (two.total, two.more) == (110, True)


def test_a_usual_search_takes_few_statements(made: dict[str, str]) -> None:
    with statements_sent() as statements:
        found("ksp maju jaya")
    assert (
        0 < len([s for s in statements if s.startswith("SELECT")]) <= 3
    )  # words, records, names of this test


def test_the_index_can_be_built_anew(app: Flask, made: dict[str, str]) -> None:
    make_cooperative("Koperasi Terarsip", status=RecordStatus.ARCHIVED)
    make_cooperative("Koperasi Tersembunyi", status=RecordStatus.PENDING)
    before = set(db.session.execute(select(SearchPosting.word_id, SearchPosting.record_id)).all())
    maju = db.session.scalar(select(SearchWord.id).where(SearchWord.word == "maju"))

    def spoil(session: Session) -> None:
        session.execute(delete(SearchPosting).where(SearchPosting.record_id <= 2))
        session.execute(insert(SearchPosting).values(word_id=maju, record_id=999_999, weight=1))
        session.execute(update(SearchWord).values(records=7, public_records=7))

    atomically(spoil)
    assert "Indeks pencarian: " in app.test_cli_runner().invoke(args=["search", "rebuild"]).output
    after = set(db.session.execute(select(SearchPosting.word_id, SearchPosting.record_id)).all())
    assert_index_is_true()
    assert after <= before
    assert found("maju jaya")[0] == "KSP Maju Jaya"
    assert found("terarsip") == found("tersembunyi") == []
