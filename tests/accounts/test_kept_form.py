"""What somebody typed before the session ended: kept for that person, closed to everybody else."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.forms import ROLE_WORDS, SECTION_WORDS
from app.accounts.kept_form import KeptForm
from app.accounts.models import Account
from app.core.access import Role, Section
from app.core.db import db
from tests.checked_client import CheckedClient
from tests.factories.accounts import Made, browser, make_account, remember, sign_in_by_page, signed_in_browser

At = Callable[[str], None]
TYPED = {
    "name": "Ibu Nining Rahayu",
    "language": "su",
    "submission_id": "0b0f7f8e-0000-4000-8000-000000000001",
}


def hidden(client: CheckedClient, response: TestResponse, name: str) -> str:
    fields = [i.get("value") for i in client.parsed(response).all("input") if i.get("name") == name]
    return fields[0] or "" if fields else ""


def form_of(client: CheckedClient) -> str:
    """The token that an open form of this browser carries."""
    return hidden(client, client.get("/akun"), "csrf_token")


def send(client: CheckedClient, token: str, **more: str) -> TestResponse:
    """Press the button of a form that has been open since ``token`` was made."""
    return client.post("/akun", data={**TYPED, **more, "csrf_token": token}, token=False)


def name_of(made: Made) -> str:
    account = db.session.get(Account, made.account_id)
    assert account is not None
    return account.name


def sign_in_with(client: CheckedClient, made: Made, kept: str) -> TestResponse:
    return sign_in_by_page(client, made, kept=kept)


@pytest.fixture
def ana(app: Flask) -> Made:
    return make_account(name="Ana")


@pytest.fixture
def beni(app: Flask) -> Made:
    return make_account(name="Beni")


def test_a_form_sent_after_the_session_lapsed_is_offered_to_the_same_person(
    app: Flask, ana: Made, at: At
) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    answer = send(client, token)
    assert answer.status_code == 401
    assert name_of(ana) == "Ana"
    kept = hidden(client, answer, "kept")

    offer = sign_in_with(client, ana, kept)
    assert offer.status_code == 200
    assert "Ibu Nining Rahayu" in offer.get_data(as_text=True)
    assert hidden(client, offer, "submission_id") == TYPED["submission_id"]
    fields = {
        i.get("name"): i.get("value") for i in client.parsed(offer).all("input") if i.get("type") == "hidden"
    }
    assert fields["csrf_token"] == client.token() or fields["csrf_token"]

    done = client.post("/akun", data={k: v or "" for k, v in fields.items() if k}, token=False)
    assert done.status_code == 303
    assert name_of(ana) == "Ibu Nining Rahayu"


def test_another_person_who_signs_in_there_gets_nothing_of_it(
    app: Flask, ana: Made, beni: Made, at: At
) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    answer = send(client, token)
    kept = hidden(client, answer, "kept")
    for text in (answer.get_data(as_text=True), html.unescape(kept)):
        assert "Nining" not in text

    response = sign_in_with(client, beni, kept)
    assert response.status_code == 303
    assert "Nining" not in client.get("/akun").get_data(as_text=True)
    assert (name_of(ana), name_of(beni)) == ("Ana", "Beni")


def test_a_form_open_while_signing_out_in_another_tab_is_kept_too(app: Flask, ana: Made) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    client.post("/keluar")
    answer = send(client, token)
    assert answer.status_code == 401
    assert sign_in_with(client, ana, hidden(client, answer, "kept")).status_code == 200


def test_kept_fields_survive_a_wrong_password_and_the_code(app: Flask, at: At) -> None:
    made = make_account(Role.ADMINISTRATOR, second_factor=True)
    client = signed_in_browser(app, made)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    kept = hidden(client, send(client, token), "kept")
    wrong = client.post("/masuk", data={"phone": made.phone, "password": "salah sekali ini", "kept": kept})
    step = client.post(
        "/masuk", data={"phone": made.phone, "password": made.password, "kept": hidden(client, wrong, "kept")}
    )
    data = {
        "totp": made.code(),
        "pending": hidden(client, step, "pending"),
        "kept": hidden(client, step, "kept"),
    }
    offer = client.post("/masuk", data=data)
    assert "Ibu Nining Rahayu" in offer.get_data(as_text=True)


def test_a_form_of_my_own_earlier_session_simply_passes(app: Flask, ana: Made) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    client.post("/keluar")
    sign_in_by_page(client, ana)
    assert send(client, token).status_code == 303
    assert name_of(ana) == "Ibu Nining Rahayu"


def test_somebody_elses_open_form_is_never_sent_in_my_name(app: Flask, ana: Made, beni: Made) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    client.post("/ganti-pengguna")
    sign_in_by_page(client, beni)
    answer = send(client, token)
    assert answer.status_code == 403
    assert (name_of(ana), name_of(beni)) == ("Ana", "Beni")
    assert "Nining" not in answer.get_data(as_text=True)
    # the owner comes back at the same screen
    offer = sign_in_with(client, ana, hidden(client, answer, "kept"))
    assert "Ibu Nining Rahayu" in offer.get_data(as_text=True)


def test_after_twelve_hours_it_is_gone(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    kept = hidden(client, send(client, token), "kept")
    at("2026-11-23T23:01+07:00")
    assert sign_in_with(client, ana, kept).status_code == 303
    assert send(browser(app), token).headers["Location"] == "/masuk"


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}]
)
def test_what_another_site_sent_is_not_kept(app: Flask, ana: Made, at: At, headers: dict[str, str]) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    answer = client.post(
        "/akun", data={**TYPED, "csrf_token": token}, token=False, site=None, headers=headers
    )
    assert answer.status_code == (303 if not headers else 403)
    assert "kept" not in answer.get_data(as_text=True)


def test_a_forged_or_foreign_token_keeps_nothing(app: Flask, ana: Made) -> None:
    client = signed_in_browser(app, ana)
    assert send(client, "x.y.z").status_code == 403
    assert send(browser(app), "x.y.z").headers["Location"] == "/masuk"
    assert client.post("/akun", data=TYPED, token=False).status_code == 403


def test_passwords_are_never_kept(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    data = {"current_password": ana.password, "password": "x" * 14, "csrf_token": token}
    answer = client.post("/akun/kata-sandi", data=data, token=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/masuk"


def test_a_button_alone_is_not_worth_keeping(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    answer = client.post("/akun/perangkat/keluar-semua", data={"csrf_token": token}, token=False)
    assert answer.status_code == 303


def test_the_outbox_gets_401_for_an_ended_session(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    answer = client.post("/akun", data={**TYPED, "csrf_token": token}, token=False, headers={"X-Outbox": "1"})
    assert answer.status_code == 401


def test_htmx_gets_the_whole_page_in_place_of_its_own(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    headers = {"HX-Request": "true", "HX-Target": "status"}
    answer = client.post("/akun", data={**TYPED, "csrf_token": token}, token=False, headers=headers)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "body")
    assert hidden(client, answer, "kept")


def test_lines_and_signs_come_back_as_they_were_typed(app: Flask, ana: Made, at: At) -> None:
    client = signed_in_browser(app, ana)
    token = form_of(client)
    at("2026-11-23T11:00+07:00")
    text = 'Baris satu\r\nBaris "dua" <b>&amp; \u00e9'
    answer = send(client, token, note=text)
    offer = sign_in_with(client, ana, hidden(client, answer, "kept"))
    remember(client, offer)
    assert hidden(client, offer, "note").splitlines() == text.splitlines()


def test_what_was_typed_is_shown_in_words(app: Flask, at: At) -> None:
    """Choices, places and dates as everywhere else, each with its name; several answers to one question in one."""
    made = make_account(Role.ADMINISTRATOR, second_factor=True)
    client = signed_in_browser(app, made)
    token = form_of(client)
    at("2026-11-23T22:00+07:00")
    typed = {
        "name": "Ibu Nining",
        "role": "officer",
        "section": Section.KPK.value,
        "areas": ["32.01.01", "32.01.21"],
        "decree_date": "2026-01-05",
        "may_decide": "y",
    }
    answer = client.post("/petugas/akun/baru", data={**typed, "csrf_token": token}, token=False)
    kept = KeptForm("/petugas/akun/baru", [(n, v) for n, v in _pairs(typed)])
    assert answer.status_code == 401
    with app.test_request_context():
        assert kept.written == [
            ("Nama", "Ibu Nining"),
            ("Peran", str(ROLE_WORDS[Role.OFFICER])),
            ("Bidang", str(SECTION_WORDS[Section.KPK])),
            ("Kecamatan", "Kec. Cibinong, Kec. Nanggung"),
            ("Tanggal SK", "5 Jan 2026"),
            ("Boleh memutuskan", "ya"),
        ]


@pytest.mark.parametrize(
    ("address", "pair", "said"),
    [
        (
            "/petugas/koperasi/K-ABC2345/ubah",
            ("cooperative_type", "savings_and_loan"),
            ("Jenis", "Simpan pinjam"),
        ),
        ("/petugas/koperasi/K-ABC2345/ubah", ("members_male", "1200"), ("Anggota laki-laki", "1.200")),
        (
            "/petugas/koperasi/K-ABC2345/ubah",
            ("annual_turnover", "1500000"),
            ("Omzet setahun", "Rp1.500.000"),
        ),
        ("/petugas/koperasi/K-ABC2345/ubah", ("annual_turnover", "1,5 juta"), ("Omzet setahun", "1,5 juta")),
        (
            "/petugas/koperasi/K-ABC2345/ubah",
            ("legal_entity_date", "2004-05-06"),
            ("Tanggal badan hukum", "6 Mei 2004"),
        ),
        ("/klinik/minta-jadwal", ("client_type", "koperasi"), ("", "Koperasi")),
        ("/nowhere", ("when", "2026-11-24T09:30"), ("", "24 Nov 2026, 09.30")),
        ("/nowhere", ("starts", "09:30"), ("", "09.30")),
        ("/nowhere", ("phone", "081234567890"), ("", "081234567890")),
        ("/nowhere", ("day", "2026-13-45"), ("", "2026-13-45")),
    ],
)
def test_each_room_names_its_fields(
    app: Flask, address: str, pair: tuple[str, str], said: tuple[str, str]
) -> None:
    with app.test_request_context():
        assert KeptForm(address, [pair]).written == [said]


def _pairs(typed: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(n, str(one)) for n, v in typed.items() for one in (v if isinstance(v, list) else [v])]
