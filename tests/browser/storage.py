"""What a browser keeps of a site, looked through for words that must not be there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

DUMP: Final = """async () => {
  const found = {localStorage: {...localStorage}, sessionStorage: {...sessionStorage}, cookie: document.cookie,
                 history: history.state, databases: {}, caches: {}};
  for (const {name} of await indexedDB.databases()) {
    const base = await new Promise((done, fault) => {
      const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); asked.onerror = fault; });
    const stores = found.databases[name] = {};
    for (const store of base.objectStoreNames) stores[store] = await new Promise(done => {
      base.transaction(store).objectStore(store).getAll().onsuccess = e => done(e.target.result); });
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name), kept = found.caches[name] = {};
    for (const asked of await cache.keys()) kept[asked.url] = await (await cache.match(asked)).text();
  }
  return found;
}"""


@dataclass(frozen=True)
class StorageDump:
    """Everything that the page's site keeps in this browser: IndexedDB, caches, local and session storage."""

    everything: dict[str, Any]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the outbox."""
        found: list[dict[str, Any]] = self.everything["databases"].get("kopukm", {}).get("outbox", [])
        return found

    @property
    def drafts(self) -> list[dict[str, Any]]:
        """What is being typed."""
        found: list[dict[str, Any]] = self.everything["databases"].get("kopukm", {}).get("draft", [])
        return found

    def traces(self, *canaries: str) -> list[str]:
        """Which of ``canaries`` stands anywhere but in drafts and in copies that the person asked for."""
        rest = json.loads(json.dumps(self.everything))
        ours = rest["databases"].get("kopukm", {})
        ours.pop("draft", None)
        for item in ours.get("outbox", []):
            if item.get("openUntil"):
                item["pairs"] = None
        text = json.dumps(rest, ensure_ascii=False)
        return [word for word in canaries if word in text]


def storage_dump(page: Page) -> StorageDump:
    """All storage of the browser for the page's site."""
    return StorageDump(page.evaluate(DUMP))
