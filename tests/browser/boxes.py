"""A phone's box of kiriman, filled and looked into from outside."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.senders import until
from tests.factories.cooperatives import new_id, registration

BARE = """given => outbox.put({
  id: crypto.randomUUID(), address: '/koperasi/daftar', title: 'Pendaftaran koperasi', version: 1,
  at: Date.now() - 3.6e6, sealed: null, reader: null, pairs: null, openUntil: null, owner: null, carried: false,
  state: 'waiting', tries: 0, next: 0, errors: null, message: null, no: null, url: null, doneAt: null, ...given})"""
SEALED = """given => outbox.add({title: 'Pendaftaran koperasi', version: 1, filledAt: Date.now(), owner: null,
  keepOpen: false, ...given})"""
KEY = "outbox.ready().then(() => outbox.meta.get('key')).then(Boolean)"
KIT = """() => Promise.all(['/kotak-keluar', '/titipan'].map(page => caches.match(page)))
  .then(found => found.every(Boolean))"""
EVERYTHING = """async () => {
  const found = [];
  for (const {name} of await indexedDB.databases()) {
    const base = await new Promise(done => { indexedDB.open(name).onsuccess = e => done(e.target.result); });
    for (const store of base.objectStoreNames) found.push(await new Promise(done => {
      base.transaction(store).objectStore(store).getAll().onsuccess = e => done(e.target.result); }));
    base.close();
  }
  for (const name of await caches.keys()) for (const asked of await (await caches.open(name)).keys())
    found.push(asked.url, await (await (await caches.open(name)).match(asked)).text());
  return JSON.stringify([found, {...localStorage}, {...sessionStorage}, document.cookie]);
}"""


class Box:
    """The page /kotak-keluar on somebody's phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self) -> None:
        """The page, filled."""
        self.page.goto("/kotak-keluar")
        expect(self.page.locator("[data-wipe]")).to_be_visible()
        until(self.page, KEY)

    def is_installed(self) -> None:
        """The worker is in charge and has fetched everything, extras too; the office's key is there."""
        for there in ("Boolean(navigator.serviceWorker.controller)", KIT, KEY):
            until(self.page, there)

    def has_no_signal(self) -> None:
        """Until has_signal."""
        self.page.context.set_offline(True)

    def has_signal(self) -> None:
        """Again."""
        self.page.context.set_offline(False)

    def keeps(self, *, keep_open: bool = False, **fields: Any) -> str:
        """A registration as its form keeps it, sealed to the office; returns its id."""
        submission_id = new_id()
        pairs = [[name, str(value)] for name, value in registration(**fields).items()]
        given = {"id": submission_id, "address": "/koperasi/daftar", "pairs": pairs, "keepOpen": keep_open}
        self.page.evaluate(SEALED, given)
        return submission_id

    def holds(self, **item: Any) -> None:
        """An item in any state."""
        self.page.evaluate(BARE, item)

    def counts(self, *, waiting: int, problem: int = 0, done: int = 0) -> None:
        """What machines read."""
        element = self.page.locator("#outbox")
        for name, number in (("waiting", waiting), ("problem", problem), ("done", done)):
            expect(element).to_have_attribute(f"data-{name}", str(number))

    def item(self, submission_id: str) -> dict[str, Any] | None:
        """What the phone holds of it."""
        found: dict[str, Any] | None = self.page.evaluate("id => outbox.get(id)", submission_id)
        return found

    def presses(self, submission_id: str, name: str) -> None:
        """A button of one card; the ways of carrying are unfolded."""
        card = self.page.locator(f"article[data-id='{submission_id}']")
        expect(card.get_by_role("button", name="Hapus", exact=True)).to_be_visible()
        button = card.get_by_role("button", name=name, exact=True)
        if not button.is_visible():
            card.locator("summary").click()
        button.click()

    def text(self, submission_id: str) -> str:
        """The text that is shown for carrying."""
        self.presses(submission_id, "Tampilkan sebagai teks")
        area = self.page.locator("textarea")
        expect(area).to_have_value(re.compile(f"^KOPUKM1 .*{submission_id}"))
        return area.input_value()


def everything_stored(page: Page) -> str:
    """Every word in the storage of this browser for the page's site."""
    found: str = page.evaluate(EVERYTHING)
    return json.dumps(json.loads(found), ensure_ascii=False)
