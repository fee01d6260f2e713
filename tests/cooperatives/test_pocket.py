"""The directory in the pocket, as the server gives it: complete, exact, public, small."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import brotli
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.cooperatives import pocket_shelf
from app.cooperatives.demo import DemoDesa, demo_cooperatives
from app.cooperatives.models import Cooperative
from app.cooperatives.pocket_rules import EVERYWHERE, Body, Entry, apply, code_of, unpack
from app.cooperatives.pocket_shelf import shelf
from app.cooperatives.queries.pocket import entries_by_kecamatan, last_version, public_lines
from app.cooperatives.services.records import (
    change_record,
    create_records,
    delete_record,
    mark_merged,
    refresh_activity,
    set_status,
)
from app.core.access import ANONYMOUS
from app.core.assets import DIST, built
from app.core.background import background
from app.core.db import db
from app.core.transaction import atomically
from app.regions.queries import places
from app.regions.rules import DesaStatus
from app.registry.rules import RecordStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import OFFICE, make_cooperative

KB = 1024
MOST_BYTES = 60 * KB
LIST = "/koperasi/saku/daftar"
CIBINONG, KARADENAN = "32.01.01", "32.01.01.1002"
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def fresh_shelf(app: Flask) -> Iterator[None]:
    """Nothing kept from the test before, and a look at the records with every request."""
    shelf().forget()
    kept = pocket_shelf.LOOK_SECONDS, pocket_shelf.LOOK_PAUSES
    pocket_shelf.LOOK_SECONDS, pocket_shelf.LOOK_PAUSES = 0.0, 0  # type: ignore[misc]
    yield
    pocket_shelf.LOOK_SECONDS, pocket_shelf.LOOK_PAUSES = kept  # type: ignore[misc]
    shelf().forget()


def fetch(client: CheckedClient, since: int = 0, scope: str = EVERYWHERE) -> Body:
    answer = client.get(f"{LIST}?sejak={since}&wilayah={scope}")
    assert answer.status_code == 200
    return unpack(answer.get_data(as_text=True))


def test_the_whole_holds_every_public_record_and_no_other(client: CheckedClient) -> None:
    shown = make_cooperative("Koperasi Tani Maju", desa_code="32.01.21.2001")
    for status in RecordStatus:
        if status is not RecordStatus.PUBLIC:
            make_cooperative(f"Koperasi {status.value}", status=status)
    body = fetch(client)
    assert set(body.lines) == {shown}
    assert body.place_names["32.01.21"] == "Nanggung"
    assert "Koperasi Tani Maju" in body.lines[shown]
    assert apply({}, body) == public_lines()


def test_the_difference_holds_what_changed_since(client: CheckedClient) -> None:
    codes = [make_cooperative(f"Koperasi Nomor {n}") for n in range(14)]
    before = fetch(client)
    assert before.since == 0
    new = make_cooperative("Koperasi Baru")
    _change(codes[0], name="Koperasi Ganti Nama")
    _change(codes[1], kecamatan_code=CIBINONG, desa_code=KARADENAN)
    _change(codes[2], dissolved_on=date(2026, 11, 1))
    _status(codes[3], RecordStatus.ARCHIVED)
    atomically(lambda s: delete_record(s, code=codes[4], actor=OFFICE, deed="import.undone"))
    body = fetch(client, before.version)
    assert body.since == before.version
    assert set(body.lines) == {new, *codes[:3]}
    assert set(body.gone) == {codes[3], codes[4]}
    assert "Karadenan" in body.place_names.values()
    assert body.lines[codes[2]].split("\t")[3:5] == ["uxxn", "20261101"]
    assert apply(before.lines, body) == public_lines()


def test_merged_and_taken_back(client: CheckedClient) -> None:
    keep, twin, *_others = [make_cooperative(f"Koperasi Kembar {n}") for n in range(6)]
    before = fetch(client)

    def merge(into: str | None, status: RecordStatus) -> None:
        atomically(lambda s: mark_merged(s, code=twin, into=into))
        _status(twin, status)

    merge(keep, RecordStatus.MERGED)
    merged = fetch(client, before.version)
    assert merged.gone == (twin,)
    merge(None, RecordStatus.PUBLIC)
    back = fetch(client, merged.version)
    assert set(back.lines) == {twin}
    assert apply(before.lines, fetch(client, before.version)) == before.lines


def test_random_lives_of_the_registry(client: CheckedClient) -> None:
    """Whatever happens, from every version that a phone may hold the difference leads to the present."""
    chance = random.Random(20261123)
    phones: dict[tuple[str, int], dict[str, str]] = {}
    for _round in range(12):
        for _ in range(chance.randrange(1, 5)):
            _something_happens(chance)
        for scope in (EVERYWHERE, CIBINONG):
            body = fetch(client, 0, scope)
            phones[scope, body.version] = apply({}, body)
    assert len(phones) > 12
    assert len(public_lines()) > 0
    for (scope, version), kept in phones.items():
        now = {c: li for c, li in public_lines().items() if scope in (EVERYWHERE, li[:8])}
        assert apply(kept, fetch(client, version, scope)) == now, (scope, version)


def _something_happens(chance: random.Random) -> None:
    codes = list(db.session.scalars(select(Cooperative.code).order_by(Cooperative.id)))
    place = chance.choice([("32.01.21", "32.01.21.2001"), (CIBINONG, KARADENAN), (CIBINONG, None)])
    deed = chance.choice(
        ["new", "new", "name", "place", "status", "dissolve", "delete", "import", "calendar"]
    )
    if deed == "new" or not codes:
        make_cooperative(f"Koperasi {chance.random()}", kecamatan_code=place[0], desa_code=place[1])
        return
    code = chance.choice(codes)
    if deed == "name":
        _change(code, name=f"Koperasi {chance.random()}")
    elif deed == "place":
        _change(code, kecamatan_code=place[0], desa_code=place[1])
    elif deed == "status":
        _status(code, chance.choice([RecordStatus.PUBLIC, RecordStatus.CANDIDATE, RecordStatus.ARCHIVED]))
    elif deed == "dissolve":
        _change(code, dissolved_on=chance.choice([None, date(2026, 1, 5)]))
    elif deed == "delete":
        atomically(lambda s: delete_record(s, code=code, actor=OFFICE, deed="import.undone"))
    elif deed == "import":
        _fill(chance.randrange(1, 6), seed=chance.randrange(10**6), numbers=False)
    else:
        atomically(refresh_activity)


def test_only_what_the_public_list_says(client: CheckedClient) -> None:
    """Every other column carries a word that must not come along."""
    make_cooperative(
        "Koperasi Kenari",
        phone="6281234567890",
        contact_name="KENARIKONTAK",
        chair_name="KENARIKETUA",
        address="KENARIALAMAT",
        main_activity="KENARIUSAHA",
        nib="1234512345123",
        npwp="9876598765987654",
        nik_koperasi="3201999999999",
        legal_entity_number="KENARINOMOR",
        health_source="KENARISUMBER",
        annual_turnover=777_777_777,
        members_male=555,
    )
    text = client.get(LIST).get_data(as_text=True)
    assert "Koperasi Kenari" in text
    rest = text.replace("Koperasi Kenari", "")
    for word in ("KENARI", "812345", "12345123", "987659", "3201999", "777777", "555"):
        assert word not in rest, word
    assert len(next(iter(fetch(client).lines.values())).split("\t")) == 6


def test_of_a_record_that_left_only_the_code_stays(client: CheckedClient) -> None:
    code = make_cooperative("Koperasi Rahasia Sekarang")
    fetch(client)
    _status(code, RecordStatus.ARCHIVED)
    fetch(client)
    assert [(e.code, e.line) for e in _entries()] == [(code, "")]


def test_nothing_new_costs_next_to_nothing(client: CheckedClient) -> None:
    _fill(300)
    body = fetch(client)
    answer = client.get(f"{LIST}?sejak={body.version}", headers={"Accept-Encoding": "br"})
    assert len(answer.get_data()) < 80
    again = unpack(brotli.decompress(answer.get_data()).decode())
    assert (again.version, again.since, again.lines, again.gone) == (body.version, body.version, {}, ())
    assert apply(body.lines, again) == body.lines


@pytest.mark.parametrize("since", ["7", "-1", "x", "", "99999999999999999999", "1.5", "\u0663"])
def test_an_unknown_version_gets_the_whole(client: CheckedClient, since: str) -> None:
    make_cooperative()
    body = unpack(client.get(LIST, query_string={"sejak": since}).get_data(as_text=True))
    assert body.since == 0
    assert len(body.lines) == 1


def test_more_changed_than_stayed_gets_the_whole(client: CheckedClient) -> None:
    codes = [make_cooperative(f"Koperasi {n}") for n in range(4)]
    before = fetch(client)
    for code in codes[:3]:
        _change(code, name="Koperasi Lain Sama Sekali")
    assert fetch(client, before.version).since == 0


def test_one_kecamatan_only(client: CheckedClient) -> None:
    here = make_cooperative("Koperasi Sini", kecamatan_code=CIBINONG, desa_code=KARADENAN)
    make_cooperative("Koperasi Sana")
    assert set(fetch(client, 0, CIBINONG).lines) == {here}
    for unknown in ("32.01.99", "32.01.01.1002", "x", ""):
        assert client.get(f"{LIST}?wilayah={unknown}").status_code == 404, unknown


def test_the_same_again_is_not_sent_again(client: CheckedClient) -> None:
    code = make_cooperative()
    first = client.get(LIST)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    _change(code, name="Koperasi Lain")
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_it_comes_in_what_the_asker_reads_and_head_tells_the_cost(client: CheckedClient) -> None:
    _fill(50)
    plain = client.get(LIST, headers={"Accept-Encoding": "identity"}).get_data()
    for way, opened in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = client.get(LIST, headers={"Accept-Encoding": way})
        assert answer.headers["Content-Encoding"] == way
        assert opened(answer.get_data()) == plain
        head = client.head(LIST, headers={"Accept-Encoding": way})
        assert int(head.headers["Content-Length"]) == len(answer.get_data())
        assert head.get_data() == b""
    assert "Accept-Encoding" in client.get(LIST).headers["Vary"]


def test_between_two_looks_no_record_is_read(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_cooperative()
    fetch(client)
    monkeypatch.setattr(pocket_shelf, "LOOK_SECONDS", 60.0)
    reads: list[str] = []
    for name in ("newest_deed", "public_lines", "entries_between", "entries_by_kecamatan"):
        monkeypatch.setattr(pocket_shelf, name, lambda *a, name=name: reads.append(name))
    make_cooperative("Koperasi Nanti")
    assert len(fetch(client).lines) == 1
    assert reads == []


def test_without_a_deed_nothing_is_compared(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], None]
) -> None:
    make_cooperative()
    at("2026-11-23T09:05+07:00")  # what was done lies back far enough for every deed before it to have ended
    version = fetch(client).version
    reads: list[int] = []

    def reading(after: str, limit: int) -> dict[str, str]:
        reads.append(1)
        return public_lines(after, limit)

    monkeypatch.setattr(pocket_shelf, "public_lines", reading)
    assert fetch(client, version).lines == {}
    assert reads == []
    make_cooperative("Koperasi Kedua")
    assert len(fetch(client).lines) == 2
    assert reads == [1]


def test_nobody_waits_while_a_large_registry_is_compared(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cooperative("Koperasi Satu")
    first = fetch(client)
    make_cooperative("Koperasi Dua")
    monkeypatch.setattr(pocket_shelf, "SLOW_SECONDS", -1.0)
    assert fetch(client).lines == first.lines
    background().wait()
    assert len(fetch(client).lines) == 2


def test_a_database_that_refuses_leaves_the_directory_as_it_was(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cooperative("Koperasi Satu")
    first = fetch(client)
    make_cooperative("Koperasi Dua")

    def busy() -> None:
        raise OperationalError("locked", {}, Exception("database is locked"))

    monkeypatch.setattr(pocket_shelf, "_write_what_changed", busy)
    assert fetch(client).lines == first.lines
    monkeypatch.undo()
    pocket_shelf.LOOK_SECONDS, pocket_shelf.LOOK_PAUSES = 0.0, 0  # type: ignore[misc]
    assert len(fetch(client).lines) == 2


def test_two_processes_agree(client: CheckedClient) -> None:
    """Somebody else writes the next version between our reading and our writing."""
    make_cooperative("Koperasi Satu")
    other = pocket_shelf.Shelf()
    first = fetch(client)
    make_cooperative("Koperasi Dua")
    theirs = other.body(EVERYWHERE, 0)
    ours = fetch(client)
    assert ours.version == last_version() == first.version + 1
    assert apply({}, unpack(brotli.decompress(theirs.br).decode())) == apply({}, ours)


def test_the_version_in_between_is_noticed(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_cooperative("Koperasi Satu")
    others = [pocket_shelf.Shelf()]

    def reading(after: str, limit: int) -> dict[str, str]:
        found = public_lines(after, limit)
        if others:
            others.pop().body(EVERYWHERE, 0)
        return found

    monkeypatch.setattr(pocket_shelf, "public_lines", reading)
    assert len(fetch(client).lines) == 1
    assert last_version() == 1


def test_a_version_is_written_in_short_blocks(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pocket_shelf, "BLOCK", 10)
    _fill(35)
    body = fetch(client)
    assert (body.version, len(body.lines)) == (4, 35)


def test_a_registry_read_in_pieces_misses_nothing(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces end anywhere: beside what left, what moved and what came, before the first and behind the last code."""
    monkeypatch.setattr(pocket_shelf, "BLOCK", 4)
    codes = sorted(make_cooperative(f"Koperasi {n}") for n in range(16))
    phone = apply({}, fetch(client))
    before = fetch(client).version
    for code in (codes[0], codes[3], codes[8], codes[15]):
        _status(code, RecordStatus.ARCHIVED)
    for code in (codes[4], codes[7]):
        _change(code, kecamatan_code=CIBINONG, desa_code=KARADENAN)
    make_cooperative("Koperasi Baru")
    body = fetch(client, before)
    assert body.since == before
    assert set(body.gone) == {codes[0], codes[3], codes[8], codes[15]}
    assert apply(phone, body) == public_lines()


def test_a_body_is_all_of_one_version(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process writes the next version while this one reads the last, kecamatan after kecamatan."""
    moved = make_cooperative("Koperasi Satu", kecamatan_code=CIBINONG, desa_code=KARADENAN)
    fetch(client)
    monkeypatch.setattr(pocket_shelf, "LOOK_SECONDS", 60.0)
    shelf().bodies.clear()
    others = [pocket_shelf.Shelf()]

    def reading(scope: str) -> Iterator[list[Entry]]:
        for area in entries_by_kecamatan(scope):
            yield area
            if others:
                _change(moved, kecamatan_code="32.01.21", desa_code="32.01.21.2001")
                others.pop().body(EVERYWHERE, 0)

    monkeypatch.setattr(pocket_shelf, "entries_by_kecamatan", reading)
    body = fetch(client)
    assert apply({}, body) == public_lines()


def test_the_whole_directory_with_its_code_is_small(
    client: CheckedClient, figure: Callable[[str], None]
) -> None:
    _fill(2300)
    sent = len(client.get(LIST, headers={"Accept-Encoding": "br"}).get_data())
    code = (DIST / f"{built().files['pocket.js']}.br").stat().st_size
    kecamatan = len(client.get(f"{LIST}?wilayah={CIBINONG}", headers={"Accept-Encoding": "br"}).get_data())
    figure(f"2,300 cooperatives: {sent} bytes and {code} of code; one kecamatan {kecamatan}")
    assert len(fetch(client).lines) == 2300
    assert sent + code <= MOST_BYTES


def test_every_line_fits_its_column(client: CheckedClient) -> None:
    make_cooperative("K" * 200, kecamatan_code=CIBINONG, desa_code=KARADENAN, dissolved_on=DAY)
    assert len(fetch(client).lines) == 1
    (entry,) = _entries()
    assert code_of(entry.line) == entry.code


def test_the_page_explains_itself_without_script(client: CheckedClient) -> None:
    page = client.get("/koperasi/saku").get_data(as_text=True)
    assert "belum bisa menyimpan daftar" in page
    assert 'action="/koperasi"' in page
    assert 'name="cari"' in page


def test_the_lookup_leads_to_it_and_tells_the_cost(client: CheckedClient) -> None:
    make_cooperative()
    assert "/koperasi/saku" in client.get("/koperasi").get_data(as_text=True)
    fetch(client)
    assert "KB)" in client.get("/koperasi").get_data(as_text=True)
    assert "/koperasi/saku" in client.get("/koperasi?cari=zzzzqqq").get_data(as_text=True)


def _fill(count: int, seed: int = 1, *, numbers: bool = True) -> None:
    """Practice data; without ``numbers`` of their own they can come several times."""
    desa = [DemoDesa(d.code, d.name, d.status is DesaStatus.KELURAHAN) for d in places().desa]
    records = list(demo_cooperatives(count, desa, seed=seed, today=DAY))
    if not numbers:
        without = {"nik_koperasi": None, "legal_entity_number": ""}
        records = [replace(one, data=replace(one.data, **without)) for one in records]  # type: ignore[arg-type]
    for at in range(0, count, 250):
        block = records[at : at + 250]
        atomically(partial(create_records, records=block, actor=ANONYMOUS, deed="cooperative.imported"))


def _entries() -> list[Entry]:
    return [entry for area in entries_by_kecamatan() for entry in area]


def _change(code: str, **values: object) -> None:
    atomically(
        lambda s: change_record(s, code=code, changes=values, actor=OFFICE, deed="cooperative.changed")
    )


def _status(code: str, status: RecordStatus) -> None:
    atomically(
        lambda s: set_status(s, code=code, status=status, actor=OFFICE, deed="cooperative.status_changed")
    )
