"""Looking up: results while typing, a plain form without scripts, back and forth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen, fits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_results_come_while_typing(screen: Screen, width: int) -> None:
    page = screen(width=width)
    page.goto("/koperasi")
    assert page.locator("[data-record]").count() == 20
    everybody = page.locator("[data-total]").get_attribute("data-total") or ""
    page.locator("#cari").press_sequentially("merah putih", delay=40)
    expect(page.locator("[data-total]")).not_to_have_attribute("data-total", everybody)
    expect(page).to_have_url(re.compile("cari=merah.+putih&"))
    names = page.locator("[data-record] h2").all_inner_texts()
    assert names
    assert all("merah putih" in name.lower() or "KDMP" in name or "KKMP" in name for name in names)
    expect(page).to_have_url(re.compile("cari=merah"))
    expect(page.locator("#cari")).to_be_focused()
    assert fits(page)
    page.locator("[data-record] a").first.click()
    expect(page.locator("[data-record]")).to_have_count(1)
    page.go_back()
    expect(page.locator("#cari")).to_have_value("merah putih")


def test_a_finger_that_rests_on_a_result_gets_it(screen: Screen) -> None:
    """Leaving the field must not renew the list: the link under the finger would be another one by then."""
    page = screen()
    page.goto("/koperasi")
    page.locator("#cari").press_sequentially("merah putih", delay=40)
    expect(page).to_have_url(re.compile("cari=merah.+putih"))
    page.locator("[data-record] a").first.hover()
    page.mouse.down()
    page.wait_for_timeout(700)
    page.mouse.up()
    expect(page).to_have_url(re.compile("/koperasi/K-"))


def test_filters_and_pages_without_scripts(screen: Screen) -> None:
    page = screen(javascript=False)
    page.goto("/")
    page.fill("#cari", "koperasi")
    page.get_by_role("button", name="Cari").click()
    page.locator("summary").first.click()
    page.select_option("#kecamatan", index=3)
    page.get_by_role("button", name="Cari").click()
    assert page.locator("#desa").count() == 1, "the desa of the kecamatan are the second step"
    expect(page.locator("#kecamatan")).not_to_have_value("")
    page.goto("/koperasi")
    first = page.locator("[data-record]").first.get_attribute("data-record")
    page.locator("a[rel=next]").click()
    assert page.locator("[data-record]").first.get_attribute("data-record") != first
    page.locator("a[rel=prev]").click()
    assert page.locator("[data-record]").first.get_attribute("data-record") == first


def test_nothing_found_offers_help(screen: Screen) -> None:
    page = screen()
    page.goto("/koperasi")
    page.locator("#cari").press_sequentially("zzqqxxy", delay=30)
    expect(page.locator("#results")).to_contain_text("Belum tentu tidak resmi")
    assert fits(page)
