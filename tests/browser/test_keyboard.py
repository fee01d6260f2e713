"""Everything goes by the keyboard alone: each page is walked through by Tab, and whole errands are run so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screen, Site, open_site
from tests.browser.looking import keyboard_faults
from tests.browser.test_axe import AFTER_A_DECISION, NO_PAGE, House, watchers

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def house(chromium: Browser) -> Iterator[House]:
    """Everything exists; torn down at the end of the module."""
    with open_site() as site:
        made = House(site, chromium, every_state=False)
        yield made
        for page in made.pages.values():
            page.context.close()


def test_the_keyboard_goes_through_every_page(house: House) -> None:
    found: list[str] = []
    walked = 0
    for each in house.reading:
        if each.rule.rule in NO_PAGE.keys() | AFTER_A_DECISION or each.url in house.no_pages:
            continue
        for who in watchers(each):
            page = house.page(who)
            wide = each.url.startswith("/petugas")
            page.set_viewport_size({"width": 1280 if wide else 360, "height": 800})
            answer = page.goto(each.url)
            page.wait_for_load_state("networkidle")
            if answer is not None and answer.status == 200 and page.url.endswith(each.url):
                found += [f"{each.url} ({who}): {fault}" for fault in keyboard_faults(page)]
                walked += 1
                break
    assert not found, "\n".join(found)
    assert walked > 40, walked


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<a href=#x>x</a><button style='outline:none'>b</button>", "no visible focus: BUTTON"),
        ("<a href=#x>x</a><button style='position:absolute;left:-9999px'>b</button>", "outside the screen"),
        (
            "<a href=#x>x</a><button onkeydown='event.preventDefault()'>b</button><i tabindex=0>c</i>",
            "trapped",
        ),
        ("<button>a</button><button>c</button><button tabindex=2>b</button>", "not reached"),
        (
            "<a href=#x>x</a><b role=button tabindex=0 onfocus='this.nextSibling.focus()'>b</b><a href=#y>y</a>",
            "not reached",
        ),
    ],
)
def test_a_page_that_hinders_the_keyboard_is_noticed(chromium: Browser, html: str, words: str) -> None:
    """The positive control."""
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(f"<html lang=id><title>x</title>{html}")
    faults = "\n".join(keyboard_faults(page))
    page.close()
    assert words in faults, faults


# --- errands -----------------------------------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, most: int = 250) -> None:
    """Press Tab until ``selector`` has the focus."""
    page.wait_for_load_state()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{most} times Tab and never at {selector}")


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field and type."""
    tab_to(page, selector)
    page.keyboard.type(text)


def press(page: Page, selector: str) -> None:
    """Go to a button or link and press Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def fill_by_keyboard(page: Page, name: str, *, scripts: bool) -> None:
    """The whole registration; with scripts Enter leads from question to question."""
    write(page, "#name", name)
    if scripts:
        write(page, "#desa-cari", "bantar")
        press(page, "[data-region-search] button")
    else:
        write(page, "#kecamatan", "Nanggung")
        with page.expect_navigation():
            press(page, "button[name=tahap]")
        write(page, "#desa", "Bantar")
    if scripts:
        press(page, "[data-steps-next]")
    tab_to(page, "input[name=cooperative_type]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    if scripts:
        page.keyboard.press("Enter")
    write(page, "#main_activity", "simpan pinjam")
    if scripts:
        page.keyboard.press("Enter")
        write(page, "#address", "Kp. Sawah")
        page.keyboard.press("Enter")
    write(page, "#contact_name", "Siti Aminah")
    write(page, "#phone", "0812-9999-7531")
    while scripts and page.locator("[data-steps-next]").is_visible():
        press(page, "[data-steps-next]")
    press(page, "[data-submit]")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_registration_by_the_keyboard_alone(screen: Screen, scripts: bool) -> None:
    page = screen(javascript=scripts)
    page.goto("/")
    press(page, "main a[href*='/koperasi/daftar']")
    expect(page.locator("#name")).to_be_visible()
    fill_by_keyboard(page, f"Koperasi Papan Ketik {scripts}", scripts=scripts)
    expect(page).to_have_url(re.compile("/tanda-terima/"))
    expect(page.locator("[data-receipt]")).to_be_visible()


def test_an_officer_decides_by_the_keyboard_alone(screen: Screen, site: Site) -> None:
    citizen = screen()
    citizen.goto("/koperasi/daftar")
    fill_by_keyboard(citizen, "Koperasi Diputus Dengan Tab", scripts=True)
    expect(citizen).to_have_url(re.compile("/tanda-terima/"))
    page = screen(who="dinas_officer", width=1280)
    page.goto("/petugas/koperasi")
    number = 1
    while not page.locator("a.row-link", has_text="Koperasi Diputus Dengan Tab").count():
        press(page, "a[rel=next]")
        number += 1
        expect(page.locator(".pages span")).to_contain_text(f"Halaman {number} dari")
    code = page.locator("a.row-link", has_text="Koperasi Diputus Dengan Tab").get_attribute("href")
    press(page, f"a.row-link[href='{code}']")
    expect(page.locator("h1")).to_contain_text("Koperasi Diputus Dengan Tab")
    write(page, "select[name=how_checked]", "Menelepon")
    press(page, "form[action$='/terima'] button")
    expect(page.locator("#kabari")).to_be_visible()
    assert page.evaluate("!!document.activeElement.closest('#status')"), "the focus stays where the answer is"
    press(page, "#kabari button[name=how]")
    expect(page.locator("#kabari button[name=how]")).to_have_count(0)
