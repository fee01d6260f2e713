"""Registering a cooperative: a browser, a program, without JavaScript; exactly once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import brotli
import pytest
from flask import Flask
from sqlalchemy import select

from app.core.crypt import unseal
from app.core.db import db
from app.registry.models import Consent
from app.registry.rules import RecordStatus, Source, SubmissionKind, SubmissionStatus
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.cooperatives import (
    DESA,
    NANGGUNG,
    OTHER_DESA,
    make_cooperative,
    new_id,
    records,
    registration,
    said,
    submissions,
)

JSON = {"Accept": "application/json"}


def test_it_works(client: CheckedClient) -> None:
    answer = client.post("/koperasi/daftar", data=registration())
    assert answer.status_code == 303
    assert answer.location.startswith("/tanda-terima/")
    [record], [submission] = records(), submissions()
    assert (record.name, record.status, record.source) == (
        "Koperasi Harapan Warga",
        RecordStatus.PENDING,
        Source.SELF,
    )
    assert submission.record_code == record.code
    assert submission.status is SubmissionStatus.RECEIVED
    assert submission.kind is SubmissionKind.COOPERATIVE_REGISTRATION


def test_every_field_of_the_contract_is_kept(client: CheckedClient) -> None:
    answer = client.post(
        "/koperasi/daftar",
        data=registration(
            address="Kp. Sawah RT 02/RW 05",
            members_male="1.250",
            members_female="25 orang",
            membership_area="provinsi",
            legal_entity_number="ahu-0036770.ah.01.29.tahun 2025",
            legal_entity_date="12 Juni 2025",
            nik_koperasi="3201070060001",
            nib="9120001234567",
            npwp="01.234.567.4-403.000",
            rat_years=["2025", "2024"],
            health_claim="healthy",
            health_year="2024",
            annual_turnover="1,5 juta",
            chair_name="Ahmad Hidayat",
            consent_public_contact="1",
        ),
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    [record] = records()
    assert record.address == "Kp. Sawah RT 02/RW 05"
    assert (record.members_male, record.members_female, record.members_total) == (1250, 25, 1275)
    assert record.membership_area == "provinsi"
    assert record.legal_entity_number == "AHU-0036770.AH.01.29.TAHUN 2025"
    assert str(record.legal_entity_date) == "2025-06-12"
    assert (record.nik_koperasi, record.nib) == ("3201070060001", "9120001234567")
    assert record.npwp
    assert (record.health_claim, record.health_claim_year) == ("healthy", 2024)
    assert record.health == "unassessed", "what a cooperative claims is not an assessment"
    assert record.annual_turnover == 1_500_000
    assert record.chair_name == "Ahmad Hidayat"
    assert (record.consent_public_contact, record.consent_whatsapp) == (True, False)
    assert unseal(record.phone_sealed or b"", place=f"cooperative.phone:{record.code}") == "6281299997531"
    assert submissions()[0].at_dinas, "wider than the kabupaten: the Dinas looks at it"


def test_a_program_gets_json(client: CheckedClient) -> None:
    key = new_id()
    first = client.post("/koperasi/daftar", data=registration(submission_id=key), headers=JSON)
    again = client.post("/koperasi/daftar", data=registration(submission_id=key), headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert said(first) | {"replay": True} == said(again)
    assert said(first)["ok"] is True
    assert said(first)["id"] == key
    assert said(first)["replay"] is False
    assert said(first)["no"].startswith("KB-")
    assert said(first)["url"].startswith("/tanda-terima/")


@pytest.mark.parametrize(
    "field", ["name", "cooperative_type", "kecamatan", "desa", "phone", "contact_name", "main_activity"]
)
def test_a_required_field_that_is_missing_has_one_sentence(client: CheckedClient, field: str) -> None:
    answer = client.post("/koperasi/daftar", data=registration(**{field: None}), headers=JSON)
    assert answer.status_code == 422
    assert field in said(answer)["errors"]
    assert not records()
    assert not submissions()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"),
        ("cooperative_type", "bank"),
        ("kecamatan", "99.99.99"),
        ("desa", "32.01.01.1001"),
        ("members_male", "-3"),
        ("legal_entity_number", "tidak tau"),
        ("legal_entity_date", "31-2-2025"),
        ("legal_entity_date", "1-1-2030"),
        ("nik_koperasi", "123"),
        ("nib", "91200012345678"),
        ("npwp", "111"),
        ("rat_years", "2026"),
        ("rat_years", "dua ribu"),
        ("health_claim", "super"),
        ("health_year", "26"),
        ("annual_turnover", "1.25"),
        ("membership_area", "dunia"),
        ("phone_owner", "tetangga"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_stored(
    client: CheckedClient, field: str, value: str
) -> None:
    answer = client.post("/koperasi/daftar", data=registration(**{field: value}), headers=JSON)
    assert answer.status_code == 422, (field, value)
    wrong = set(said(answer)["errors"])
    assert wrong == ({"kecamatan", "desa"} if field == "kecamatan" else {field})
    assert not submissions()


def test_the_page_comes_back_with_what_was_typed(client: CheckedClient) -> None:
    answer = client.post("/koperasi/daftar", data=registration(phone="abc", address="Kp. <Sawah> & Ladang"))
    assert answer.status_code == 422
    page = client.parsed(answer)
    typed = {i.get("name"): i.get("value") for i in page.all("input") if i.get("type") != "radio"}
    assert typed["phone"] == "abc"
    assert typed["address"] == "Kp. <Sawah> & Ladang"
    chosen = [o.get("value") for o in page.all("option") if "selected" in o.attrib]
    assert DESA in chosen
    links = [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("#phone")]
    assert links, "the summary leads to the field"


def test_without_a_phone_the_receipt_is_made_for_paper(client: CheckedClient) -> None:
    answer = client.post("/koperasi/daftar", data=registration(phone="", phone_owner="none"))
    assert answer.status_code == 303
    assert records()[0].phone_sealed is None


def test_the_same_submission_sent_twice_is_one_record(client: CheckedClient) -> None:
    sent = registration(submission_id=new_id())
    receipts = {client.post("/koperasi/daftar", data=sent).location for _ in range(3)}
    assert len(receipts) == 1
    assert len(records()) == len(submissions()) == 1


def test_a_replay_survives_rules_that_changed_since(client: CheckedClient, at: Callable[[str], None]) -> None:
    sent = registration(
        submission_id=new_id(), legal_entity_date="20-11-2026", legal_entity_number="1/BH/2026"
    )
    first = client.post("/koperasi/daftar", data=sent)
    at("2026-11-01T09:00+07:00")  # on that day the date would lie in the future
    assert (
        client.post("/koperasi/daftar", data=registration(**sent | {"submission_id": new_id()})).status_code
        == 422
    )
    assert client.post("/koperasi/daftar", data=sent).location == first.location


def test_empty_fields_and_their_order_do_not_make_another_content(client: CheckedClient) -> None:
    key = new_id()
    client.post("/koperasi/daftar", data=registration(submission_id=key))
    turned = dict(reversed(list(registration(submission_id=key, address="", filled_at="1").items())))
    assert client.post("/koperasi/daftar", data=turned, headers=JSON).status_code == 200


def test_the_same_id_with_other_content_is_shown_not_swallowed(client: CheckedClient) -> None:
    key = new_id()
    client.post("/koperasi/daftar", data=registration(submission_id=key))
    other = registration(submission_id=key, name="Koperasi Lain Sekali", phone="0813-0000-1111")
    told = client.post("/koperasi/daftar", data=other, headers=JSON)
    assert (told.status_code, said(told)["error"]) == (409, "other_content")
    shown = client.post("/koperasi/daftar", data=other)
    html = shown.get_data(as_text=True)
    assert shown.status_code == 409
    assert "Koperasi Harapan Warga" in html
    assert "Koperasi Lain Sekali" in html
    assert "7531" not in html, "the phone of the first version is nobody else's business"
    assert submissions()[0].receipt_number in html
    assert len(records()) == 1


def test_other_content_can_be_sent_on_as_a_new_one_or_as_a_correction(client: CheckedClient) -> None:
    key = new_id()
    client.post("/koperasi/daftar", data=registration(submission_id=key))
    other = registration(submission_id=key, name="Koperasi Lain Sekali")
    page = client.parsed(client.post("/koperasi/daftar", data=other))
    fresh = next(i.get("value") for i in page.all("input") if i.get("name") == "submission_id")
    assert fresh != key
    answer = client.post("/koperasi/daftar", data=other | {"submission_id": fresh, "replaces": key})
    assert answer.status_code == 303
    assert [s.kind for s in submissions()] == [
        SubmissionKind.COOPERATIVE_REGISTRATION,
        SubmissionKind.COOPERATIVE_CORRECTION,
    ]
    assert len(records()) == 1, "a correction is compared by an officer, it makes no second record"
    client.post("/koperasi/daftar", data=other | {"submission_id": new_id(), "replaces": new_id()})
    assert len(records()) == 2, "what never arrived cannot be corrected: it is an ordinary registration"


def test_a_trap_that_was_filled_is_kept_and_marked_with_a_true_receipt(client: CheckedClient) -> None:
    answer = client.post("/koperasi/daftar", data=registration(website="http://x.example"))
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert submissions()[0].suspicious


def test_without_javascript_the_desa_list_comes_in_a_second_step(client: CheckedClient) -> None:
    typed = registration(desa=None, address="Kp. Sawah") | {"tahap": "desa"}
    answer = client.post("/koperasi/daftar", data=typed)
    page = client.parsed(answer)
    assert answer.status_code == 200
    assert OTHER_DESA in [o.get("value") for o in page.all("option")]
    assert "Kp. Sawah" in [i.get("value") for i in page.all("input")]
    assert not submissions()


def test_without_javascript_the_village_cooperative_of_the_chosen_desa_is_shown_too(
    client: CheckedClient,
) -> None:
    village = make_cooperative("Koperasi Desa Merah Putih Bantarkaret")
    assert "Lihat koperasi yang mirip" not in client.get("/koperasi/daftar").text, "first the place"
    typed = registration(name="Warga Bersatu", desa=None) | {"tahap": "desa"}
    second = client.post("/koperasi/daftar", data=typed).text
    assert 'name="tahap" value="mirip"' in second.split("<noscript>")[1]
    asked = registration(name="Warga Bersatu") | {"tahap": "mirip"}
    assert f"/koperasi/{village}/klaim" in client.post("/koperasi/daftar", data=asked).text
    assert not submissions()


def test_place_and_name_may_come_in_the_address(client: CheckedClient) -> None:
    page = client.page(f"/koperasi/daftar?kecamatan={NANGGUNG}&desa={DESA}&nama=Tani%20Maju")
    chosen = {o.get("value") for o in page.all("option") if "selected" in o.attrib}
    assert {NANGGUNG, DESA} <= chosen
    assert "Tani Maju" in [i.get("value") for i in page.all("input")]
    assert client.get("/koperasi/daftar?kecamatan=x&desa=y").status_code == 200


def test_look_alikes_are_shown_and_never_refuse(client: CheckedClient) -> None:
    code = make_cooperative("Koperasi Tani Maju Sejahtera")
    hidden = make_cooperative("Koperasi Tani Maju Sejahterah", status=RecordStatus.PENDING)
    page = client.get(f"/koperasi/daftar?kecamatan={NANGGUNG}&desa={DESA}&nama=Kop+Tani+Maju+Sejahtera")
    html = page.get_data(as_text=True)
    assert f"/koperasi/{code}/klaim" in html
    assert hidden not in html
    fragment = client.htmx(
        f"/koperasi/mirip?kecamatan={NANGGUNG}&desa={DESA}&nama=Kop+Tani+Maju+Sejahtera", target="look_alikes"
    )
    assert f"/koperasi/{code}/klaim" in fragment.get_data(as_text=True)
    assert "<title>" not in fragment.get_data(as_text=True)
    sent = registration(name="Koperasi Tani Maju Sejahtera")
    assert client.post("/koperasi/daftar", data=sent).status_code == 303


def test_the_village_cooperative_of_the_desa_comes_first(client: CheckedClient) -> None:
    make_cooperative("Koperasi Warga Bersatu")
    village = make_cooperative("Koperasi Desa Merah Putih Bantarkaret")
    html = client.get(f"/koperasi/mirip?kecamatan={NANGGUNG}&desa={DESA}&nama=Warga+Bersatu").get_data(
        as_text=True
    )
    assert html.index(f"/koperasi/{village}/klaim") < html.index("Koperasi Warga Bersatu</b>")


def test_consents_are_separate_unticked_and_versioned(client: CheckedClient) -> None:
    page = client.page("/koperasi/daftar")
    boxes = [i for i in page.all("input") if (i.get("name") or "").startswith("consent_")]
    assert len(boxes) == 2
    assert not [b for b in boxes if "checked" in b.attrib]
    client.post("/koperasi/daftar", data=registration(consent_whatsapp="y"))
    rows = {c.purpose: c for c in db.session.scalars(select(Consent).order_by(Consent.id))}
    assert rows["notice"].given
    assert rows["notice"].text_version
    assert rows["whatsapp"].given
    assert not rows["public_contact"].given
    assert rows["whatsapp"].how == "screen"
    assert rows["whatsapp"].witness_id is None


def test_the_due_day_is_three_working_days_ahead(client: CheckedClient) -> None:
    client.post("/koperasi/daftar", data=registration())
    assert str(submissions()[0].due_on) == "2026-11-26"


def test_an_area_with_its_own_officer_keeps_it_and_others_go_to_the_dinas(
    client: CheckedClient, cast: Cast
) -> None:
    client.post("/koperasi/daftar", data=registration())
    assert submissions()[0].at_dinas, "nobody decides in Nanggung yet"
    cast["officer"]
    client.post("/koperasi/daftar", data=registration(name="Koperasi Kedua", submission_id=new_id()))
    assert not next(s for s in submissions() if s.title == "Koperasi Kedua").at_dinas


def test_a_form_without_any_word_of_the_browser_comes_back_with_a_token(client: CheckedClient) -> None:
    answer = client.post("/koperasi/daftar", data=registration(), site=None)
    page = client.parsed(answer)
    assert answer.status_code == 422
    token = next(i.get("value") for i in page.all("input") if i.get("name") == "csrf_token")
    assert "Koperasi Harapan Warga" in [i.get("value") for i in page.all("input")]
    assert not submissions()
    assert client.post("/koperasi/daftar", data=registration(csrf_token=token), site=None).status_code == 303


def test_a_foreign_page_cannot_send_it(client: CheckedClient) -> None:
    assert client.post("/koperasi/daftar", data=registration(), site="cross-site").status_code == 403


def test_the_page_weighs_little(client: CheckedClient) -> None:
    html = client.get("/koperasi/daftar").data
    sent = client.get("/koperasi/daftar", headers={"Accept-Encoding": "br"}, check=False).data
    assert brotli.decompress(sent)[:200] == html[:200]
    assert len(sent) <= 6 * 1024
    assert html.count(b"data-step ") <= 12 or html.count(b"data-step") <= 14


def test_it_is_said_on_top_what_this_is_not(client: CheckedClient) -> None:
    html = client.get("/koperasi/daftar").get_data(as_text=True)
    assert "Ini pendataan, gratis. Ini bukan izin dan bukan badan hukum." in html


def test_a_full_queue_turns_nobody_away_whom_it_knows_and_no_officer(
    client: CheckedClient,
    app: Flask,
    sign_in: Callable[[str], CheckedClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], most_waiting=2))
    first = registration(submission_id=new_id())
    assert client.post("/koperasi/daftar", data=first).status_code == 303
    second = registration(submission_id=new_id(), name="Koperasi Kedua")
    assert client.post("/koperasi/daftar", data=second).status_code == 303
    third = registration(submission_id=new_id(), name="Koperasi Ketiga")
    shown = client.post("/koperasi/daftar", data=third)
    assert shown.status_code == 429
    assert int(shown.headers["Retry-After"]) > 0
    assert "Koperasi Ketiga" in shown.text, "what was typed is not lost"
    told = client.post("/koperasi/daftar", data=third, headers=JSON)
    assert (told.status_code, said(told)["error"]) == (429, "busy")
    assert client.post("/koperasi/daftar", data=first, headers=JSON).status_code == 200, (
        "a replay is a replay"
    )
    assert len(submissions()) == 2
    officer = sign_in("officer")
    assisted = {**third, "spoken_consent": "y", "present": "Ibu Ani"}
    assert officer.post("/petugas/koperasi/daftarkan", data=assisted).status_code == 303


def test_too_many_for_one_phone_wait_and_replays_do_not_count(client: CheckedClient) -> None:
    first = registration(submission_id=new_id())
    for n in range(20):
        sent = first if n == 0 else registration(submission_id=new_id(), name=f"Koperasi {n}")
        assert client.post("/koperasi/daftar", data=sent).status_code == 303
    for _ in range(5):
        assert client.post("/koperasi/daftar", data=first, headers=JSON).status_code == 200
    late = registration(submission_id=new_id(), name="Koperasi Kebanyakan")
    shown = client.post("/koperasi/daftar", data=late)
    assert shown.status_code == 429
    assert int(shown.headers["Retry-After"]) > 0
    assert "Koperasi Kebanyakan" in shown.get_data(as_text=True), "what was typed is not lost"
    told = client.post("/koperasi/daftar", data=late, headers=JSON)
    assert (told.status_code, said(told)["error"]) == (429, "busy")
    other = registration(submission_id=new_id(), phone="0813-1111-2222")
    assert client.post("/koperasi/daftar", data=other).status_code == 303


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "\ud7ff" * 10, "x" * 100_000, "'; DROP TABLE--", "\u202e"]
)
def test_strange_text_never_breaks_the_server(client: CheckedClient, value: str) -> None:
    for field in (
        "name",
        "phone",
        "kecamatan",
        "legal_entity_number",
        "replaces",
        "submission_id",
        "filled_at",
    ):
        answer = client.post("/koperasi/daftar", data=registration(**{field: value}), headers=JSON)
        assert answer.status_code in {200, 201, 409, 422, 429}, field
    assert client.get("/koperasi/daftar", query_string={"nama": value[:900]}).status_code == 200
    assert (
        client.get("/koperasi/mirip", query_string={"nama": value[:900], "kecamatan": NANGGUNG}).status_code
        == 200
    )
