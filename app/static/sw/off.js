// Sent as /sw.js with SERVICE_WORKER=off: takes the worker back from a phone. What waits in the outbox is the
// person's own (IndexedDB) and stays; pages that are open stay as they are until they are left.
addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
})()));
