// The service worker: events only. What happens to a request stands in rules.js, how in strategies.js.
// /sw.js says self.KIT = { version, kit, extras, title } and fetches app.js, which starts it (app/offline/precache.py).
// No navigation preload: it would fetch the very pages that the phone has already.
import { rule } from "./rules.js";
import { clean, flush, install } from "./strategies.js";

export function startWorker() {
  addEventListener("install", (event) => event.waitUntil(install()));

  addEventListener("activate", (event) => event.waitUntil(clean().then(() => clients.claim())));

  addEventListener("fetch", (event) => {
    const answer = rule(event.request);
    if (answer) event.respondWith(answer(event));
  });

  // The page asks for it when the person taps "Muat ulang"; until then a new worker waits.
  addEventListener("message", (event) => {
    if (event.data === "skip") skipWaiting();
  });

  addEventListener("sync", (event) => {
    if (event.tag === "outbox") event.waitUntil(flush());
  });
}
