"""Look-up for everyone: by name with errors, place, kind, activity; counts, pages, blocks."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest

from app.cooperatives.rules import CooperativeType, FieldStatus, Health, MinistryStatus
from app.registry.rules import RecordStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import DESA, NANGGUNG, OTHER_DESA, make_cooperative
from tests.page_rules import Inspected

CIBINONG = "32.01.01"


def listed(page: Inspected) -> list[str]:
    """Public codes in the order of the page."""
    return [str(e.get("data-record")) for e in page.elements if e.get("data-record")]


def total(page: Inspected) -> int:
    """The count that machines read."""
    [element] = [e for e in page.elements if e.get("data-total") is not None]
    return int(element.get("data-total") or "")


def look(client: CheckedClient, **asked: object) -> Inspected:
    return client.page("/koperasi?" + urlencode({k: str(v) for k, v in asked.items()}))


def test_it_works(client: CheckedClient) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    page = look(client)
    assert listed(page) == [code]
    assert total(page) == 1


@pytest.mark.parametrize("text", ["tani maju", "TANI", "tnai maju", "koperasi tani majuu", "nanggung"])
def test_part_of_the_name_and_typing_errors_find_it(client: CheckedClient, text: str) -> None:
    code = make_cooperative("Koperasi Tani Maju")
    make_cooperative("KSP Sinar Bogor", kecamatan_code=CIBINONG, desa_code="32.01.01.1001")
    assert listed(look(client, cari=text)) == [code]


@pytest.mark.parametrize("status", [s for s in RecordStatus if s is not RecordStatus.PUBLIC])
def test_what_is_not_public_is_nowhere(client: CheckedClient, status: RecordStatus) -> None:
    code = make_cooperative("Koperasi Rahasia", status=status)
    for asked in ({}, {"cari": "rahasia"}, {"kecamatan": NANGGUNG}, {"jenis": "unknown"}):
        page = look(client, **asked)
        assert not listed(page)
        assert total(page) == 0
    assert client.get(f"/koperasi/{code}").status_code == 404


def test_place_narrows_with_and_without_a_name(client: CheckedClient) -> None:
    here = make_cooperative("Koperasi Satu")
    there = make_cooperative("Koperasi Satu", desa_code=OTHER_DESA)
    make_cooperative("Koperasi Satu", kecamatan_code=CIBINONG, desa_code="32.01.01.1001")
    unknown = make_cooperative("Koperasi Satu", desa_code=None)
    assert set(listed(look(client, kecamatan=NANGGUNG))) == {here, there, unknown}
    assert total(look(client, kecamatan=NANGGUNG)) == 3
    assert listed(look(client, kecamatan=NANGGUNG, desa=DESA)) == [here]
    assert listed(look(client, desa=DESA)) == [here]
    assert set(listed(look(client, cari="satu", kecamatan=NANGGUNG))) == {here, there, unknown}
    assert listed(look(client, cari="satu", desa=OTHER_DESA)) == [there]


def test_kind_activity_and_health_filter(client: CheckedClient) -> None:
    lender = make_cooperative("KSP Satu", cooperative_type=CooperativeType.SAVINGS_AND_LOAN)
    healthy = make_cooperative("Koperasi Dua", health=Health.HEALTHY, health_on=date(2026, 5, 1))
    active = make_cooperative(
        "Koperasi Tiga", ministry_status=MinistryStatus.ACTIVE, ministry_status_on=date(2026, 1, 1)
    )
    asleep = make_cooperative(
        "Koperasi Empat", field_status=FieldStatus.NOT_FOUND, field_status_on=date(2026, 6, 1)
    )
    gone = make_cooperative("Koperasi Lima", dissolved_on=date(2024, 3, 1))
    young = make_cooperative("Koperasi Enam", legal_entity_date=date(2025, 6, 12))
    assert listed(look(client, jenis="savings_and_loan")) == [lender]
    assert listed(look(client, kesehatan="sehat")) == [healthy]
    assert listed(look(client, keaktifan="aktif")) == [active]
    assert listed(look(client, keaktifan="tidak-aktif")) == [asleep]
    assert listed(look(client, keaktifan="bubar")) == [gone]
    assert listed(look(client, keaktifan="baru-berdiri")) == [young]
    assert set(listed(look(client, keaktifan="perlu-dicek"))) == {lender, healthy}
    assert listed(look(client, cari="koperasi tiga", keaktifan="bubar")) == []
    assert total(look(client, kesehatan="belum-dinilai")) == 5


def test_values_that_make_no_sense_are_as_if_not_there(client: CheckedClient) -> None:
    code = make_cooperative()
    asked = {"kecamatan": "x", "desa": "y", "jenis": "z", "keaktifan": "?", "kesehatan": "!", "halaman": "-1"}
    assert listed(look(client, **asked)) == [code]
    assert listed(look(client, cari="x" * 5000)) == []
    assert client.get("/koperasi?halaman=99999999999").status_code == 200


def test_pages_are_stable_and_complete(client: CheckedClient) -> None:
    codes = [make_cooperative("Koperasi Sama") for _ in range(45)]
    seen = [code for number in (1, 2, 3) for code in listed(look(client, halaman=number))]
    assert sorted(seen) == sorted(codes)
    assert listed(look(client, halaman=4)) == []
    assert total(look(client, halaman=4)) == 45
    searched = [code for number in (1, 2, 3) for code in listed(look(client, cari="sama", halaman=number))]
    assert sorted(searched) == sorted(codes)


def test_where_data_is_saved_a_page_is_half_as_long_and_nothing_is_left_out(client: CheckedClient) -> None:
    for number in range(23):
        make_cooperative(f"Koperasi Hemat {number:02}")
    for words in ("", "hemat"):  # the list, a search
        seen: list[str] = []
        for number in (1, 2, 3):
            address = f"/koperasi?{urlencode({'cari': words, 'halaman': number})}"
            usual = client.get(address)
            answer = client.get(address, headers={"Save-Data": "on"})
            assert "Save-Data" in answer.headers["Vary"]
            shown = listed(client.parsed(answer))
            assert len(shown) <= 10
            assert number > 1 or len(listed(client.parsed(usual))) == 20, (
                "never the short answer for everybody"
            )
            seen += shown
        assert len(seen) == len(set(seen)) == 23


def test_the_next_page_keeps_what_was_asked(client: CheckedClient) -> None:
    for _ in range(21):
        make_cooperative("Koperasi Sama")
    page = look(client, cari="sama", kecamatan=NANGGUNG)
    [next_page] = [a.get("href") or "" for a in page.all("a") if a.get("rel") == "next"]
    assert "cari=sama" in next_page
    assert f"kecamatan={NANGGUNG}" in next_page
    assert len(listed(client.page(next_page))) == 1


def test_htmx_gets_the_results_alone(client: CheckedClient) -> None:
    code = make_cooperative()
    answer = client.htmx("/koperasi?cari=tani", target="results")
    html = answer.get_data(as_text=True)
    assert code in html
    assert "<html" not in html
    assert {"HX-Request", "HX-Target"} <= set(answer.vary)
    assert "<html" in client.get("/koperasi?cari=tani").get_data(as_text=True)


def test_nothing_found_says_what_that_means(client: CheckedClient) -> None:
    html = client.get("/koperasi?cari=zzzzqqqq").get_data(as_text=True)
    assert "Belum tentu tidak resmi" in html
    assert "/koperasi/mendirikan" in html
    assert "tel:" in html


def test_the_choice_is_remembered_in_the_form(client: CheckedClient) -> None:
    page = look(
        client,
        cari="tani",
        kecamatan=NANGGUNG,
        desa=DESA,
        jenis="consumer",
        keaktifan="aktif",
        kesehatan="sehat",
    )
    chosen = {o.get("value") for o in page.all("option") if "selected" in o.attrib}
    assert {NANGGUNG, DESA, "consumer", "aktif", "sehat"} <= chosen
    assert "tani" in [i.get("value") for i in page.all("input")]


def test_what_people_type_is_text(client: CheckedClient) -> None:
    evil = '"><img src=x onerror=alert(1)>{{7*7}}'
    code = make_cooperative(f"Koperasi {evil}", address=evil, main_activity=evil)
    for path in ("/koperasi?" + urlencode({"cari": evil}), "/koperasi", f"/koperasi/{code}"):
        html = client.get(path, check=False).get_data(as_text=True)
        assert "<img src=x" not in html, path
        assert "{{7*7}}" in html, path


def test_more_than_a_thousand_is_said_so(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cooperatives.queries.lookup.COUNT_LIMIT", 3)
    for _ in range(5):
        make_cooperative("Koperasi Sama")
    page = look(client, jenis="unknown")
    assert total(page) == 3
    assert [e for e in page.elements if e.get("data-more") is not None]


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "%", "_", "'", "\\", "\u202e", "9" * 500, "koperasi", "-"]
)
def test_strange_questions_are_answered(client: CheckedClient, text: str) -> None:
    make_cooperative()
    for name in ("cari", "kecamatan", "desa", "jenis", "keaktifan", "kesehatan", "halaman"):
        assert client.get("/koperasi?" + urlencode({name: text})).status_code == 200


def test_each_desa_of_the_kecamatan_is_a_link_that_keeps_the_words(client: CheckedClient) -> None:
    make_cooperative("Koperasi Tani Maju", kecamatan_code="32.01.01", desa_code="32.01.01.1001")
    page = client.get("/koperasi?kecamatan=32.01.01&cari=32.00.00.0000+a%26b").get_data(as_text=True)
    [link] = re.findall(r'<li><a href="([^"]+)">Pondok Rajeg</a> 1</li>', page)
    assert unescape(link) == "/koperasi?kecamatan=32.01.01&desa=32.01.01.1001&cari=32.00.00.0000+a%26b"
