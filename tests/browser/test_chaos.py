"""A phone on which everything goes wrong while it sends: tabs and the browser are killed, the worker is renewed in the
middle, the clock is two days off, the officer's session ends, and the network does all it can. Nothing is lost,
nothing doubles, nothing is called sent before it was. tests/trials/test_chaos.py does the same without a browser.
"""

from __future__ import annotations

import contextlib
import random
import re
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.browser.conftest import Site, open_site
from tests.browser.senders import Sender
from tests.browser.test_outbox import kill, phone_with_memory
from tests.fault_proxy import Fault, FaultProxy, Seen, fault_proxy
from tests.load import form_of, looking_into, values
from tests.sizes import size

pytestmark = pytest.mark.browser

SEEDS = size([1], list(range(1, 25)))
SUBMISSIONS, TYPED = size(8, 42), size(1, 4)
SHARE = 0.6
FORM, DESK = "/koperasi/daftar", "/petugas/koperasi/daftarkan"
TWO_DAYS = 2 * 24 * 60 * 60 * 1000
# No promise of ours: a machine on which much else runs is slow.
ARRIVE_SECONDS = 180.0
PATIENCE = 30_000
# the page that the worker hands out when another does not come
NO_SIGNAL = "main:has([data-waiting-words]) h1"
WORKER_READY = """Promise.race([
  navigator.serviceWorker.ready.then(() => 0),
  new Promise((_, fail) => setTimeout(fail, 60000, Error("no worker"))),
])"""

# what may happen after a submission, each at least once, and how often
FATES = {
    "nothing": 30,
    "tab killed": 8,
    "second tab": 8,
    "browser killed": 6,
    "worker renewed": 3,
    "session": 8,
    "visit": 15,
}

# Every page of this phone tells at what true moment it first saw an item as sent and a receipt's number on the screen,
# and may have a wrong clock.
WATCH = """(() => {
  const real = Date.now.bind(Date), seen = new Set();
  if (%d) Date.now = () => real() + %d;
  const read = () => {
    for (const [no] of document.body.innerText.matchAll(/KB-[0-9A-Z]{8}/g))
      if (!seen.has(no)) { seen.add(no); self.showed(no, real() / 1000); }
  };
  addEventListener("DOMContentLoaded", () => {
    read();
    new MutationObserver(read).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const look = async () => {
    if (!self.outbox) return;
    for (const { id, state, no } of await outbox.list().catch(() => []))
      if (state === "done" && !seen.has(id)) { seen.add(id); self.told(id, no, real() / 1000); }
  };
  addEventListener("outbox", look);
  addEventListener("load", look);
})()"""
KEEP = """async ({ id, address, pairs, owner }) => {
  await outbox.add({ id, address, title: "Coba", version: "1", filledAt: Date.now(), pairs, owner });
}"""
RENEW = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const fresh = registration.installing || registration.waiting;
  if (!fresh) return false;
  const patience = new Promise((done) => setTimeout(done, 20000));
  if (fresh.state === "installing") await Promise.race([patience, new Promise((done) => { fresh.onstatechange = done; })]);
  fresh.postMessage("skip");
  return fresh.state !== "redundant";
}"""


@dataclass
class Phone:
    """One phone, its person and its bad luck."""

    site: Site
    proxy: FaultProxy
    playwright: Playwright
    folder: Path
    chance: random.Random
    ids: list[str] = field(default_factory=list)
    told: dict[str, tuple[str, float]] = field(default_factory=dict)
    showed: dict[str, float] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    signed_in: bool = True
    owner: str = ""
    fate: list[str] = field(default_factory=list)
    diary: list[tuple[float, str]] = field(default_factory=list)
    asked: dict[Request, float] = field(default_factory=dict)

    def lives(self, submissions: int) -> None:
        """Everything, until all is told."""
        plan = ["typed"] * TYPED + ["kept"] * (submissions - TYPED)
        self.chance.shuffle(plan)
        self.fate = [
            *FATES,
            *self.chance.choices(list(FATES), list(FATES.values()), k=submissions - len(FATES)),
        ]
        self.chance.shuffle(self.fate)
        while plan:
            with self._browser() as context:
                page = self._opens(context)
                while plan and (page := self._page(context, page)) is not None:
                    self._writes(plan[-1])
                    getattr(self, f"_{plan[-1]}")(page)
                    plan.pop()
                    if not self._something_happens(context, page):
                        break  # the browser is dead
        self._all_arrive()

    def _writes(self, what: str) -> None:
        self.diary.append((time.time(), f"{len(self.ids):2} sent  {what}"))

    def story(self) -> str:
        """The diary between what the network saw; read when something failed."""
        posts = [
            (seen.at, f"    {seen.target} {seen.fault}, {seen.status or 'not heard'}, {names_in(seen)}")
            for seen in self.proxy.seen
            if seen.method == "POST"
        ]
        lines = [f"{at % 10_000:8.2f}  {what}" for at, what in sorted([*self.diary, *posts])]
        return "\n".join([*lines, *(f"{count} x {fault}" for fault, count in self.proxy.counts.items())])

    @contextlib.contextmanager
    def _browser(self) -> Iterator[BrowserContext]:
        with phone_with_memory(self.playwright, self.folder, self.proxy.address) as context:
            shift = self.chance.choice([0, -TWO_DAYS, TWO_DAYS])
            self.happened["clock two days off"] += bool(shift)
            context.expose_function("told", self._note)
            context.expose_function("showed", self._reads)
            self._listens(context)
            context.set_default_timeout(PATIENCE)
            context.add_init_script(WATCH % (shift, shift))
            self._sign_in(context)
            yield context

    def _listens(self, context: BrowserContext) -> None:
        """To requests of pages and of the worker: those without an answer are told when something failed."""
        self.asked.clear()

        def begins(one: Request) -> None:
            self.asked[one] = time.monotonic()

        def ends(one: Request) -> None:
            self.asked.pop(one, None)

        context.on("request", begins)
        context.on("requestfinished", ends)
        context.on("requestfailed", ends)

    def _unanswered(self) -> list[str]:
        now = time.monotonic()
        return [
            f"{one.method} {one.url.removeprefix(self.proxy.address)} for {now - since:.1f} s"
            + (" by the worker" if one.service_worker else "")
            for one, since in self.asked.items()
        ]

    def _note(self, submission_id: str, number: str, at: float) -> None:
        self.told.setdefault(submission_id, (number, at))

    def _reads(self, number: str, at: float) -> None:
        self.showed.setdefault(number, at)

    def _sign_in(self, context: BrowserContext) -> None:
        if not self.signed_in:
            return
        with self.site.inside():
            sid = self.site.cast["officer"].sid
        context.add_cookies(
            [{"name": self.site.app.config["SID_COOKIE"], "value": sid, "url": self.proxy.address}]
        )

    def _opens(self, context: BrowserContext) -> Page:
        page = context.pages[0] if context.pages else context.new_page()
        self._goes_to_the_form(page)
        page.evaluate(WORKER_READY)
        if not self.owner:
            self.owner = page.evaluate("fetch('/sesi/token').then((r) => r.json()).then((d) => d.uid)")
        return page

    def _goes_to_the_form(self, page: Page) -> None:
        self._visits(page, FORM)
        page.locator("[data-steps-next]").wait_for()  # the scripts run

    def _visits(self, page: Page, path: str) -> None:
        """A network that ends every connection ends those of pages too: then one opens it again."""
        for attempt in range(4):
            try:
                page.goto(self.proxy.address + path)
            except BrowserError as error:
                self._writes(f"{path} does not open: {error.message[:200]}\nunanswered: {self._unanswered()}")
                if attempt == 3:
                    raise
                reason = re.search(r"net::\w+|Timeout|interrupted", error.message)
                self.happened[f"page opened again ({reason[0] if reason else 'unknown'})"] += 1
                time.sleep(self.proxy.refuse_seconds)
            else:
                return

    def _page(self, context: BrowserContext, page: Page) -> Page:
        return self._opens(context) if page.is_closed() else page

    # What the person does

    def _typed(self, page: Page) -> None:
        """Into the form, and Kirim."""
        page.bring_to_front()  # hands cannot type into a tab that lies behind another; Chromium hardly draws those
        self._goes_to_the_form(page)
        sender, number = Sender(page), len(self.ids)
        sender.fills_registration(f"Koperasi Badai {number}", phone=f"0812{number:08}")
        self.ids.append(sender.sends())
        self._sees_where_it_is(page)
        self.happened["typed"] += 1

    def _sees_where_it_is(self, page: Page) -> None:
        """The page of the receipt, that without signal, or words that it waits. Where none comes, the number stands in
        place of the form: a navigation is lost when it meets the moment in which Chromium ends the worker of before.
        """
        words = f"[data-receipt], {NO_SIGNAL}, [data-kept=sent] [data-state=waiting]:visible"
        try:
            page.locator(words).first.wait_for()
        except BrowserError as error:
            self._writes(f"after Kirim: {error.message[:300]}; unanswered: {self._unanswered()}")
            number, _ = self.told[self.ids[-1]]
            assert number in self.showed
            self.happened["receipt that did not come, its number did"] += 1
            self._goes_to_the_form(page)
        else:
            page.wait_for_load_state()

    def _kept(self, page: Page) -> None:
        """What a form does at Kirim, without the typing."""
        number, name = len(self.ids), str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        fields = form_of(random.Random(number), name, number)
        del fields["submission_id"]
        pairs = [[key, str(value)] for key, value in fields.items()]
        if of_officer := number % 4 == 3:
            pairs += [["present", "Siti Aminah, bendahara"], ["spoken_consent", "y"]]
        item: dict[str, Any] = {"id": name, "address": DESK if of_officer else FORM, "pairs": pairs}
        page.evaluate(KEEP, {**item, "owner": self.owner if of_officer else None})
        self.ids.append(name)
        page.evaluate("void outbox.flush().catch(() => {})")

    # What happens to it

    def _something_happens(self, context: BrowserContext, page: Page) -> bool:
        """False: the browser is dead."""
        time.sleep(self.chance.uniform(0, 0.3))
        what = self.fate.pop() if self.fate else "nothing"
        self.happened[what] += 1
        self._writes(what)
        if what == "browser killed":
            kill(self.folder)
            return False
        if what == "tab killed":
            context.new_page()  # a browser without any tab ends
            page.close()
        elif what == "second tab":
            self._goes_to_the_form(context.new_page())
        elif what == "worker renewed":
            self._another_release()
            page.evaluate("void outbox.flush().catch(() => {})")
            self._renews(page)
        elif what == "session":
            self._session_ends_or_begins(context)
        elif what == "visit":
            self._visits(page, self.chance.choice(["/luring", FORM, "/kotak-keluar"]))
        return True

    def _renews(self, page: Page) -> None:
        """The new worker comes and takes over; a network that ends every connection ends those of workers too."""
        for _ in range(10):
            if page.evaluate(RENEW):
                return
            time.sleep(self.proxy.refuse_seconds)
        raise AssertionError("no newer worker")

    def _another_release(self) -> None:
        self.site.server.stop()
        hour, release = self.chance.randrange(10, 60), self.happened["worker renewed"]
        self.site.server.environ["OFFICE_HOURS"] = f"Senin-Kamis 07.{hour}-15.{10 + release}"
        self.site.server.start()

    def _session_ends_or_begins(self, context: BrowserContext) -> None:
        self.signed_in = not self.signed_in
        context.clear_cookies()
        self._sign_in(context)

    # The end

    def _all_arrive(self) -> None:
        """The network is good again, the officer signs in, the person opens the app."""
        self._writes("the network is good")
        self.proxy.well()
        self.signed_in = True
        with self._browser() as context:
            page = self._opens(context)
            until = time.monotonic() + ARRIVE_SECONDS
            while time.monotonic() < until:
                page.evaluate("outbox.flush().catch(() => {})")
                states = page.evaluate(
                    "outbox.list().then((all) => all.map(({ id, state, errors, message }) => [id, state, errors || message]))"
                )
                if {state for _, state, _ in states} <= {"done"} and len(self.told) == len(self.ids):
                    break
                page.wait_for_timeout(200)
            else:
                raise AssertionError(f"still here: {[one for one in states if one[1] != 'done']}")
            self._visits(page, "/kotak-keluar")  # where the person sees each with its number
            for number, _ in self.told.values():
                page.get_by_text(number).wait_for()


def names_in(seen: Seen) -> list[str]:
    """Of the submissions that a request carries."""
    return parse_qs(seen.body.decode()).get("submission_id", [])


def committed(proxy: FaultProxy) -> dict[str, float]:
    """Submission -> when the server had first taken it, as the network saw it."""
    found: dict[str, float] = {}
    for seen in proxy.seen:
        if seen.method == "POST" and seen.status in {200, 201, 303}:
            for name in names_in(seen):
                found.setdefault(name, seen.at)
    return found


def one_life(seed: int) -> tuple[Phone, list[str], list[str], dict[str, str]]:
    """In a thread of its own, because it is one more Playwright: the phone, what is stored, and its numbers."""
    with (
        open_site() as site,
        fault_proxy(site.server, hole_seconds=0.5) as proxy,
        looking_into(site.server) as engine,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(prefix="kopukm-phone-", ignore_cleanup_errors=True) as folder,
    ):
        proxy.mixture(seed, SHARE)
        phone = Phone(site, proxy, playwright, Path(folder), random.Random(seed))
        try:
            phone.lives(SUBMISSIONS)
        finally:
            print(phone.story())  # pytest shows it when the test fails
        ids = values(engine, "SELECT id FROM submission ORDER BY id")
        numbers = values(engine, "SELECT receipt_number FROM submission ORDER BY id")
        return (
            phone,
            ids,
            values(engine, "SELECT code FROM cooperative"),
            dict(zip(ids, numbers, strict=True)),
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_each_is_one_record(seed: int, figure: Callable[[str], None]) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(1) as thread:
        phone, stored, records, numbers = thread.submit(one_life, seed).result()
    assert sorted(stored) == sorted(phone.ids), "lost or doubled"
    assert len(records) == len(set(records)) == len(phone.ids) == SUBMISSIONS
    taken = committed(phone.proxy)
    too_early = {name for name, (_, at) in phone.told.items() if name not in taken or at < taken[name]}
    assert too_early == set(), "called sent before it was"
    assert {name: number for name, (number, _) in phone.told.items()} == numbers
    given = {number: taken[name] for name, number in numbers.items()}
    assert phone.showed.keys() == given.keys(), "in the end each stands on the screen, and no other ever did"
    assert {number for number, at in phone.showed.items() if at < given[number]} == set(), "shown too early"
    faults = sum(count for fault, count in phone.proxy.counts.items() if fault is not Fault.PASS)
    figure(
        f"seed {seed}: {len(stored)} submissions, {faults} faults, "
        + ", ".join(f"{count} x {what}" for what, count in sorted(phone.happened.items()) if count)
        + f": {len(records)} records, 0 lost, 0 doubled, 0 told too early, {time.monotonic() - began:.0f} s"
    )
