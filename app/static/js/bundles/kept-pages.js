// For the kept pages that need a script of their own. /luring: the public pages that this phone keeps, and how much waits
// here. /bagikan: the text that was shared.
import { showShared } from "../shared-text.js";

const section = document.querySelector("[data-kept-pages]");

/** @param {Response} reply @returns {string} the heading of a kept page */
async function titleOf(reply) {
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return page.querySelector("h1") ? page.querySelector("h1").textContent : "";
}

async function list() {
  const found = new Map();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const { pathname, search } = new URL(url);
      const reply = await cache.match(url, { ignoreVary: true });
      if (!`${reply.headers.get("content-type")}`.includes("html")) continue;
      found.set(pathname + search, await titleOf(reply));
    }
  }
  const items = section.querySelector("ul");
  for (const [address, title] of found) {
    if (!title || title === document.querySelector("h1").textContent) continue;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    items.append(item);
  }
  section.hidden = !items.childElementCount;
}

async function countWaiting() {
  const words = document.querySelector("[data-waiting-words]");
  const { waiting, problem } = await self.outbox.counts();
  if (waiting + problem) words.textContent = words.dataset.waitingWords.replace("{n}", String(waiting + problem));
}

if (section && self.caches) list();
if (section && self.outbox) countWaiting().catch(() => {});
for (const place of document.querySelectorAll("[data-shared]")) showShared(place);
