"""The service worker in a real browser: what opens without signal, what is never kept, how a new version comes in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from app.core.access import access_of
from tests.browser.conftest import Complaints, Site, new_context, open_site
from tests.browser.people import Citizen, Officer
from tests.browser.senders import until

pytestmark = pytest.mark.browser

CONTROLLED = """new Promise((done) => navigator.serviceWorker.controller ? done()
  : navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }))"""
CACHES = """(async () => { const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    found[name] = {};
    for (const request of await cache.keys())
      found[name][request.url.slice(location.origin.length)] = await (await cache.match(request, { ignoreVary: true })).text();
  }
  return found; })()"""
UPDATE = """(async () => { const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const fresh = registration.installing;
  if (fresh) await new Promise((done) => fresh.addEventListener("statechange", () => {
    if (fresh.state !== "installing") done(); }));
  return [registration.waiting, registration.active].map((worker) => worker && worker.state); })()"""


@pytest.fixture(scope="module")
def house() -> Iterator[Site]:
    """A server of our own, that may be stopped and come back as another release."""
    with open_site() as made:
        yield made


@pytest.fixture
def phone(chromium: Browser, house: Site) -> Iterator[Callable[..., Page]]:
    """``phone()`` gives the page of a phone that has visited once and carries the worker since."""
    contexts: list[BrowserContext] = []
    complaints = Complaints()

    def visit(address: str = "/luring", **settings: Any) -> Page:
        page = new_context(chromium, house, **settings).new_page()
        contexts.append(page.context)
        page.goto(address)
        page.evaluate(CONTROLLED)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not complaints, complaints


def restart(house: Site, **environ: str) -> None:
    """The same data, another release."""
    house.server.stop()
    house.server.environ.update(environ)
    house.server.start()


def kits(page: Page) -> list[str]:
    """Names of the kits on this phone."""
    return [name for name in page.evaluate("caches.keys()") if name.startswith("kit-")]


def kept_addresses(page: Page) -> set[str]:
    """Everything that any cache of this phone holds."""
    return {url for entries in page.evaluate(CACHES).values() for url in entries}


def heading(page: Page) -> str:
    """The page's h1."""
    return page.locator("h1").inner_text()


# --- without signal -----------------------------------------------------------------------------------------------


def test_kept_pages_open_without_signal(phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto("/bantuan")
    page.context.set_offline(True)
    for address, title in {
        "/koperasi/daftar": "Daftarkan koperasi",
        "/koperasi/daftar?nama=Tani": "Daftarkan koperasi",
        "/": "Koperasi dan UMKM Kabupaten Bogor",
        "/bantuan": "Bantuan",
        "/titipan": "Bawakan kiriman",
        "/petugas": "Tidak ada sinyal",
        "/status": "Tidak ada sinyal",
        "/tidak-pernah-dibuka": "Tidak ada sinyal",
    }.items():
        page.goto(address)
        assert title in heading(page), address


def test_the_same_with_the_server_stopped(phone: Callable[..., Page], house: Site) -> None:
    page = phone()
    house.server.stop()
    try:
        page.goto("/koperasi/daftar")
        page.locator("#kecamatan").select_option("32.01.21")
        expect(page.locator("#desa option")).not_to_have_count(1)  # the list of places is there, too
        page.goto("/akun")
        assert heading(page) == "Tidak ada sinyal"
    finally:
        house.server.start()


def test_a_kept_form_has_an_id_of_its_own_each_time_even_without_its_scripts(
    phone: Callable[..., Page],
) -> None:
    page = phone()
    script = """(async () => { const text = await (await fetch("/koperasi/daftar")).text();
      return text.match(/name="submission_id"[^>]*value="([^"]*)"/)[1]; })()"""
    kept = page.evaluate(script)  # no navigation: as it lies in the kit
    seen = set()
    for _ in range(3):
        body = page.goto("/koperasi/daftar")
        assert body
        found = re.search(r'name="submission_id"[^>]*value="([0-9a-f-]{36})"', body.text())
        assert found
        seen.add(found[1])
    assert len(seen | {kept}) == 4


def test_a_kept_page_is_painted_without_asking_anybody(phone: Callable[..., Page]) -> None:
    page = phone()
    asked: list[str] = []

    def note(response: Response) -> None:
        if not response.from_service_worker:
            asked.append(response.url)

    page.goto("/kotak-keluar")
    page.context.on("response", note)
    page.goto("/koperasi/daftar")
    until(page, "performance.getEntriesByName('first-contentful-paint').length")
    assert [url for url in asked if not url.endswith("/sw.js")] == []
    page.goto("/privasi")
    assert [url for url in asked if url.endswith("/privasi")], "this page was asked for: the ear is open"


def test_a_form_whose_scripts_did_not_come_goes_into_the_outbox(
    phone: Callable[..., Page], house: Site
) -> None:
    page = phone()
    page.goto("/koperasi/daftar")
    page.evaluate("outbox.ready()")
    fill = {
        "name": "Koperasi Tanpa Naskah", "cooperative_type": "consumer", "main_activity": "toko", "kecamatan": "32.01.21",
        "desa": "32.01.21.2001", "contact_name": "Siti Aminah", "phone": "081298765432",
    }  # fmt: skip
    page.context.set_offline(True)
    page.evaluate(
        """(fill) => { const form = document.createElement("form");
        Object.assign(form, { method: "post", action: "/koperasi/daftar" });
        fill.submission_id = "6b8f4c1e-0d6a-4a7e-9f3b-2f0c7f1d9a55";
        for (const [name, value] of Object.entries(fill))
          form.append(Object.assign(document.createElement("input"), { name, value }));
        document.body.append(form);
        form.submit(); }""",
        fill,
    )
    page.wait_for_url("**/kotak-keluar")
    (item,) = page.evaluate("outbox.list()")
    assert item["id"] == "6b8f4c1e-0d6a-4a7e-9f3b-2f0c7f1d9a55"
    assert (item["state"], item["address"]) == ("waiting", "/koperasi/daftar")
    assert item["sealed"]
    assert not item["pairs"]
    page.context.set_offline(False)
    page.evaluate("outbox.flush()")
    expect(page.locator("#outbox")).to_have_attribute("data-done", "1")
    (item,) = page.evaluate("outbox.list()")
    assert item["no"].startswith("KB-")


def test_asking_for_the_next_choices_is_not_sending(phone: Callable[..., Page], house: Site) -> None:
    page = phone()
    page.goto("/koperasi/daftar")
    page.evaluate("outbox.ready()")
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.evaluate(
            """() => { const form = document.createElement("form");
            Object.assign(form, { method: "post", action: "/koperasi/daftar" });
            for (const [name, value] of [["submission_id", crypto.randomUUID()], ["kecamatan", "32.01.21"], ["tahap", "desa"]])
              form.append(Object.assign(document.createElement("input"), { name, value }));
            document.body.append(form);
            form.submit(); }"""
        )
    page.context.set_offline(False)
    page.goto("/kotak-keluar")
    assert page.evaluate("outbox.list()") == []


def test_the_browser_s_own_sync_sends_what_waits(phone: Callable[..., Page], house: Site) -> None:
    """No page of ours is open: the worker is woken and sends."""
    page = phone()
    page.context.set_offline(True)
    page.evaluate(
        """outbox.add({ id: crypto.randomUUID(), address: "/koperasi/daftar", title: "Formulir", version: "1", filledAt: Date.now(),
        pairs: [["name", "Koperasi Dibangunkan"], ["cooperative_type", "consumer"], ["main_activity", "toko"],
          ["kecamatan", "32.01.21"], ["desa", "32.01.21.2001"], ["contact_name", "Siti"], ["phone", "081298765433"]] })"""
    )
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one["registrationId"]
            for one in event["registrations"]
            if one["scopeURL"].startswith(house.address)
        ),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    assert found
    page.context.set_offline(False)
    told = {"origin": house.address, "registrationId": found[0], "tag": "outbox", "lastChance": False}
    session.send("ServiceWorker.dispatchSyncEvent", told)
    page.wait_for_timeout(1500)
    page.context.set_offline(True)  # the page that looks must not be the one that sends
    page.goto("/kotak-keluar")
    assert [item["state"] for item in page.evaluate("outbox.list()")] == ["done"]


# --- what is never kept -------------------------------------------------------------------------------------------


def test_nothing_of_an_officer_s_day_is_kept(
    phone: Callable[..., Page], house: Site, chromium: Browser
) -> None:
    paper = new_context(chromium, house, javascript=False).new_page()
    citizen = Citizen(paper)
    citizen.registers("Koperasi Jangan Disimpan", phone="0812-4242-4242")
    page = phone(who="officer", width=1280)
    officer = Officer(page)
    officer.opens("Koperasi Jangan Disimpan")
    with house.inside():
        name = house.cast["officer"].name
        rules = [
            rule.rule
            for rule in house.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments and access_of(house.app, rule.endpoint)
        ]
    walked = 0
    for address in [*rules, citizen.receipt, "/koperasi?cari=tani", "/bantuan?bahasa=su"]:
        answer = page.request.get(address)  # what downloads cannot be walked through
        if answer.ok and "text/html" in answer.headers.get("content-type", ""):
            page.goto(address)
            walked += 1
    assert walked > 20
    everything = page.evaluate(CACHES)
    personal = re.compile(r"/(petugas|akun|masuk|keluar|sesi|kiriman|tanda-terima|tautan|status)\b")
    for entries in everything.values():
        assert [url for url in entries if personal.match(url) or "cari=" in url] == []
        for text in entries.values():
            assert name not in text
            assert "Jangan Disimpan" not in text
            assert "4242" not in text
    assert "/bantuan" not in everything.get("visited", {}), (
        "public pages of somebody signed in are not kept either"
    )
    paper.context.close()


def test_a_stranger_s_public_pages_are_kept(phone: Callable[..., Page]) -> None:
    """The walk above proves something only because this is so."""
    page = phone()
    for address in ("/bantuan", "/bantuan?bahasa=su", "/koperasi?cari=tani", "/koperasi/daftar?nama=Tani"):
        page.goto(address)
    visited = set(page.evaluate(CACHES)["visited"])
    assert {"/bantuan", "/bantuan?bahasa=su"} <= visited
    assert not [url for url in visited if "=Tani" in url or "=tani" in url]


def test_a_fragment_is_never_taken_for_a_page(phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto("/koperasi")
    page.fill("#cari", "tani")
    page.wait_for_url("**cari=tani**")
    assert not [url for url in kept_addresses(page) if url.startswith("/koperasi?")]
    page.goto("/bantuan")
    asked = """(url) => fetch(url, { headers: { "HX-Request": "true", "HX-Target": "x" } })
      .then((answer) => answer.status, () => "no network")"""
    assert page.evaluate(asked, "/bantuan") == 200
    page.context.set_offline(True)
    for address in ("/bantuan", "/koperasi/daftar"):  # one was visited, one is in the kit
        assert page.evaluate(asked, address) == "no network"
    page.goto("/bantuan")
    assert heading(page) == "Bantuan"


def test_only_so_many_visited_pages_are_kept(phone: Callable[..., Page], house: Site) -> None:
    page = phone()
    page.goto("/bantuan")
    page.evaluate(
        """(async () => { const ring = await caches.open("visited");
        for (let n = 0; n < 60; n++) await ring.put("/contoh/" + n, new Response("x")); })()"""
    )
    page.goto("/privasi")
    page.goto("/koperasi/mendirikan")
    page.wait_for_timeout(300)
    visited = page.evaluate(
        "caches.open('visited').then((c) => c.keys()).then((all) => all.map((r) => new URL(r.url).pathname))"
    )
    assert len(visited) <= 40
    assert {"/privasi", "/koperasi/mendirikan"} <= set(visited)


def test_a_page_opened_once_in_another_language_opens_in_it_without_signal(
    phone: Callable[..., Page],
) -> None:
    page = phone("/koperasi/daftar?bahasa=su")
    for address in ("/koperasi/daftar?bahasa=su", "/kotak-keluar?bahasa=su"):
        page.goto(address)
        until(page, "address => caches.match(address, {cacheName: 'visited'}).then(Boolean)", address)
    page.context.set_offline(True)
    for address in ("/koperasi/daftar?bahasa=su", "/kotak-keluar?bahasa=su"):
        page.goto(address)
        assert page.evaluate("document.documentElement.lang") == "su"
    page.goto("/kotak-keluar?bahasa=en")  # never opened with signal: better in Indonesian than not at all
    assert page.evaluate("document.documentElement.lang") == "id"


# --- a new version ------------------------------------------------------------------------------------------------


def test_a_new_version_waits_while_a_form_is_filled_and_comes_when_it_is_asked(
    phone: Callable[..., Page], house: Site
) -> None:
    page = phone("/koperasi/daftar")
    page.goto("/koperasi/daftar")
    (before,) = kits(page)
    page.fill("#name", "Koperasi Setengah Jadi")
    restart(house, OFFICE_HOURS="Senin-Kamis 07.30-15.30")
    assert page.evaluate(UPDATE) == ["installed", "activated"]
    page.wait_for_timeout(200)
    expect(page.locator("[data-update]")).to_be_hidden()
    assert page.locator("#name").input_value() == "Koperasi Setengah Jadi"
    assert len(kits(page)) == 2, "the old one goes on beside the new one"
    page.goto("/bantuan")
    expect(page.locator("[data-update]")).to_be_visible()
    loads: list[str] = []
    page.on("load", lambda where: loads.append(where.url))
    with page.expect_event("load"):
        page.locator("[data-update] button").click()
    page.wait_for_timeout(500)
    assert len(loads) == 1, "one reload, no more"
    expect(page.locator("[data-update]")).to_be_hidden()
    (after,) = kits(page)
    assert after != before
    page.context.set_offline(True)
    page.goto("/koperasi/daftar")
    expect(page.locator(".foot")).to_contain_text("07.30-15.30")


def test_a_kit_that_cannot_be_fetched_leaves_the_old_worker_in_place(
    phone: Callable[..., Page], house: Site
) -> None:
    page = phone()
    before = page.evaluate(CACHES)
    restart(house, OFFICE_HOURS="Senin-Kamis 09.00-15.00")
    page.context.route("**/kunci", lambda route: route.fulfill(status=404, body="hilang"))
    assert page.evaluate(UPDATE) == [None, "activated"]
    assert list(page.evaluate(CACHES)) == list(before), "nothing half-fetched is left over"
    page.context.set_offline(True)
    page.goto("/koperasi/daftar")
    assert heading(page) == "Daftarkan koperasi"
    page.context.set_offline(False)
    page.context.unroute("**/kunci")
    assert page.evaluate(UPDATE) == ["installed", "activated"]


def test_the_page_of_a_hotspot_is_not_taken_for_ours(phone: Callable[..., Page], house: Site) -> None:
    page = phone()
    page.goto("/bantuan")
    portal = {"status": 200, "content_type": "text/html", "body": "<h1>Beli pulsa</h1>"}
    page.context.route("**/bantuan", lambda route: route.fulfill(**portal))
    page.goto("/bantuan")
    assert heading(page) == "Beli pulsa"
    page.context.unroute("**/bantuan")
    page.context.set_offline(True)
    page.goto("/bantuan")
    assert heading(page) == "Bantuan"


def test_a_proxy_s_excuse_gives_way_to_the_kept_page(phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto("/bantuan")
    page.context.route("**/bantuan", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.goto("/bantuan")
    assert heading(page) == "Bantuan"


GONE = """async () => {
  const here = async () => (await navigator.serviceWorker.getRegistrations()).length;
  for (let i = 0; i < 100 && await here(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  return !await here(); }"""


def test_the_switch_off_takes_the_worker_away_but_not_what_waits(
    phone: Callable[..., Page], house: Site
) -> None:
    page = phone()
    page.context.set_offline(True)
    kept = page.evaluate(
        """outbox.add({ id: crypto.randomUUID(), address: "/koperasi/daftar", title: "Formulir", version: "1",
        filledAt: Date.now(), pairs: [["name", "Koperasi Menunggu"]] })"""
    )
    try:
        restart(house, SERVICE_WORKER="off")
        page.context.set_offline(False)
        page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
        assert page.evaluate(GONE)
        assert page.evaluate("caches.keys()") == []
        page.goto("/bantuan")
        page.wait_for_timeout(300)
        assert page.evaluate(GONE)
        assert [item["id"] for item in page.evaluate("outbox.list()")] == [kept["id"]]
    finally:
        restart(house, SERVICE_WORKER="on")
