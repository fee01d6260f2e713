"""The administrator's pages: who works here, as what, where and until when."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.accounts.models import Account, AccountArea
from app.accounts.queries.people import find_person, list_history
from app.accounts.services import managing
from app.core.access import Access, Role, Section
from app.core.crypt import phone_index
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from tests.cast import CIBINONG, NANGGUNG, PARTS
from tests.checked_client import CheckedClient
from tests.factories.accounts import (
    MAKER,
    PASSWORD,
    Made,
    actor_behind,
    browser,
    make_account,
    sign_in_by_page,
    signed_in_browser,
)

At = Callable[[str], None]
NEW = {
    "name": "Pak Dadang",
    "phone": "0813-5555-0001",
    "role": "co_administrator",
    "areas": [NANGGUNG, CIBINONG],
    "institution": "Kecamatan Nanggung",
    "decree_number": "500.3/12/2026",
    "decree_date": "2-1-2026",
    "valid_from": "2-1-2026",
    "valid_until": "31-12-2026",
    "may_decide": "y",
}


@pytest.fixture
def boss(app: Flask) -> Made:
    return make_account(Role.ADMINISTRATOR, name="Ibu Kepala", second_factor=True)


@pytest.fixture
def desk(app: Flask, boss: Made) -> CheckedClient:
    return signed_in_browser(app, boss)


def account(account_id: int) -> Account:
    db.session.rollback()
    found = db.session.get(Account, account_id)
    assert found is not None
    return found


def at_desk(made: Made, deed: str = "") -> str:
    return f"/petugas/akun/{made.account_id}" + (f"/{deed}" if deed else "")


def deeds(made: Made) -> list[str]:
    return [row.deed for row in list_history(made.account_id)]


def test_a_new_account_gets_a_link_shown_once_with_qr(app: Flask, desk: CheckedClient) -> None:
    response = desk.post("/petugas/akun/baru", data=NEW)
    body = response.get_data(as_text=True)
    address = re.search(r"<code data-link>(http://[^<]+/tautan/[\w-]{43})</code>", body)
    assert address
    assert "<svg" in body
    path = "/" + address[1].split("/", 3)[3]
    assert browser(app).post(path, data={"password": "gajah terbang di sumur"}).status_code == 303
    made = db.session.scalars(
        select(Account).where(Account.phone_index == phone_index("6281355550001"))
    ).one()
    assert address[1] not in desk.get(f"/petugas/akun/{made.id}").get_data(as_text=True)


def test_everything_the_office_decides_is_kept(app: Flask, desk: CheckedClient) -> None:
    desk.post("/petugas/akun/baru", data=NEW)
    made = db.session.scalars(select(Account).where(Account.name == "Pak Dadang")).one()
    person = find_person(made.id)
    assert person is not None
    assert person.phone == "6281355550001"
    assert person.grant.kecamatan_codes == {NANGGUNG, CIBINONG}
    assert person.grant.may_decide
    assert str(person.grant.valid_until) == "2026-12-31"
    assert (person.institution, person.decree_number) == ("Kecamatan Nanggung", "500.3/12/2026")


def test_the_number_is_sealed_and_masked_in_the_history(app: Flask, desk: CheckedClient) -> None:
    desk.post("/petugas/akun/baru", data=NEW)
    made = db.session.scalars(select(Account).where(Account.name == "Pak Dadang")).one()
    assert b"81355550001" not in made.phone_sealed
    assert list_history(made.id)[-1].after["phone"] == "0813-****-001"
    for table in ("account", "history"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
        assert "81355550001" not in str(rows)


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"role": "officer"}, "section"),
        ({"areas": []}, "areas"),
        ({"areas": ["99.99.99"]}, "areas"),
        ({"valid_until": "1-1-2020"}, "valid_until"),
        ({"decree_date": "kemarin dulu"}, "decree_date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: CheckedClient, spoil: dict[str, object], field: str
) -> None:
    response = desk.post("/petugas/akun/baru", data={**NEW, **spoil})
    assert response.status_code == 422
    assert f'href="#{field}"' in response.get_data(as_text=True)
    assert db.session.scalars(select(Account.name).where(Account.name == "Pak Dadang")).all() == []


def test_a_number_belongs_to_one_account(desk: CheckedClient) -> None:
    taken = make_account()
    response = desk.post("/petugas/akun/baru", data={**NEW, "phone": taken.typed_phone})
    assert response.status_code == 409
    assert "sudah dipakai akun lain" in response.get_data(as_text=True)


def test_extra_fields_change_nothing(desk: CheckedClient) -> None:
    extra = {"password_hash": "x", "active": "0", "id": "1", "totp_sealed": "x", "created_by": "1"}
    desk.post("/petugas/akun/baru", data={**NEW, **extra})
    made = db.session.scalars(select(Account).where(Account.name == "Pak Dadang")).one()
    assert made.active
    assert made.password_hash is None
    assert made.id != 1


def test_changed_powers_count_at_the_next_request(app: Flask, desk: CheckedClient) -> None:
    made = make_account(areas=(NANGGUNG,), name="Officer")
    client = signed_in_browser(app, made)
    data = {"name": "Officer", "role": "companion", "areas": [CIBINONG]}
    assert desk.post(at_desk(made, "ubah"), data=data).status_code == 303
    person = actor_behind(client.sid or "")
    assert person is not None
    assert (person.role, person.kecamatan_codes) == (Role.COMPANION, frozenset({CIBINONG}))
    assert not person.may(Access.VERIFY_COOPERATIVE)
    row = list_history(made.account_id)[0]
    assert row.before["role"] == "officer"
    assert row.after == {"role": "companion", "section": None, "areas": [CIBINONG]}


def test_the_history_is_told_in_words(desk: CheckedClient) -> None:
    made = make_account(areas=(NANGGUNG,), name="Officer")
    data = {"name": "Officer", "role": "companion", "areas": [CIBINONG], "valid_until": "31-12-2026"}
    desk.post(at_desk(made, "ubah"), data=data)
    body = desk.get(at_desk(made)).get_data(as_text=True)
    for words in ("peran: Petugas Dinas → Pendamping", "kecamatan: Nanggung → Cibinong", "31 Desember 2026"):
        assert words in body


def test_saving_without_a_change_writes_no_history(desk: CheckedClient) -> None:
    made = make_account(areas=(NANGGUNG,), name="Officer")
    data = {"name": "Officer", "role": "officer", "section": "kpk", "areas": [NANGGUNG]}
    desk.post(at_desk(made, "ubah"), data=data)
    assert deeds(made) == ["account.created"]


def test_an_account_outside_its_dates_signs_in_and_may_do_nothing_but_its_own(app: Flask, at: At) -> None:
    made = make_account(valid_until=date(2026, 11, 23))
    client = signed_in_browser(app, made)
    assert client.get("/petugas", check=False).status_code == 200
    at("2026-11-24T00:01+07:00")
    client = signed_in_browser(app, made)
    assert client.get("/akun").status_code == 200
    assert client.get("/petugas").status_code == 403


def test_disabling_ends_sessions_and_links_at_once_and_can_be_taken_back(
    app: Flask, desk: CheckedClient
) -> None:
    made = make_account(Role.MEMBER)
    client = signed_in_browser(app, made)
    desk.post(at_desk(made, "nonaktifkan"), data={"note": "pindah tugas"})
    assert client.get("/akun").status_code == 303
    assert sign_in_by_page(browser(app), made).status_code == 422
    desk.post(at_desk(made, "aktifkan"))
    assert sign_in_by_page(browser(app), made).status_code == 303
    assert deeds(made)[:2] == ["account.enabled", "account.disabled"]
    assert list_history(made.account_id)[1].note == "pindah tugas"


def test_the_last_administrator_stays(app: Flask, boss: Made, desk: CheckedClient) -> None:
    make_account(Role.ADMINISTRATOR, with_password=False)  # has not come yet, so does not count
    make_account(Role.ADMINISTRATOR, active=False)
    response = desk.post(at_desk(boss, "nonaktifkan"))
    assert response.status_code == 422
    assert "yang terakhir" in response.get_data(as_text=True)
    demoted = desk.post(at_desk(boss, "ubah"), data={"name": "Ibu Kepala", "role": "leader"})
    assert demoted.status_code == 422
    lapsed = desk.post(
        at_desk(boss, "ubah"), data={"name": "Ibu Kepala", "role": "administrator", "valid_until": "1-1-2026"}
    )
    assert lapsed.status_code == 422
    assert account(boss.account_id).active


def test_with_a_second_administrator_the_first_may_go(app: Flask, boss: Made, desk: CheckedClient) -> None:
    make_account(Role.ADMINISTRATOR)
    assert desk.post(at_desk(boss, "nonaktifkan")).status_code == 303
    assert not account(boss.account_id).active


def test_another_number_ends_everything_old(app: Flask, desk: CheckedClient) -> None:
    made = make_account(Role.MEMBER)
    client = signed_in_browser(app, made)
    data = {"phone": "0813-7777-0001", "proof": "paper_code", "note": ""}
    assert desk.post(at_desk(made, "nomor"), data=data).status_code == 303
    assert client.get("/akun").status_code == 303
    old = {"phone": made.typed_phone, "password": PASSWORD}
    assert browser(app).post("/masuk", data=old).status_code == 422
    assert browser(app).post("/masuk", data={**old, "phone": "0813-7777-0001"}).status_code == 303
    row = list_history(made.account_id)[0]
    assert row.deed == "account.phone_changed"
    assert row.after == {"phone": "0813-****-001", "proof": "paper_code"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"phone": "0813-7777-0001"}, "proof"),
        ({"phone": "0813-7777-0001", "proof": "other", "note": " "}, "note"),
        ({"phone": "", "proof": "paper_code"}, "phone"),
    ],
)
def test_without_a_second_proof_the_number_stays(
    desk: CheckedClient, data: dict[str, str], field: str
) -> None:
    made = make_account(Role.MEMBER)
    response = desk.post(at_desk(made, "nomor"), data=data)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.get_data(as_text=True)
    assert "account.phone_changed" not in deeds(made)


def test_a_link_of_the_old_number_is_dead(app: Flask, desk: CheckedClient) -> None:
    made = make_account(Role.MEMBER)
    shown = desk.post(at_desk(made, "tautan")).get_data(as_text=True)
    found = re.search(r"/tautan/[\w-]{43}", shown)
    assert found
    desk.post(at_desk(made, "nomor"), data={"phone": "0813-7777-0001", "proof": "paper_code"})
    assert browser(app).get(found[0]).status_code == 404


def test_a_stand_in_holds_both_areas_on_its_days(app: Flask, desk: CheckedClient, at: At) -> None:
    absent, present = make_account(areas=(NANGGUNG,)), make_account(Role.COMPANION, areas=(CIBINONG,))
    data = {"stand_in": str(present.account_id), "starts_on": "24-11-2026", "ends_on": "25-11-2026"}
    assert desk.post(at_desk(absent, "plh"), data=data).status_code == 303

    def powers(moment: str) -> tuple[Role | None, frozenset[str]]:
        at(moment)
        person = actor_behind(signed_in_browser(app, present).sid or "")
        assert person is not None
        return person.role, person.kecamatan_codes

    assert powers("2026-11-23T23:59+07:00") == (Role.COMPANION, frozenset({CIBINONG}))
    assert powers("2026-11-24T00:01+07:00") == (Role.OFFICER, frozenset({CIBINONG, NANGGUNG}))
    assert powers("2026-11-25T23:59+07:00") == (Role.OFFICER, frozenset({CIBINONG, NANGGUNG}))
    assert powers("2026-11-26T00:01+07:00") == (Role.COMPANION, frozenset({CIBINONG}))
    assert deeds(absent)[0] == deeds(present)[0] == "account.stand_in_named"


def test_a_stand_in_can_end_earlier(app: Flask, desk: CheckedClient) -> None:
    absent, present = make_account(areas=(NANGGUNG,)), make_account(Role.COMPANION, areas=(CIBINONG,))
    data = {"stand_in": str(present.account_id), "starts_on": "23-11-2026", "ends_on": "25-11-2026"}
    desk.post(at_desk(absent, "plh"), data=data)
    client = signed_in_browser(app, present)
    assert desk.post(at_desk(present, "plh/1/akhiri")).status_code == 303
    person = actor_behind(client.sid or "")
    assert person is not None
    assert person.role is Role.COMPANION
    assert desk.post(at_desk(present, "plh/1/akhiri")).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"starts_on": "24-11-2026", "ends_on": "23-11-2026"}, "ends_on"),
        ({"starts_on": "1-11-2026", "ends_on": "2-11-2026"}, "ends_on"),
        ({"starts_on": "1-11-2026", "ends_on": "2-12-2027"}, "ends_on"),
        ({"starts_on": "", "ends_on": "23-11-2026"}, "starts_on"),
        ({"stand_in": "", "starts_on": "23-11-2026", "ends_on": "24-11-2026"}, "stand_in"),
        ({"stand_in": "999", "starts_on": "23-11-2026", "ends_on": "24-11-2026"}, "stand_in"),
    ],
)
def test_a_stand_in_without_sense_is_refused(desk: CheckedClient, data: dict[str, str], field: str) -> None:
    absent, present = make_account(), make_account()
    response = desk.post(at_desk(absent, "plh"), data={"stand_in": str(present.account_id), **data})
    assert response.status_code == 422
    assert f'href="#{field}"' in response.get_data(as_text=True)


def test_nobody_stands_in_for_themselves_and_members_never(app: Flask) -> None:
    officer, member = make_account(), make_account(Role.MEMBER)
    for who, whom in ((officer, officer), (member, officer), (officer, member)):
        deed = partial(
            managing.name_stand_in,
            account_id=who.account_id,
            for_account_id=whom.account_id,
            starts_on=date(2026, 11, 23),
            ends_on=date(2026, 11, 24),
            decree_number="",
            actor=MAKER,
        )
        with pytest.raises(RuleBroken):
            atomically(deed)


def test_somebody_who_lost_telephone_and_codes_is_helped(app: Flask, desk: CheckedClient) -> None:
    lost = make_account(second_factor=True)
    client = signed_in_browser(app, lost)
    desk.post(at_desk(lost, "lepas-kode"), data={"note": "KTP dilihat"})
    assert client.get("/akun").status_code == 303
    assert browser(app).post("/masuk", data={"phone": lost.phone, "password": PASSWORD}).status_code == 303
    assert list_history(lost.account_id)[0].note == "KTP dilihat"


def test_all_browsers_of_an_account_can_be_signed_out(app: Flask, desk: CheckedClient) -> None:
    made = make_account()
    client = signed_in_browser(app, made)
    desk.post(at_desk(made, "keluarkan"))
    assert client.get("/akun").status_code == 303


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cari=dadang", ["Dadang Suhendar"]),
        ("cari=SUHENDAR+dadang", ["Dadang Suhendar"]),
        ("cari=nanggung", ["Dadang Suhendar"]),
        ("cari=%25", []),
        ("peran=companion", ["Euis Komariah"]),
        ("peran=king", ["Dadang Suhendar", "Euis Komariah", "Ibu Kepala"]),
        ("nonaktif=1", ["Lama Sekali"]),
        ("cari=tidak+ada", []),
    ],
)
def test_accounts_are_found(desk: CheckedClient, query: str, found: list[str]) -> None:
    make_account(name="Dadang Suhendar", institution="Kecamatan Nanggung")
    make_account(Role.COMPANION, name="Euis Komariah", areas=(CIBINONG,))
    make_account(Role.MEDIA, name="Lama Sekali", active=False)
    body = desk.get(f"/petugas/akun?{query}").get_data(as_text=True)
    assert re.findall(r'<a href="/petugas/akun/\d+">([^<]+)</a>', body) == found


def test_a_whole_number_finds_its_account_and_is_shown_masked(desk: CheckedClient) -> None:
    made = make_account(name="Dadang Suhendar")
    body = desk.get(f"/petugas/akun?cari={made.typed_phone}").get_data(as_text=True)
    assert "Dadang Suhendar" in body
    assert "0813-****-" in body
    assert made.phone not in body.replace(f'value="{made.typed_phone}"', "")


def test_the_list_answers_htmx_with_the_block_alone(desk: CheckedClient) -> None:
    response = desk.htmx("/petugas/akun?cari=kepala", target="results")
    assert response.get_data(as_text=True).lstrip().startswith('<div id="results"')


@pytest.mark.parametrize("name", ["visitor", *sorted(set(PARTS) - {"administrator"})])
def test_nobody_but_the_administrator_comes_in(sign_in: Callable[[str], CheckedClient], name: str) -> None:
    client = sign_in(name)
    made = make_account()
    wanted = 303 if name == "visitor" else 403
    for path in ("/petugas/akun", "/petugas/akun/baru", at_desk(made), at_desk(made, "ubah")):
        assert client.get(path).status_code == wanted
    for path in ("/petugas/akun/baru", at_desk(made, "nonaktifkan"), at_desk(made, "tautan")):
        assert client.post(path).status_code == wanted
    assert account(made.account_id).active


def test_the_administrator_of_the_cast_comes_in(sign_in: Callable[[str], CheckedClient]) -> None:
    assert sign_in("administrator").post("/petugas/akun/baru", data=NEW).status_code == 200


def test_an_unknown_account_is_not_found(desk: CheckedClient) -> None:
    assert desk.get("/petugas/akun/999").status_code == 404
    assert desk.post("/petugas/akun/999/nonaktifkan").status_code == 404


def test_areas_are_forgotten_with_the_role_that_had_them(app: Flask, desk: CheckedClient) -> None:
    made = make_account(areas=(NANGGUNG,), section=Section.KPK)
    desk.post(at_desk(made, "ubah"), data={"name": "Officer", "role": "leader", "areas": [NANGGUNG]})
    left = db.session.scalars(select(AccountArea).where(AccountArea.account_id == made.account_id)).all()
    assert left == []
