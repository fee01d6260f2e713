// The outbox: what was typed is kept on this phone before it is sent, and leaves it only on a receipt.
// Item: {id, address, title, version, at, sealed, reader, pairs, openUntil, owner, carried, state, tries, next, errors,
// message, no, url, doneAt}; state is waiting, needs_you, sign_in or done. "Sending" is never stored: whatever dies in
// the middle simply still waits. docs/offline.md tells the whole story.
import { inApp } from "../in-app-browser.js";
import { officeKey, seal } from "./seal.js";
import { changed, flush, list, outbox, send } from "./send.js";
import { meta, shelf, write } from "./store.js";

const WEEK = 7 * 864e5;

/** Is there a database here that takes something in? Not in private windows, some apps' browsers, on full phones. */
const ready = async () => !inApp && meta.put({ k: "probe" }).then(() => { officeKey(); return true; }, () => false);

const waits = (item) => ({ state: "waiting", tries: 0, next: 0, ...item });

/** Seal and store; the draft of that form goes in the same transaction, so nothing is kept twice or not at all. */
async function add({ id, address, title, version, filledAt: at, pairs, owner, keepOpen }) {
  const { sealed, reader } = await seal(address, id, pairs);
  const item = waits({
    id, address, title, version, at, sealed, reader, owner,
    pairs: keepOpen || !sealed ? pairs : null,
    openUntil: keepOpen ? Date.now() + WEEK : 0,
  });
  await write(["outbox", "draft"], (items, drafts) => {
    items.put(item);
    drafts.delete(address);
  });
  settle();
  return item;
}

/** Something waits from now on: ask the browser to wake the worker for it, and not to clear it away. */
function settle() {
  changed();
  if (!self.document) return;
  const { serviceWorker, storage } = navigator;
  if (serviceWorker) serviceWorker.ready.then(({ sync }) => sync && sync.register("outbox")).catch(() => {});
  if (storage && storage.persist) storage.persist().catch(() => {});
}

async function counts() {
  const found = { waiting: 0, problem: 0, done: 0 };
  for (const { state } of await list()) found[state in found ? state : "problem"] += 1;
  return found;
}

export const api = {
  inApp, ready, add, flush, send, list, counts, meta, write,
  get: outbox.get,
  put: (item) => outbox.put(item).then(settle),
  remove: (id) => outbox.remove(id).then(changed),
  draft: shelf("draft"),
};
