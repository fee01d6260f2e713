"""A registration from a small phone: with scripts one question at a time, without them one long form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screen, Site, fits

pytestmark = pytest.mark.browser


def next_question(page: Page) -> None:
    page.locator("[data-steps-next]").click()


def question(page: Page) -> int:
    """Which question is on the screen, from 1."""
    steps = page.locator("[data-step]")
    shown = [i for i in range(steps.count()) if steps.nth(i).is_visible()]
    assert len(shown) == 1, shown
    return shown[0] + 1


@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_one_question_at_a_time_with_scripts(screen: Screen, language: str) -> None:
    page = screen()
    page.goto(f"/koperasi/daftar?bahasa={language}")
    assert question(page) == 1
    asked: list[str] = []
    next_question(page)
    assert question(page) == 1, "the name is missing"
    page.fill("#name", f"Koperasi Mekar Wangi {language}")
    page.fill("#desa-cari", "bantar")
    page.locator("[data-region-search] button").first.click()
    expect(page.locator("#desa")).not_to_have_value("")
    next_question(page)
    assert question(page) == 2
    page.wait_for_load_state("networkidle")  # look-alikes are asked for once name and desa are there
    page.on("request", lambda request: asked.append(request.url))
    page.locator("label[for=cooperative_type-0]").click()
    next_question(page)
    page.fill("#main_activity", "menjual sembako")
    next_question(page)
    assert fits(page)
    next_question(page)  # the address stays empty
    page.fill("#contact_name", "Siti Aminah")
    page.fill("#phone", "0812-9999-7531")
    page.go_back()
    assert question(page) == 4, "the phone's own back button leads to the question before"
    next_question(page)
    while page.locator("[data-steps-next]").is_visible():
        next_question(page)
        assert fits(page), question(page)
    assert not asked, "the whole form was delivered once"
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/tanda-terima/"))
    number = page.locator("[data-receipt]").get_attribute("data-receipt")
    assert fits(page)
    page.goto("/")
    expect(page.locator("[data-receipts]")).to_contain_text(number or "?")


def fill_long_form(page: Page, name: str) -> None:
    page.fill("#name", name)
    page.select_option("#kecamatan", "32.01.21")
    page.locator("button[name=tahap]").click()
    expect(page.locator("#name")).to_have_value(name)
    page.select_option("#desa", index=1)
    page.locator("label[for=cooperative_type-5]").click()
    page.fill("#main_activity", "simpan pinjam")
    page.fill("#contact_name", "Siti Aminah")
    page.fill("#phone", "0812-9999-7531")


@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_one_long_form_without_scripts(screen: Screen, language: str) -> None:
    page = screen(javascript=False)
    page.goto(f"/?bahasa={language}")
    page.locator("main a[href*='/koperasi/daftar']").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert fits(page)
    fill_long_form(page, f"Koperasi Tanpa Skrip {language}")
    page.locator("[data-submit]").click()
    if language == "id":
        expect(page.locator("main")).to_contain_text("Sudah kami terima")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert fits(page)


def test_a_wrong_value_brings_the_form_back_with_everything_typed(screen: Screen) -> None:
    page = screen(javascript=False)
    page.goto("/koperasi/daftar")
    fill_long_form(page, "Koperasi Salah Nomor")
    page.fill("#phone", "123")
    page.fill("#annual_turnover", "1.25")
    page.locator("[data-submit]").click()
    summary = page.locator("[data-summary]")
    expect(summary).to_be_visible()
    assert summary.locator("a").count() == 2
    expect(page.locator("#name")).to_have_value("Koperasi Salah Nomor")
    expect(page.locator("#phone")).to_have_value("123")
    assert fits(page)


def test_with_scripts_the_first_wrong_question_is_shown(screen: Screen) -> None:
    page = screen()
    page.goto("/koperasi/daftar")
    page.fill("#name", "Koperasi Salah Lagi")
    page.fill("#desa-cari", "bantar")
    page.locator("[data-region-search] button").first.click()
    next_question(page)
    page.locator("label[for=cooperative_type-0]").click()
    next_question(page)
    page.fill("#main_activity", "tani")
    next_question(page)
    next_question(page)
    page.fill("#contact_name", "Siti")
    page.fill("#phone", "12")
    while page.locator("[data-steps-next]").is_visible():
        next_question(page)
    page.locator("[data-submit]").click()
    expect(page.locator("[data-summary]")).to_be_visible()
    assert question(page) == 5
    page.fill("#phone", "081299997531")
    while page.locator("[data-steps-next]").is_visible():
        next_question(page)
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/tanda-terima/"))


def test_a_look_alike_is_offered_while_typing_and_claimed(screen: Screen, site: Site) -> None:
    page = screen()
    page.goto("/koperasi?cari=merah putih")
    record = page.locator("[data-record]").first
    code = record.get_attribute("data-record")
    name = record.locator("h2").inner_text()
    place = record.locator("p").first.inner_text().splitlines()[0]
    desa = re.sub(r"^(Desa|Kelurahan) | *,.*$", "", place)
    page.goto("/koperasi/daftar")
    page.fill("#name", name)
    page.fill("#desa-cari", desa)
    kecamatan = place.split("Kec. ")[1]
    page.locator("[data-region-search] button", has_text=f"Kec. {kecamatan}").first.click()
    claim = page.locator(f"#look_alikes a[href*='/koperasi/{code}/klaim']")
    expect(claim).to_be_visible()
    page.locator("#look_alikes a[href='#p2']").click()
    assert question(page) == 2, "no, go on"
    page.go_back()
    claim.click()
    page.fill("#contact_name", "Siti Aminah")
    page.locator("label[for=position-0]").click()
    page.fill("#phone", "0812-9999-7531")
    page.fill("#proof", "Akta pendirian")
    page.locator("[data-submit]").click()
    expect(page.locator("[data-receipt]")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_sends_the_form_and_presses_no_helper(screen: Screen, javascript: bool) -> None:
    """The first button of the form asks for the list of desa; Enter is not meant for it."""
    page = screen(javascript=javascript)
    page.goto("/status/hilang")
    page.fill("#name", "Koperasi Tani Maju")
    if javascript:
        expect(page.locator("#desa-cari")).to_be_visible()
    page.locator("#name").press("Enter")
    if javascript:
        assert page.evaluate("document.activeElement.id") == "kecamatan", "the browser says what is missing"
        return
    page.goto("/koperasi/daftar")
    fill_long_form(page, "Koperasi Tombol Enter")
    page.fill("#phone", "12")
    page.locator("#name").press("Enter")
    expect(page.locator("[data-summary]")).to_be_visible()
    page.fill("#phone", "0812-9999-7531")
    page.locator("#main_activity").press("Enter")
    expect(page.locator("[data-receipt]")).to_be_visible()
