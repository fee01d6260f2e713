"""What a person typed is never lost and never doubled: from the form by the outbox to the office."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from app.registry.rules import SubmissionKind
from tests.browser.conftest import Screen, Site, fits, new_context
from tests.browser.looking import axe_faults, size_faults
from tests.browser.senders import CONTACT, LOST, PHONE, Sender, content, kind, stored, until
from tests.browser.storage import storage_dump
from tests.chromium import FLAGS, find_chromium
from tests.fault_proxy import Fault, FaultProxy, fault_proxy

pytestmark = pytest.mark.browser


@pytest.fixture
def proxy(site: Site) -> Iterator[FaultProxy]:
    """A bad network before the site."""
    with fault_proxy(site.server, hole_seconds=20) as made:
        yield made


@pytest.fixture
def village(chromium: Browser, site: Site, proxy: FaultProxy) -> Iterator[Sender]:
    """Somebody behind the bad network, without a service worker: the pages alone must hold."""
    context = new_context(chromium, site, service_workers="block")
    yield Sender(context.new_page(), proxy.address)
    context.close()


# --- no signal ----------------------------------------------------------------------------------------------------


def test_sent_without_signal_arrives_once_by_itself(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Lembah Sunyi"
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.fills_registration(name)
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    assert fits(sender.page)
    assert not axe_faults(sender.page) + size_faults(sender.page)
    sender.leaves_no_trace(name, PHONE, CONTACT)
    assert stored(site, name) == []
    sender.has_signal()
    number = sender.sees_it_sent()
    assert stored(site, name) == [identity]
    kept = content(site, identity)
    assert (kept["contact_name"], kept["phone"]) == (CONTACT, PHONE)
    item = sender.item(identity) or {}
    assert (item["state"], item["no"], item["sealed"], item["pairs"]) == ("done", number, None, None)
    sender.leaves_no_trace(name, PHONE, CONTACT)


def test_with_signal_the_receipt_comes_at_once(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Terang"
    sender = Sender(screen())
    sender.opens()
    sender.fills(name)
    identity = sender.sends()
    number = sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    sender.page.goto("/bantuan")
    assert (sender.item(identity) or {})["no"] == number
    sender.leaves_no_trace(name, PHONE)


@contextlib.contextmanager
def phone_with_memory(playwright: Playwright, folder: Path, address: str) -> Iterator[BrowserContext]:
    """A browser with a folder of its own."""
    context = playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=find_chromium(),
        args=list(FLAGS),
        base_url=address,
        viewport={"width": 360, "height": 740},
    )
    context.set_default_timeout(10_000)
    yield context
    with contextlib.suppress(Exception):
        context.close()


def kill(folder: Path) -> None:
    """kill -9 for the browser that uses the folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if f"--user-data-dir={folder}" in words and not any(w.startswith("--type=") for w in words):
                    os.kill(int(entry.name), signal.SIGKILL)


def killed_and_opened_again(site: Site, proxy: FaultProxy, folder: Path) -> None:
    """The body of a test that must run in a thread of its own: one more Playwright."""
    name, other = "Koperasi Kenari Mati Lampu", "Koperasi Kenari Hidup Lagi"
    with sync_playwright() as playwright:
        with phone_with_memory(playwright, folder, proxy.address) as context:
            sender = Sender(context.new_page())
            sender.opens("/koperasi/daftar")
            sender.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
            proxy.close_door()
            sender.fills_registration(name)
            first = sender.sends()
            sender.sees_it_waiting()
            kill(folder)
        with phone_with_memory(playwright, folder, proxy.address) as context:
            sender = Sender(context.new_page())
            sender.opens("/koperasi/daftar")
            assert (sender.item(first) or {})["state"] == "waiting"
            sender.fills_registration(other)
            second = sender.sends()
            sender.sees_it_waiting()
            assert first != second
            sender.leaves_no_trace(name, other, PHONE)
            proxy.open_door()
            sender.page.evaluate("outbox.flush()")
            sender.waits_until(first, "done")
            sender.waits_until(second, "done")
            sender.leaves_no_trace(name, other, PHONE)
    assert (stored(site, name), stored(site, other)) == ([first], [second])


def test_browser_killed_and_opened_again_without_signal(
    site: Site, proxy: FaultProxy, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(killed_and_opened_again, site, proxy, tmp_path / "phone").result()


# --- a bad network ------------------------------------------------------------------------------------------------

LATER = [
    Fault.PORTAL,
    Fault.PORTAL_REDIRECT,
    Fault.BAD_GATEWAY,
    Fault.UNAVAILABLE,
    Fault.TOO_MANY,
    Fault.RESET_BEFORE,
    Fault.RESET_AFTER_COMMIT,
    Fault.FIN_AFTER_COMMIT,
    Fault.HALF_BODY,
]


@pytest.mark.parametrize("fault", LATER, ids=[fault.name.lower() for fault in LATER])
def test_no_answer_of_ours_means_it_still_waits(
    village: Sender, site: Site, proxy: FaultProxy, fault: Fault
) -> None:
    name = f"Koperasi Kenari {fault.name}"
    village.opens()
    village.fills(name)
    proxy.always(fault)
    identity = village.sends()
    village.sees_it_waiting()
    assert proxy.counts[fault], "the fault was met"
    assert (village.item(identity) or {})["state"] == "waiting"
    village.leaves_no_trace(name, PHONE)
    proxy.well()
    village.page.evaluate("outbox.flush()")
    village.sees_it_sent()
    assert stored(site, name) == [identity]


def test_the_number_stands_there_though_the_page_of_the_receipt_never_comes(
    village: Sender, site: Site, proxy: FaultProxy
) -> None:
    name = "Koperasi Kenari Nomor Dulu"
    # what stands there is written down for another tab: Playwright waits for the page that does not come
    village.page.add_init_script("""setInterval(() => {
      const words = document.querySelector("[data-kept=sent] [data-state=done]");
      if (words && words.offsetParent) localStorage.seen = words.innerText;
    }, 50)""")
    village.opens()
    village.fills(name)
    proxy.only("GET", "/tanda-terima")
    proxy.always(Fault.BLACK_HOLE)
    identity = village.sends()
    other = village.page.context.new_page()
    other.goto(proxy.address + "/bantuan")
    until(other, "!!localStorage.seen")
    number = (Sender(other).item(identity) or {})["no"]
    assert f"Terkirim. Nomor bukti {number}" in other.evaluate("localStorage.seen")
    assert proxy.counts[Fault.BLACK_HOLE], "the page of the receipt was asked for"
    assert stored(site, name) == [identity]


def test_after_a_silence_the_person_is_told_that_it_waits(
    village: Sender, site: Site, proxy: FaultProxy
) -> None:
    name = "Koperasi Kenari Senyap"
    village.opens()
    village.fills(name)
    proxy.next(Fault.SILENT_AFTER_COMMIT)
    identity = village.sends()
    expect(village.page.locator("[data-submit]")).to_have_text("Mengirim ...")
    village.sees_it_waiting()
    village.page.wait_for_timeout(1000)
    village.page.reload()
    village.waits_until(identity, "done") if village.item(identity) else None
    assert stored(site, name) == [identity]


def test_pauses_are_kept_by_the_timer_only(village: Sender, proxy: FaultProxy) -> None:
    village.opens()
    village.fills("Koperasi Kenari Sabar")
    proxy.always(Fault.BAD_GATEWAY)
    identity = village.sends()
    village.sees_it_waiting()
    before = proxy.counts[Fault.BAD_GATEWAY]
    village.page.evaluate("outbox.flush({timer: true})")
    assert proxy.counts[Fault.BAD_GATEWAY] == before, "the timer waits"
    village.page.evaluate("outbox.flush()")
    assert proxy.counts[Fault.BAD_GATEWAY] == before + 1, "a touch does not"
    item = village.item(identity) or {}
    assert item["tries"] == 2
    proxy.well()


def test_one_bad_item_does_not_stop_the_next(screen: Screen, site: Site) -> None:
    names = ["Koperasi Kenari Satu", "Koperasi Kenari Dua", "Koperasi Kenari Tiga"]
    sender = Sender(screen())
    sent = []
    for number, name in enumerate(names):
        sender.opens()
        sender.fills(name, phone="12" if number == 1 else PHONE)
        sender.loses_signal()
        sent.append(sender.sends())
        sender.sees_it_waiting()
        sender.page.context.clear_cookies()
        sender.page.evaluate(
            "navigator.locks.request('outbox', () => new Promise(() => {})) && 0"
        )  # nobody flushes
        sender.has_signal()
    sender.page.reload()
    for identity, state in zip(sent, ("done", "needs_you", "done"), strict=True):
        sender.waits_until(identity, state)
    assert [len(stored(site, name)) for name in names] == [1, 0, 1]
    sender.leaves_no_trace(*names)


# --- several tabs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "lease"])
def test_two_tabs_at_once(village: Sender, site: Site, proxy: FaultProxy, locks: bool) -> None:
    if not locks:
        village.page.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    names = [f"Koperasi Kenari Kembar {i} {locks}" for i in (1, 2)]
    tabs = [village, Sender(village.page.context.new_page(), proxy.address)]
    for tab in tabs:  # both before anybody types, or the second would go on with the first one's draft
        tab.opens()
    for tab, name in zip(tabs, names, strict=True):
        tab.fills(name)
    proxy.always(Fault.BAD_GATEWAY)
    sent = [tab.sends() for tab in tabs]
    for tab in tabs:
        tab.sees_it_waiting()
    proxy.well()
    proxy.delay_seconds = 0.5
    before = sum(one.method == "POST" for one in proxy.seen)
    for tab in tabs:
        tab.page.evaluate("void outbox.flush()")
    for tab, identity in zip(tabs, sent, strict=True):
        tab.waits_until(identity, "done")
        tab.sees_it_sent()
    assert sum(one.method == "POST" for one in proxy.seen) == before + 2, "each was sent by one tab"
    assert [stored(site, name) for name in names] == [[identity] for identity in sent]


def test_a_form_opened_twice_is_two_submissions(screen: Screen) -> None:
    page = screen()
    first = Sender(page)
    first.opens()
    field = "[data-outbox] [name=submission_id]"
    identity = page.locator(field).input_value()
    second = page.context.new_page()
    second.goto("/status/hilang")
    expect(second.locator(field)).not_to_have_value(identity)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator(field)).not_to_have_value(identity)


# --- what the office says -----------------------------------------------------------------------------------------


def test_wrong_value_found_when_sending_is_mended_at_its_field(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Salah Ketik"
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.fills_registration(name, phone="12")
    identity = sender.sends()
    page = sender.page
    summary = page.locator("[data-summary]")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    expect(page.locator("#phone")).to_be_visible()
    expect(page.locator("#phone")).to_have_attribute("aria-describedby", "phone-error")
    expect(page.locator("#phone-error")).to_be_visible()
    assert not axe_faults(page)
    assert (sender.item(identity) or {})["state"] == "needs_you"
    sender.leaves_no_trace(name, CONTACT)
    page.fill("#phone", PHONE)
    sender.goes_to_the_end()
    assert sender.sends() == identity
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    assert content(site, identity)["phone"] == PHONE


def test_wrong_value_found_later_is_mended_under_the_same_id(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Belakangan"
    sender = Sender(screen())
    sender.opens("/koperasi/daftar")
    sender.fills_registration(name, phone="12")
    sender.loses_signal()
    identity = sender.sends()
    sender.sees_it_waiting()
    sender.has_signal()
    expect(sender.page.locator("[data-state=needs_you]")).to_be_visible(timeout=30_000)
    sender.leaves_no_trace(name, CONTACT)
    page = sender.page
    page.goto("/bantuan")
    page.goto(f"/koperasi/daftar#kiriman={identity}")
    expect(page.locator("[data-summary]")).to_be_visible()
    expect(page.locator("#phone")).to_have_value("12")
    expect(page.locator("#phone-error")).to_be_visible()
    assert "kiriman=" not in page.url
    expect(page.locator("#desa")).not_to_have_value("")
    sender.leaves_no_trace(name, CONTACT)
    page.fill("#phone", PHONE)
    sender.goes_to_the_end()
    assert sender.sends() == identity
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    kept = content(site, identity)
    assert (kept["name"], kept["phone"], kept["contact_name"]) == (name, PHONE, CONTACT)


def test_mending_goes_on_under_the_same_id_when_the_page_is_opened_again(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Buka Lagi"
    sender = Sender(screen())
    sender.opens()
    sender.fills(name, phone="12")
    identity = sender.sends()
    page = sender.page
    expect(page.locator("[data-summary]")).to_be_visible()
    page.fill("#phone", PHONE)
    until(page, "() => outbox.draft.list().then(all => all.length === 1)")
    page.reload()
    expect(page.locator("#name")).to_have_value(name)
    assert sender.sends() == identity
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    page.goto("/kotak-keluar")
    expect(page.locator("#outbox article")).to_have_count(1)
    expect(page.locator("#outbox article")).to_have_attribute("data-state", "done")


def test_without_signal_a_locked_one_says_what_mending_needs(screen: Screen) -> None:
    sender = Sender(screen())
    sender.opens()
    sender.fills("Koperasi Kenari Terkunci", phone="12")
    identity = sender.sends()
    page = sender.page
    expect(page.locator("[data-summary]")).to_be_visible()
    page.goto("/bantuan")
    page.route(
        "**/status/hilang",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.goto(f"/status/hilang#kiriman={identity}")
    expect(page.locator("[data-kept=sent]")).to_contain_text("Untuk memperbaikinya perlu sinyal.")
    assert (sender.item(identity) or {})["state"] == "needs_you"


def test_the_office_answers_in_the_language_of_the_page(screen: Screen) -> None:
    sender = Sender(screen())
    sender.opens(f"{LOST}?bahasa=en")
    sender.fills("Koperasi Kenari Inggris", phone="12")
    sender.sends()
    expect(sender.page.locator("#phone-error")).to_contain_text("number", ignore_case=True)
    sender.page.fill("#phone", PHONE)
    sender.sends()
    sender.sees_the_receipt()
    assert sender.page.url.endswith("?bahasa=en")


def test_sealed_to_a_key_that_the_office_lost_it_is_sealed_anew_without_a_question(
    screen: Screen, site: Site
) -> None:
    name = "Koperasi Kenari Kunci Hilang"
    sender = Sender(screen())
    sender.opens()
    until(sender.page, "outbox.meta.get('key').then(Boolean)")
    sender.page.evaluate(
        "outbox.meta.get('key').then(key => outbox.meta.put({...key, key_id: 77, at: Date.now()}))"
    )
    sender.fills(name)
    identity = sender.sends()
    assert sender.sees_it_sent().startswith("KB-")
    assert stored(site, name) == [identity]
    sender.leaves_no_trace(name, PHONE)


def test_other_content_under_a_known_id_becomes_a_correction(
    village: Sender, site: Site, proxy: FaultProxy
) -> None:
    name = "Koperasi Kenari Berubah"
    village.opens("/koperasi/daftar")
    village.fills_registration(name)
    village.page.locator("label[for=boleh]").click()
    proxy.always(Fault.RESET_AFTER_COMMIT)
    first = village.sends()
    village.sees_it_waiting()
    item = village.item(first) or {}
    assert item["openUntil"]
    assert ["name", name] in item["pairs"], "the person asked for it"
    village.leaves_no_trace(name)
    proxy.always(Fault.BAD_GATEWAY)  # nothing is known of what arrived
    page = village.page
    page.goto(proxy.address + "/bantuan")
    page.goto(proxy.address + f"/koperasi/daftar#kiriman={first}")
    expect(page.locator("#name")).to_have_value(name)
    for _ in range(2):
        page.locator("[data-steps-back]").click() if not page.locator("#name").is_visible() else None
    while not page.locator("#main_activity").is_visible():
        village.goes_on()
    page.fill("#main_activity", "usaha ternak")
    village.goes_to_the_end()
    proxy.only("POST", "/koperasi/daftar")
    proxy.well()
    assert village.sends() == first
    village.sees_it_sent()
    assert village.item(first) is None
    assert content(site, first)["main_activity"] == "simpan pinjam", "the first stays as it was"
    done = village.page.evaluate("outbox.list()")
    assert [one["state"] for one in done] == ["done"]
    assert content(site, done[0]["id"])["main_activity"] == "usaha ternak"
    assert kind(site, done[0]["id"]) is SubmissionKind.COOPERATIVE_CORRECTION, "an officer sees both"


# --- where nothing can be kept ------------------------------------------------------------------------------------

NO_DATABASE = "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('private'); }}})"
FULL = """IDBObjectStore.prototype.put = function () {
  this.transaction.abort(); throw new DOMException('full', 'QuotaExceededError'); }"""
FULL_LATER = """const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (value) {
  if (this.name !== 'outbox') return put.call(this, value);
  this.transaction.abort(); throw new DOMException('full', 'QuotaExceededError'); }"""


@pytest.mark.parametrize("broken", [NO_DATABASE, FULL], ids=["private", "full"])
def test_without_storage_it_is_an_ordinary_form_that_says_so(screen: Screen, site: Site, broken: str) -> None:
    name = f"Koperasi Kenari Tanpa Gudang {len(broken)}"
    sender = Sender(screen(service_workers="block"))
    sender.page.add_init_script(broken)
    sender.opens()
    warning = sender.page.locator("[data-kept=none]")
    expect(warning).to_contain_text("Jangan tutup halaman sampai ada nomor bukti")
    expect(sender.page.locator("#boleh")).to_be_hidden()
    assert fits(sender.page)
    sender.fills(name)
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]


def test_a_phone_that_fills_up_at_the_last_moment_sends_plainly(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Penuh"
    sender = Sender(screen(service_workers="block"))
    sender.page.add_init_script(FULL_LATER)
    sender.opens()
    sender.fills(name)
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]


def test_a_storage_that_never_answers_holds_nothing_up(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Gudang Bisu"
    sender = Sender(screen(service_workers="block"))
    sender.page.add_init_script("indexedDB.open = () => ({})")
    sender.opens()
    sender.fills(name)
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]


def test_without_scripts_exactly_once(screen: Screen, site: Site) -> None:
    name = "Koperasi Kenari Polos"
    page = screen(javascript=False)
    page.goto("/status/hilang")
    page.fill("#name", name)
    page.select_option("#kecamatan", "32.01.21")
    page.locator("button[name=tahap]").click()
    page.select_option("#desa", index=1)
    page.fill("#phone", PHONE)
    identity = page.locator("[name=submission_id]").input_value()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    page.locator("[data-submit]").click()
    expect(page).to_have_url(re.compile("/tanda-terima/"))
    number = page.locator("[data-receipt]").first.get_attribute("data-receipt")
    origin = {"Origin": site.address, "Content-Type": "application/x-www-form-urlencoded"}
    again = page.request.post("/status/hilang", data=sent[0], headers=origin)
    assert f'data-receipt="{number}"' in again.text(), "the same receipt"
    assert stored(site, name) == [identity]


APPS = {
    "instagram": "Mozilla/5.0 (Linux; Android 13; RMX3624; wv) AppleWebKit/537.36 Chrome/120.0 Mobile Instagram 309.1",
    "tiktok": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/119.0 musical_ly_2023 BytedanceWebview/d8a21c6",
    "facebook-iphone": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605 [FBAN/FBIOS;FBAV/438.0]",
    "line": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605 Safari Line/13.16.0",
    "whatsapp": "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/118.0 Mobile WhatsApp/2.23",
}


@pytest.mark.parametrize("app", APPS)
def test_a_browser_inside_another_app_is_told_before_the_first_question(
    screen: Screen, site: Site, app: str
) -> None:
    name = f"Koperasi Kenari {app}"
    sender = Sender(screen(user_agent=APPS[app], service_workers="block"))
    sender.opens()
    note = sender.page.locator("[data-kept=none]")
    expect(note).to_be_visible()
    link = note.locator("a")
    if "Android" in APPS[app]:
        href = link.get_attribute("href") or ""
        assert re.fullmatch(
            r"intent://127\.0\.0\.1:\d+/status/hilang#Intent;scheme=http;package=com.android.chrome;end", href
        )
        expect(link).to_be_visible()
    else:
        expect(link).to_be_hidden()
        expect(note).to_contain_text("buka di browser")
    assert not size_faults(sender.page)
    sender.fills(name)
    identity = sender.sends()
    sender.sees_the_receipt()
    assert stored(site, name) == [identity]
    assert not sender.leaves_no_trace(name, PHONE).items


def test_inside_another_app_nothing_may_wait(screen: Screen) -> None:
    page = screen(user_agent=APPS["instagram"])
    page.goto("/kotak-keluar")
    expect(page.locator("[data-said]").first).to_contain_text("tidak bisa menyimpan di HP")
    page.goto("/titipan")
    expect(page.locator("[data-said]")).to_contain_text("Coba buka dengan Chrome")
    expect(page.locator("[data-camera]")).to_be_hidden()


def test_an_ordinary_browser_is_not_warned(screen: Screen) -> None:
    sender = Sender(screen())
    sender.opens()
    expect(sender.page.locator("#boleh")).to_be_attached()
    expect(sender.page.locator("label[for=boleh]")).to_be_visible()
    expect(sender.page.locator("[data-kept=none]")).to_be_hidden()


def test_the_search_for_traces_finds_what_is_there(screen: Screen) -> None:
    """The positive control of leaves_no_trace."""
    sender = Sender(screen())
    sender.opens()
    page: Page = sender.page
    page.evaluate("localStorage.setItem('x', 'Kenari Bocor 1')")
    page.evaluate("sessionStorage.setItem('x', 'Kenari Bocor 2')")
    page.evaluate("outbox.put({id: 'x', pairs: [['name', 'Kenari Bocor 3']], state: 'done', at: 1})")
    page.evaluate("caches.open('visited').then(c => c.put('/x', new Response('Kenari Bocor 4')))")
    page.evaluate("outbox.draft.put({address: '/x', at: Date.now(), pairs: [['name', 'Kenari Boleh']]})")
    words = [f"Kenari Bocor {i}" for i in (1, 2, 3, 4)]
    assert storage_dump(page).traces(*words, "Kenari Boleh") == words
