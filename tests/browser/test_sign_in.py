"""Signing in with the second factor, changing the user of a shared PC, and what was typed before it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Role
from tests.browser.conftest import Screen, Site
from tests.factories.accounts import Made, make_account

pytestmark = pytest.mark.browser


def signs_in(page: Page, made: Made) -> None:
    page.fill("#phone", made.typed_phone)
    page.fill("#password", made.password)
    page.get_by_role("button", name="Masuk", exact=True).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_password_then_code(screen: Screen, site: Site, javascript: bool) -> None:
    with site.inside():
        made = make_account(Role.ADMINISTRATOR, second_factor=True)
    page = screen(javascript=javascript)
    page.goto("/masuk?next=/petugas/akun")
    signs_in(page, made)
    page.fill("#totp", "000000")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator("[data-summary]")).to_be_visible()
    with site.inside():
        code = made.code()
    page.fill("#totp", code)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile("/petugas"))


def test_typed_text_survives_a_change_of_user(screen: Screen, site: Site) -> None:
    with site.inside():
        ana, beni = make_account(Role.OFFICER, name="Ana"), make_account(Role.OFFICER, name="Beni")
    page = screen(width=1280)
    page.goto("/masuk")
    signs_in(page, ana)
    expect(page).not_to_have_url(re.compile("/masuk"))
    page.goto("/akun")
    page.locator("main input[name=name]").fill("Ana Nining Rahayu")
    other = page.context.new_page()
    other.goto("/petugas")
    with page.context.expect_page() as opened:
        other.get_by_role("button", name="Ganti pengguna").locator("visible=true").click()
    desk = opened.value
    signs_in(desk, beni)
    expect(desk.locator("body")).to_contain_text("Beni")

    page.locator("main form", has=page.locator("input[name=name]")).locator("button[data-submit]").click()
    expect(page.locator("main")).to_contain_text("dibuka oleh akun lain")
    signs_in(page, ana)
    expect(page.locator("main")).to_contain_text("Ana Nining Rahayu")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.goto("/akun")
    expect(page.locator("main input[name=name]")).to_have_value("Ana Nining Rahayu")
