"""The public profile: what everybody may know, each status with source and date; nothing personal."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.cooperatives.rules import FieldStatus, Health, MembershipArea, MinistryStatus
from app.cooperatives.services.records import mark_merged, set_status
from app.core.transaction import atomically
from app.registry.rules import RecordStatus
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import OFFICE, make_cooperative

SECRET: dict[str, Any] = {
    "phone": "6281299997531",
    "contact_name": "Siti Aminah",
    "chair_name": "Ahmad Hidayat",
}


def read(client: CheckedClient, code: str) -> str:
    answer = client.get(f"/koperasi/{code}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_works(client: CheckedClient) -> None:
    code = make_cooperative(
        "Koperasi Tani Maju", address="Kp. Sawah", legal_entity_number="AHU-0036770.AH.01.29.TAHUN 2025"
    )
    html = read(client, code)
    assert "Koperasi Tani Maju" in html
    assert f'data-record="{code}"' in html
    assert "Kec. Nanggung" in html
    assert "AHU-0036770.AH.01.29.TAHUN 2025" in html
    assert "Data per" in html


def test_nothing_personal_is_on_it(client: CheckedClient) -> None:
    code = make_cooperative(
        **SECRET,
        nib="9120001234567",
        npwp="0012345674403000",
        annual_turnover=123_456_789,
        phone_owner="self",
    )
    html = read(client, code) + client.get("/koperasi").get_data(as_text=True)
    for secret in ("97531", "9999", "Siti", "Ahmad", "9120001234567", "123.456.789", "123456789", "4403000"):
        assert secret not in html, secret
    assert f"/koperasi/{code}/pesan" in html


def test_a_contact_shows_only_with_its_owners_consent(client: CheckedClient) -> None:
    code = make_cooperative(**SECRET, consent_public_contact=True)
    html = read(client, code)
    assert "0812-9999-7531" in html
    assert "Siti" not in html
    assert f"/koperasi/{code}/pesan" not in html


def test_each_status_carries_its_source_and_date(client: CheckedClient) -> None:
    code = make_cooperative(
        ministry_status=MinistryStatus.INACTIVE,
        ministry_status_on=date(2026, 1, 15),
        field_status=FieldStatus.BUSINESS_AND_BODY_ACTIVE,
        field_status_on=date(2026, 9, 3),
        health=Health.FAIRLY_HEALTHY,
        health_source="Penilaian Dinas",
        health_on=date(2025, 5, 20),
        rat_years=(2023, 2024),
        legal_entity_date=date(2010, 1, 1),
    )
    html = read(client, code)
    assert "temuan lapangan, 3 Sep 2026" in html
    assert "kementerian, 15 Jan 2026" in html
    assert "Penilaian Dinas, 20 Mei 2025" in html
    assert "2024, 2023" in html


def test_members_of_other_places_are_said_to_be_guided_elsewhere(client: CheckedClient) -> None:
    assert "dibina provinsi" in read(client, make_cooperative(membership_area=MembershipArea.PROVINSI))


def test_a_dissolved_one_is_found_with_its_date(client: CheckedClient) -> None:
    code = make_cooperative("Koperasi Lama", dissolved_on=date(2024, 3, 1))
    assert "1 Maret 2024" in read(client, code)
    assert code in client.get("/koperasi?cari=lama").get_data(as_text=True)


def test_a_merged_code_leads_to_the_one_that_was_kept(client: CheckedClient) -> None:
    first, second, kept = (make_cooperative(f"Koperasi {n}") for n in ("Satu", "Dua", "Tiga"))

    def merge(code: str, into: str) -> None:
        atomically(lambda s: mark_merged(s, code=code, into=into))
        atomically(
            lambda s: set_status(s, code=code, status=RecordStatus.MERGED, actor=OFFICE, deed="uji") and None
        )

    merge(first, second)
    merge(second, kept)
    answer = client.get(f"/koperasi/{first}")
    assert (answer.status_code, answer.location) == (301, f"/koperasi/{kept}")
    atomically(
        lambda s: set_status(s, code=kept, status=RecordStatus.ARCHIVED, actor=OFFICE, deed="uji") and None
    )
    assert client.get(f"/koperasi/{first}").status_code == 404


def test_a_code_typed_carelessly_still_leads_there(client: CheckedClient) -> None:
    code = make_cooperative()
    answer = client.get(f"/koperasi/{code.lower().replace('-', '')}")
    assert (answer.status_code, answer.location) == (301, f"/koperasi/{code}")
    assert client.get("/koperasi/K-ZZZZZZZ").status_code == 404
    assert client.get("/koperasi/xyz").status_code == 404


def test_the_share_text_makes_sense_alone_and_is_short(client: CheckedClient) -> None:
    code = make_cooperative("Koperasi " + "Panjang " * 20, **SECRET)
    page = client.page(f"/koperasi/{code}")
    [link] = [a for a in page.all("a") if a.get("data-share")]
    text = parse_qs(urlsplit(link.get("href") or "").query)["text"][0]
    assert len(text) < 700
    assert "Koperasi Panjang" in text
    assert f"/koperasi/{code}" in text
    assert "9753" not in text


def test_a_grade_shows_only_where_meetings_are_on_record(client: CheckedClient) -> None:
    """Nothing on record is not the same as nothing held."""
    assert "Kategori RAT" not in read(client, make_cooperative(legal_entity_date=date(2010, 1, 1)))
    assert "B: dua RAT" in read(
        client, make_cooperative(rat_years=(2024, 2025), legal_entity_date=date(2010, 1, 1))
    )


def test_addresses_that_are_no_code_are_not_found(client: CheckedClient) -> None:
    for path in ("%00", "K-%00ABCDEF", "K-2222222%27", "é", "k" * 3000):
        for ending in ("", "/klaim", "/lapor", "/pesan"):
            assert client.get(f"/koperasi/{path}{ending}").status_code == 404, path
