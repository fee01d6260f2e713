// Sends what waits, one item after the other. An item leaves the outbox only on a receipt: JSON, ok, and its own id
// (offline.md 1.3). Everything that is no answer of ours leaves it waiting.
import { ask } from "./ask.js";
import { seal } from "./seal.js";
import { alone, shelf, write } from "./store.js";

const PATIENCE = 45e3;
const LONGEST_PAUSE = 3e5;
const CARRIED = "/kiriman/titipan";

export const outbox = shelf("outbox");

/** All items, oldest first. */
export const list = async () => (await outbox.list()).sort((a, b) => a.at - b.at);

const channel = self.BroadcastChannel && new BroadcastChannel("kopukm");
const tell = () => dispatchEvent(new Event("outbox"));
if (channel) channel.onmessage = tell;

/** Something changed: listeners here, in other tabs and in the worker look again. */
export function changed() {
  tell();
  if (channel) channel.postMessage(0);
}

/**
 * Everything that waits. Ends at once when somebody else is at it, and at the first network error.
 * @param {{timer?: boolean}} [how] timer: pauses between attempts are kept
 */
export function flush({ timer } = {}) {
  return alone("outbox", false, async () => {
    for (const { id, state, next } of await list()) {
      const pause = next - Date.now(); // more than an hour: the clock was set back meanwhile
      const rests = timer && (state === "sign_in" || (pause > 0 && pause < 36e5));
      if (rests || (state !== "waiting" && state !== "sign_in")) continue;
      const sent = await alone("outbox " + id, false, () => attempt(id));
      if (sent && sent.offline) break;
    }
  });
}

/** This one, now. */
export const send = (id) => alone("outbox " + id, true, () => attempt(id));

/** Unless it was deleted or mended meanwhile: then what is known belongs to something that is no longer here. */
const amend = ({ id, at }, news) => write(["outbox"], (store) => {
  store.get(id).onsuccess = ({ target: { result } }) => {
    if (result && result.at === at) store.put({ ...result, ...news });
  };
});

/** @returns {Promise<any>} {state, errors?, values?, no?, url?, offline?}, or nothing when there is nothing to send */
async function attempt(id) {
  const item = await outbox.get(id);
  if (!item || item.state === "done") return item;
  if (!item.sealed && item.pairs) await close(item);
  const told = await post(item).catch(() => ({ offline: true }));
  const { values, offline, ...outcome } = told.state ? told : { ...told, ...later(item, told.wait) };
  await amend(item, outcome);
  changed();
  return { state: item.state, ...outcome, values, offline };
}

/** Seal what could not be sealed when it was written: the phone had no key yet. */
async function close(item) {
  const closed = await seal(item.address, item.id, item.pairs);
  if (!closed.sealed) return;
  Object.assign(item, closed, { pairs: item.openUntil ? item.pairs : null });
  await amend(item, item);
}

const later = ({ tries }, wait) => ({
  tries: tries + 1,
  next: Date.now() + Math.max(wait * 1e3 || 0, Math.min(LONGEST_PAUSE, 4e3 * 2 ** tries) * (0.5 + Math.random() / 2)),
});

async function post(item) {
  const { id, address, sealed, reader, pairs, owner, carried } = item;
  const headers = { Accept: "application/json", "Idempotency-Key": id, "X-Outbox": "1" };
  if (reader) headers["X-Reader"] = reader;
  if (owner) {
    // Never in the name of somebody else, and with the token of the session that is open now.
    const { status, data } = await ask("/sesi/token", { headers }, PATIENCE);
    if (status === 401 || (data && data.uid && data.uid !== owner)) return { state: "sign_in" };
    if (!data || !data.csrf) return {};
    headers["X-CSRFToken"] = data.csrf;
  }
  const body = new URLSearchParams(sealed ? [] : pairs);
  const frame = { submission_id: id, form_version: item.version, filled_at: item.at };
  if (sealed) frame.sealed = sealed;
  if (carried) frame.address = address;
  for (const name in frame) body.set(name, frame[name]);
  // In the language of the page that sends: the office's words and the link to the receipt come back in it.
  const language = /bahasa=\w+/.exec(location.search);
  const url = (carried ? CARRIED : address) + (language ? "?" + language : "");
  return judge(item, await ask(url, { method: "POST", headers, body }, PATIENCE));
}

/** What an answer means for the item: contract.md section 5. */
function judge({ id, owner }, { status, data, wait }) {
  if (!data) return { wait };
  if (data.ok && data.id === id && data.no) {
    const { no, url, replay } = data;
    return { sealed: null, reader: null, pairs: null, openUntil: 0, errors: null, state: "done", no, url, replay, doneAt: Date.now() };
  }
  if (data.ok !== false) return {};
  if (status === 401 || status === 403) return owner ? { state: "sign_in" } : {};
  // Refused for what it says; anything else may be otherwise in a while.
  if (status < 400 || status > 422) return { wait };
  const { errors, error, message, values } = data;
  return { state: "needs_you", errors, error, message, values };
}

