"""An office's list comes in at the desk: tried, its columns corrected, brought in, taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screen, fits
from tests.browser.people import Officer
from tests.imports.messy import make_messy
from tests.sizes import size

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def known_records(page: Page) -> int:
    """How many cooperatives a stranger may see."""
    page.goto("/koperasi")
    return int(page.locator("[data-total]").first.get_attribute("data-total") or 0)


def test_a_messy_list_comes_in_and_goes_again(screen: Screen, tmp_path: Path) -> None:
    stranger = screen()
    before = known_records(stranger)
    officer = Officer(screen(who="administrator", width=1280))
    page = officer.page
    officer.uploads(make_messy(tmp_path / "daftar kantor.xlsx", rows=size(120, 1845)).path)
    assert known_records(stranger) == before, "tried, not yet brought in"

    page.get_by_role("link", name="Betulkan kolom").click()
    assert fits(page)
    chosen = page.locator("select.input", has=page.locator("option[value=main_activity]:checked"))
    if chosen.count():
        chosen.first.select_option("")
    page.get_by_role("button", name="Periksa lagi").click()
    officer.waits_for("Kalau dimasukkan")

    page.get_by_role("button", name=re.compile("^Masukkan")).click()
    expect(page.get_by_role("link", name="Batalkan impor ini")).to_be_visible(timeout=60_000)
    assert known_records(stranger) > before

    page.get_by_role("link", name="Batalkan impor ini").click()
    page.get_by_role("button", name="Ya, batalkan impor ini").click()
    expect(page.locator("#batch")).to_contain_text("Dibatalkan", timeout=60_000)
    assert known_records(stranger) == before, "as if it had never come"
