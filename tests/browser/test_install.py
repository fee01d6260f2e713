"""On the home screen, and what a page says it cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser.conftest import Screen, fits
from tests.browser.people import Citizen
from tests.browser.senders import until

pytestmark = pytest.mark.browser

CONTROLLED = """new Promise((done) => navigator.serviceWorker.controller ? done()
  : navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }))"""
ASK = """(async () => { const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = () => { self.prompted = true; };
  event.userChoice = Promise.resolve({ outcome: OUTCOME });
  dispatchEvent(event);
  return event.defaultPrevented; })()"""


KIT_KILOBYTES = """(async () => {
  let bytes = 0;
  for (const name of await caches.keys()) if (name.startsWith("kit-"))
    for (const reply of await (await caches.open(name)).matchAll())
      if (!/app-|more-/.test(reply.url)) bytes += +reply.headers.get("content-length"); // the page brought these two
  return bytes / 1024; })()"""


def can_be_installed(page: Page, outcome: str = "accepted") -> None:
    """What the browser says of a page that may be put on the home screen."""
    assert page.evaluate(ASK.replace("OUTCOME", f"'{outcome}'")), "the browser's own bar stays away"


def with_worker(page: Page, address: str = "/") -> Page:
    """``address`` on a phone that carries the worker."""
    page.goto(address)
    page.evaluate(CONTROLLED)
    return page


# --- the manifest as Chromium reads it ----------------------------------------------------------------------------


def test_chromium_reads_the_manifest_without_a_complaint(screen: Screen) -> None:
    page = with_worker(screen())
    session = page.context.new_cdp_session(page)
    told: dict[str, Any] = session.send("Page.getAppManifest")
    assert told["url"].endswith("/manifest.webmanifest")
    assert told["errors"] == []
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # this window has no memory, as a test wants it; an installation needs one
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []


# --- the offer ----------------------------------------------------------------------------------------------------


def test_the_offer_says_what_it_takes_and_waits_for_the_browser(screen: Screen) -> None:
    page = with_worker(screen())
    offer = page.locator("[data-install]")
    expect(offer).to_be_hidden()
    can_be_installed(page)
    expect(offer).to_be_visible()
    said = re.search(r"Hanya (\d+) KB", offer.inner_text())
    assert said
    assert 30 < int(said[1]) < 100
    assert fits(page)
    offer.get_by_role("button", name="Pasang", exact=True).click()
    expect(offer).to_be_hidden()
    assert page.evaluate("self.prompted")


def test_the_offer_stays_away_for_good_when_it_is_not_wanted(screen: Screen) -> None:
    page = with_worker(screen())
    can_be_installed(page, outcome="dismissed")
    offer = page.locator("[data-install]")
    offer.get_by_role("button", name="Pasang", exact=True).click()
    expect(offer).to_be_visible()  # the browser's own question was refused, ours was not
    offer.get_by_role("button", name="Jangan tawarkan lagi").click()
    expect(offer).to_be_hidden()
    page.goto("/")
    page.evaluate(ASK.replace("OUTCOME", "'accepted'"))
    page.wait_for_timeout(300)
    expect(page.locator("[data-install]")).to_be_hidden()


def test_it_is_offered_on_a_receipt_and_never_on_a_form(screen: Screen) -> None:
    citizen = Citizen(screen(javascript=False))
    citizen.registers("Koperasi Layar Depan")
    page = with_worker(screen(), citizen.receipt)
    can_be_installed(page)
    expect(page.locator("[data-install]")).to_be_visible()
    page.goto("/koperasi/daftar")
    assert page.locator("[data-install]").count() == 0


def test_an_iphone_gets_a_plain_hint(screen: Screen) -> None:
    page = screen()
    page.add_init_script("Object.defineProperty(navigator, 'standalone', { value: false })")
    page.goto("/")
    expect(page.locator("[data-apple]")).to_be_visible()
    expect(page.get_by_role("button", name="Pasang", exact=True)).to_be_hidden()


# --- without signal -----------------------------------------------------------------------------------------------


def test_the_page_without_signal_lists_what_is_kept_and_what_waits(screen: Screen) -> None:
    page = with_worker(screen())
    page.goto("/privasi")
    page.context.set_offline(True)
    page.evaluate(
        """outbox.add({ id: crypto.randomUUID(), address: "/koperasi/daftar", title: "Formulir", version: "1",
        filledAt: Date.now(), pairs: [["name", "Koperasi Menunggu"]] })"""
    )
    page.goto("/koperasi?cari=tani")
    expect(page.locator("h1")).to_have_text("Tidak ada sinyal")
    expect(page.locator("[data-kept-pages] a", has_text="Data pribadi")).to_have_attribute("href", "/privasi")
    expect(page.locator("[data-kept-pages] a[href='/luring']")).to_have_count(0)
    expect(page.locator("[data-waiting-words]")).to_have_text("1 kiriman menunggu di HP ini.")
    assert fits(page)
    page.locator("[data-kept-pages] a[href='/privasi']").click()
    expect(page.locator("h1")).to_have_text(re.compile("Data pribadi"))


def test_a_text_shared_without_signal_stands_on_the_page_that_the_phone_keeps(screen: Screen) -> None:
    page = with_worker(screen())
    until(page, "caches.match('/bagikan').then(Boolean)")
    page.context.set_offline(True)
    page.goto(
        "/bagikan?judul=Koperasi+%3CMaju%3E&teks=Apa+benar%0A+%26+resmi%3F&tautan=https%3A%2F%2Fcontoh.example"
    )
    text = page.locator("#teks")
    expect(text).to_have_text("Koperasi <Maju> Apa benar & resmi? https://contoh.example")
    expect(page.get_by_text("Belum ada teks")).to_be_hidden()
    expect(page.locator("#cari")).to_have_value("Koperasi <Maju>")
    mail = page.locator("[data-ask] a[href^='mailto:']").get_attribute("href") or ""
    assert "Apa benar & resmi?\nhttps://contoh" in unquote(mail)
    assert fits(page)
    page.goto("/bagikan")
    expect(page.get_by_text("Belum ada teks")).to_be_visible()
    expect(text).to_be_hidden()


def test_the_page_without_signal_helps_without_scripts(screen: Screen) -> None:
    page = screen(javascript=False)
    page.goto("/luring")
    expect(page.locator("main a[href^='tel:']")).to_be_visible()
    expect(page.locator("[data-kept-pages]")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("tidak bisa dikembalikan")


# --- what it costs ------------------------------------------------------------------------------------------------


def cost(page: Page) -> str:
    """What the foot says, once it says something."""
    expect(page.locator("[data-page-cost]")).not_to_have_text("")
    return page.locator("[data-page-cost]").inner_text()


def kilobytes(words: str) -> int:
    """The number in it."""
    return int(re.findall(r"(\d+) KB", words)[0])


def test_the_foot_tells_true_bytes_with_and_without_the_worker(screen: Screen) -> None:
    page = screen()
    sent: list[int] = []

    def weigh(answer: Response) -> None:
        if answer.url.endswith("/bantuan"):
            sent.append(int(answer.headers["content-length"]))

    page.goto("/privasi")
    assert 5 <= kilobytes(cost(page)) <= 25  # the first visit brings the scripts as well
    page.evaluate(CONTROLLED)
    page.on("response", weigh)
    page.goto("/bantuan")
    unpacked = page.evaluate("document.documentElement.outerHTML.length") / 1024
    told = kilobytes(cost(page))
    assert told == -(-sent[0] // 1024), "the page alone, as it was sent"
    assert told < unpacked / 2
    page.goto("/koperasi/daftar")
    assert cost(page) == "Dari HP ini, 0 KB."


def test_the_month_is_summed_on_this_phone_and_starts_anew(screen: Screen) -> None:
    page = screen(who="officer", service_workers="block")
    page.goto("/bantuan")
    first = kilobytes(cost(page))
    page.goto("/privasi")
    second = kilobytes(cost(page))
    page.goto("/akun")
    told = page.locator("[data-month-cost]")
    expect(told).to_be_visible()
    third = kilobytes(cost(page))
    sum_so_far = kilobytes(told.inner_text())
    assert first + second - 2 <= sum_so_far <= first + second + third + 1
    assert re.fullmatch(r"\d{4}-\d\d \d+(\.\d+)?", page.evaluate("localStorage.month"))
    page.evaluate("localStorage.month = '2020-01 99999999'")
    page.goto("/privasi")
    cost(page)
    page.goto("/kotak-keluar")
    expect(page.locator("[data-month-cost]")).to_be_visible()
    assert kilobytes(page.locator("[data-month-cost]").inner_text()) < 100


def test_what_the_worker_fetched_belongs_to_the_month_once(screen: Screen) -> None:
    page = with_worker(screen(), "/privasi")
    first = kilobytes(cost(page))
    until(page, "outbox.meta.list().then(all => all.some(({k}) => k.startsWith('kit-')))")
    kept = page.evaluate(KIT_KILOBYTES)
    page.goto("/kotak-keluar")
    told = page.locator("[data-month-cost]")
    expect(told).to_be_visible()
    month = kilobytes(told.inner_text())
    assert 0.8 * kept < month - first < 1.3 * kept, (month, first, kept)
    page.reload()
    expect(told).to_be_visible()
    assert kilobytes(told.inner_text()) - month <= 1


# --- saving data --------------------------------------------------------------------------------------------------


def loads_htmx(page: Page, init: Callable[[], object] = lambda: None) -> bool:
    """Does the list, opened anew, fetch the script of the live search?"""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    init()
    page.goto("/koperasi", wait_until="networkidle")
    return any("/htmx-" in url for url in asked)


def test_the_live_search_comes_after_the_first_paint(screen: Screen) -> None:
    page = screen()
    with page.expect_request_finished(lambda request: "/htmx-" in request.url):
        page.goto("/koperasi")
    times = page.evaluate(
        """[performance.getEntriesByName("first-contentful-paint")[0].startTime,
        performance.getEntriesByType("resource").find((part) => part.name.includes("/htmx-")).startTime]"""
    )
    assert times[0] <= times[1]
    page.fill("#cari", "tani")
    page.wait_for_url("**cari=tani**")


def _hold(held: list[Route], route: Route) -> None:
    """Keep the request waiting. (Playwright cannot mark a list's own ``append`` as its handler.)"""
    held.append(route)


def test_what_was_typed_before_the_search_was_there_is_searched(screen: Screen) -> None:
    page = screen()
    held: list[Route] = []
    page.route("**/htmx-*", lambda route: _hold(held, route))
    page.goto("/koperasi")
    while not held:
        page.wait_for_timeout(50)
    page.fill("#cari", "tani")
    held[0].continue_()
    page.wait_for_url("**cari=tani**")


def test_where_data_is_saved_the_search_works_without_it(screen: Screen) -> None:
    page = screen()
    saving = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    assert not loads_htmx(page, lambda: page.add_init_script(saving))
    page.fill("#cari", "tani")
    page.get_by_role("button", name="Cari", exact=True).click()
    page.wait_for_url("**cari=tani**")
    expect(page.locator("[data-total]").first).to_be_visible()
