"""One's own account: name, language, password."""

from __future__ import annotations

from flask import Flask

from app.accounts.queries.people import list_history
from app.core.access import Role
from tests.checked_client import CheckedClient
from tests.factories.accounts import (
    PASSWORD,
    browser,
    make_account,
    remember,
    sign_in_by_page,
    signed_in_browser,
)

NEW = "gajah terbang di sumur"


def change(client: CheckedClient, current: str = PASSWORD, new: str = NEW):  # type: ignore[no-untyped-def]
    return client.post("/akun/kata-sandi", data={"current_password": current, "password": new})


def test_name_and_language_can_be_changed(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    client = signed_in_browser(app, made)
    assert client.post("/akun", data={"name": "  Euis   Komariah ", "language": "su"}).status_code == 303
    body = client.get("/akun").get_data(as_text=True)
    assert 'value="Euis Komariah"' in body
    assert '<html lang="su"' in body
    assert list_history(made.account_id)[0].after == {"name": "Euis Komariah", "language": "su"}


def test_nonsense_is_refused_with_its_sentence(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER))
    assert client.post("/akun", data={"name": "", "language": ""}).status_code == 422
    assert client.post("/akun", data={"name": "x", "language": "xx"}).status_code == 422


def test_role_and_areas_cannot_be_changed_here(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER, name="Euis"))
    client.post(
        "/akun", data={"name": "Euis", "role": "administrator", "may_decide": "y", "areas": "32.01.01"}
    )
    assert client.get("/petugas/akun").status_code == 403


def test_a_new_password_signs_out_the_others_and_renews_this_session(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    client, other = signed_in_browser(app, made), signed_in_browser(app, made)
    before = client.sid
    response = change(client)
    assert response.status_code == 303
    remember(client, response)
    assert client.sid != before
    assert client.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 303
    assert sign_in_by_page(browser(app), made).status_code == 422
    assert sign_in_by_page(browser(app), made, password=NEW).status_code == 303


def test_the_second_factor_stays_fresh_over_a_new_password(app: Flask) -> None:
    boss = make_account(Role.ADMINISTRATOR, second_factor=True)
    client = signed_in_browser(app, boss)
    remember(client, change(client))
    other = make_account()
    assert client.post(f"/petugas/akun/{other.account_id}/keluarkan").status_code == 303


def test_the_old_password_is_asked_for(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER))
    response = change(client, current="bukan yang ini")
    assert response.status_code == 422
    assert 'href="#current_password"' in response.get_data(as_text=True)


def test_the_old_password_cannot_be_tried_out_at_an_open_pc(app: Flask) -> None:
    client = signed_in_browser(app, make_account(Role.MEMBER))
    codes = [change(client, current=f"coba nomor {turn}").status_code for turn in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_weak_new_password_is_refused(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    client = signed_in_browser(app, made)
    for weak in ("pendek", "koperasi2026", made.typed_phone):
        assert change(client, new=weak).status_code == 422
    assert sign_in_by_page(browser(app), made).status_code == 303


def test_staff_need_two_letters_more(app: Flask) -> None:
    ten = "jati-7-awan"
    assert change(signed_in_browser(app, make_account(Role.OFFICER)), new=ten).status_code == 422
    assert change(signed_in_browser(app, make_account(Role.MEMBER)), new=ten).status_code == 303


def test_passwords_are_not_shown_again(app: Flask) -> None:
    body = change(signed_in_browser(app, make_account(Role.MEMBER)), new="pendek-77").get_data(as_text=True)
    assert "pendek-77" not in body
    assert PASSWORD not in body


def test_the_own_number_is_shown_to_its_owner(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    body = signed_in_browser(app, made).get("/akun").get_data(as_text=True)
    assert made.typed_phone[:4] in body
