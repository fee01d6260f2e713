"""Accounts from the command line."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask

from app.accounts.queries.people import find_person_by_phone
from app.core.access import Role
from tests.cast import CIBINONG, NANGGUNG
from tests.factories.accounts import PASSWORD, browser, make_account, signed_in_browser

NEW = "gajah terbang di sumur"
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/tautan/[\w-]{43})\n")


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *arguments], input=typed)


def create(app: Flask, *more: str, phone: str = "0813-4444-0001", password: str = NEW) -> Result:
    arguments = ["create", "--phone", phone, "--name", "Pak Dadang", "--password-stdin", *more]
    return run(app, *arguments, typed=password + "\n")


def test_an_empty_installation_prints_the_first_link_and_a_used_one_does_not(app: Flask) -> None:
    result = run(app, "first-link")
    found = LINK.fullmatch(result.output)
    assert found
    assert browser(app).get(found[1]).status_code == 200
    make_account()
    assert run(app, "first-link").exit_code == 1


def test_an_administrator_is_made_with_a_link(app: Flask) -> None:
    result = run(app, "create-admin", "--phone", "0813-4444-0001", "--name", "Ibu Kepala")
    found = LINK.fullmatch(result.output)
    assert found
    assert browser(app).post(found[1], data={"password": NEW}).status_code == 303
    made = find_person_by_phone("6281344440001")
    assert made is not None
    assert made.role is Role.ADMINISTRATOR
    assert browser(app).post("/masuk", data={"phone": made.phone, "password": NEW}).status_code == 303


def test_an_officer_is_made_with_section_areas_and_password(app: Flask) -> None:
    result = create(app, "--role", "officer", "--section", "kpk", "--area", NANGGUNG, "--area", CIBINONG)
    assert result.exit_code == 0, result.output
    made = find_person_by_phone("6281344440001")
    assert made is not None
    assert made.grant.kecamatan_codes == {NANGGUNG, CIBINONG}
    assert browser(app).post("/masuk", data={"phone": "081344440001", "password": NEW}).status_code == 303


def test_a_co_administrators_decree_and_dates(app: Flask) -> None:
    more = [
        "--may-decide",
        "--decree-number",
        "5/2026",
        "--valid-from",
        "2026-01-01",
        "--valid-until",
        "2026-12-31",
    ]
    assert create(app, "--role", "co_administrator", "--area", NANGGUNG, *more).exit_code == 0
    made = find_person_by_phone("6281344440001")
    assert made is not None
    assert made.grant.may_decide
    assert (made.decree_number, str(made.grant.valid_until)) == ("5/2026", "2026-12-31")


@pytest.mark.parametrize("role", Role)
def test_every_role_can_be_made(app: Flask, role: Role) -> None:
    result = create(app, "--role", role.value, "--section", "kpk", "--area", NANGGUNG)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("more", "password", "phone", "words"),
    [
        (["--role", "officer"], NEW, "0813-4444-0001", "bidang"),
        (["--role", "companion"], NEW, "0813-4444-0001", "kecamatan"),
        (["--role", "companion", "--area", "99.99.99"], NEW, "0813-4444-0001", "tidak dikenal"),
        (["--role", "leader"], "pendek", "0813-4444-0001", "paling sedikit 12"),
        (["--role", "leader"], "koperasi20261", "0813-4444-0001", "mudah ditebak"),
        (["--role", "leader"], NEW, "12", "kurang"),
    ],
)
def test_mistakes_end_with_a_sentence_and_no_account(
    app: Flask, more: list[str], password: str, phone: str, words: str
) -> None:
    result = create(app, *more, password=password, phone=phone)
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert find_person_by_phone("6281344440001") is None


def test_a_number_belongs_to_one_account(app: Flask) -> None:
    create(app, "--role", "leader")
    result = create(app, "--role", "member")
    assert result.exit_code == 1
    assert "sudah dipakai" in result.output


def test_a_link_for_a_forgotten_password(app: Flask) -> None:
    made = make_account(Role.MEMBER)
    found = LINK.fullmatch(run(app, "link", "--phone", made.typed_phone).output)
    assert found
    assert browser(app).post(found[1], data={"password": NEW}).status_code == 303
    assert run(app, "link", "--phone", "0899-0000-0000").exit_code == 1


def test_disabling_ends_sessions(app: Flask) -> None:
    made = make_account(Role.OFFICER)
    client = signed_in_browser(app, made)
    assert run(app, "disable", "--phone", made.typed_phone).exit_code == 0
    assert client.get("/akun").status_code == 303
    last = make_account(Role.ADMINISTRATOR)
    assert run(app, "disable", "--phone", last.typed_phone).exit_code == 1


def test_the_second_factor_of_a_locked_out_administrator_comes_off(app: Flask) -> None:
    boss = make_account(Role.ADMINISTRATOR, second_factor=True)
    assert run(app, "remove-second-factor", "--phone", boss.typed_phone).exit_code == 0
    assert browser(app).post("/masuk", data={"phone": boss.phone, "password": PASSWORD}).status_code == 303


def test_the_list_masks_numbers(app: Flask) -> None:
    made = make_account(name="Pak Dadang", areas=(NANGGUNG,))
    output = run(app, "list").output
    assert "Pak Dadang" in output
    assert "Nanggung" in output
    assert made.phone[2:] not in output
