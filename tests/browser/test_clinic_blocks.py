"""The clinic's times while they change under the finger: focus, one spoken sentence, no signal, a quicker neighbour."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Error, Page, Route, expect

from app.clinic.rules.booking import ClientType, Mode
from app.clinic.rules.timetable import Service
from tests.browser.conftest import Screen, Site
from tests.browser.senders import until
from tests.clinic.public import code
from tests.factories.clinic import TUESDAY, asked, booked, open_clinic, put_on_duty, slots, wib

pytestmark = pytest.mark.browser
DAY = TUESDAY + timedelta(days=14)
NAME = "Neng Kutilang Wulansari"


@pytest.fixture(scope="module")
def expert(site: Site) -> int:
    """Somebody on duty at DAY, the day after and a week after."""
    with site.inside():
        experts = open_clinic(days=(DAY, DAY + timedelta(days=1), DAY + timedelta(days=7)))
        put_on_duty(experts[0], DAY, service=Service.BUSINESS)
        slots(DAY)
    return experts[0]


def address(expert: int) -> str:
    """The times of DAY with that expert."""
    return f"/klinik/jadwal?layanan=koperasi&tanggal={DAY}&narasumber={expert}"


def ready(page: Page) -> None:
    """What comes after the first paint has come."""
    until(page, "'htmx' in window && document.querySelector('[data-page-cost]').innerText")


def test_another_day_leaves_the_focus_where_it_was_and_says_one_sentence(screen: Screen, expert: int) -> None:
    page = screen()
    page.goto(address(expert))
    ready(page)
    said = page.locator("[data-swapped]")
    expect(said).to_be_empty()
    page.locator(f"#day a[href*='{DAY + timedelta(days=1)}']").focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text(re.compile("^Rabu, 9 Desember 2026: [0-9]+ jam kosong"))
    expect(page.locator("#day a[aria-current=date]")).to_be_focused()
    page.locator("#day nav a").last.focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text(re.compile("^(Senin|Selasa), 1[45] Desember 2026"))
    expect(page.locator("#day a[aria-current=date]")).to_be_focused()
    page.locator("#slot-1").focus()
    page.keyboard.press("Space")
    page.locator("#tahan").focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("kami simpan untuk Bapak/Ibu")
    expect(page.locator("#tahan")).to_be_focused()
    alive = page.locator("main [aria-live], main [role=status]:visible, main [role=alert]:visible")
    assert alive.count() == 1, "one sentence is said once"


def test_a_time_ticked_while_something_is_on_its_way_stays_ticked(screen: Screen, expert: int) -> None:
    page, held = screen(), list[Route]()
    page.goto(address(expert))
    ready(page)
    page.route(re.compile("/klinik/(jadwal|tahan)"), lambda route: _keep(held, route))
    day, shown = page.locator("#day"), page.locator("#day legend")
    next_day = page.locator(f"#day a[href*='{DAY + timedelta(days=1)}']")
    next_day.click()
    expect(day).to_have_attribute("aria-busy", "true")
    page.locator("#slot-2 + label").click()
    expect(day).to_have_attribute("aria-busy", "false")
    expect(page.locator("#slot-2")).to_be_checked()
    expect(shown).to_contain_text("8 Desember")
    page.locator("label[for=cara-online]").click()
    expect(day).to_have_attribute("aria-busy", "true")
    page.locator("#slot-3 + label").click()
    held[-1].continue_()
    expect(page.locator("#day input[name=mode]")).to_have_value("online")
    expect(page.locator(f"input[value='{code(wib(DAY, '10.30'))}']")).to_be_checked()
    page.locator("#tahan").click()
    expect(day).to_have_attribute("aria-busy", "true")
    page.locator("#slot-4 + label").click()
    held[-1].continue_()
    expect(page.locator("#day .note.ok")).to_contain_text("10.30")
    expect(page.locator(f"input[value='{code(wib(DAY, '11.00'))}']")).to_be_checked()


def test_of_two_days_asked_for_the_last_one_comes(screen: Screen, expert: int) -> None:
    page, held = screen(), list[Route]()
    page.goto(address(expert))
    ready(page)
    page.route(re.compile("/klinik/jadwal"), lambda route: _keep(held, route))
    page.locator(f"#day a[href*='{DAY + timedelta(days=1)}']").click()
    expect(page.locator("#day")).to_have_attribute("aria-busy", "true")
    page.locator("#day nav a").last.click()
    until(page, "document.querySelector('#day').ariaBusy === 'true'")
    assert len(held) == 2
    held[1].continue_()
    expect(page.locator("#day legend")).to_contain_text(re.compile("1[45] Desember"))
    with suppress(Error):
        held[0].continue_()
    page.wait_for_timeout(700)
    expect(page.locator("#day legend")).to_contain_text(re.compile("1[45] Desember"))
    expect(page.locator("#day")).to_have_attribute("aria-busy", "false")


def _keep(held: list[Route], route: Route) -> None:
    """Keep the answer on its way. (Playwright cannot mark a list's own ``append`` as its handler.)"""
    held.append(route)


def test_without_signal_a_day_and_a_hold_say_so(screen: Screen, expert: int) -> None:
    page = screen()
    page.goto(address(expert))
    ready(page)
    page.context.set_offline(True)
    said = page.locator("[data-swapped]")
    page.locator(f"#day a[href*='{DAY + timedelta(days=1)}']").click()
    expect(said).to_contain_text("Periksa sinyal")
    expect(said).to_be_in_viewport()
    page.locator("#slot-0 + label").click()
    page.locator("#tahan").click()
    expect(said).to_be_in_viewport()
    page.context.set_offline(False)
    page.locator(f"#day a[href*='{DAY + timedelta(days=1)}']").click()
    expect(said).to_contain_text("jam kosong")


def test_sent_without_signal_and_taken_meanwhile_it_is_mended_with_everything_typed(
    screen: Screen, site: Site, expert: int
) -> None:
    page = screen()
    page.goto(f"/klinik/jadwal?layanan=umkm&cara=online&tanggal={DAY}&narasumber={expert}")
    until(page, "Boolean(navigator.serviceWorker.controller)")
    start = wib(DAY, "14.00")
    page.locator(f"input[value='{code(start, Service.BUSINESS)}'] + label").click()
    page.locator("[data-steps-next]").click()
    page.locator("label[for=topic-2]").click()
    page.locator("[data-steps-next]").click()
    page.fill("#description", "Soal pembeli kutilang")
    page.locator("[data-steps-next]").click()
    page.fill("#name", NAME)
    page.fill("#phone", "0812-9999-1501")
    page.locator("[data-steps-next]").click()
    page.context.set_offline(True)
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/kotak-keluar"))
    with site.inside():
        wanted = asked(service=Service.BUSINESS, mode=Mode.ONLINE, expert_id=expert)
        booked(start, asked=wanted, client_type=ClientType.BUSINESS)
    page.context.set_offline(False)
    expect(page.locator("[data-items] h2")).to_have_text("Janji konsultasi")
    mend = page.locator("[data-items] [data-do=mend]")
    expect(mend).to_be_visible(timeout=20_000)
    mend.click()
    expect(page.locator("#ringkasan li")).to_contain_text("baru diambil orang lain")
    expect(page.locator("#name")).to_have_value(NAME)
    expect(page.locator("#description")).to_have_value("Soal pembeli kutilang")
    expect(page.locator("#day [name=mode]")).to_have_value("online")
    page.locator(f"#day a[href*='tanggal={DAY}']").click()
    expect(page.locator("[data-swapped]")).to_contain_text(f"{DAY.day} Desember")
    page.locator(f"input[value='{code(wib(DAY, '14.30'), Service.BUSINESS)}'] + label").click()
    for _question in range(4):
        page.locator("[data-steps-next]").click()
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/klinik/pesanan/"))
    expect(page.locator("main")).to_contain_text("14.30")
    expect(page.locator("main")).to_contain_text("Lewat Zoom")
