// What the worker can do with a request, by name, and what it keeps: `kit-<version>`, fetched in one piece at install
// and never written again; `visited`, the public pages seen last and the built files that they name.
import { FRAME } from "../js/drafts.js";

const kitName = () => `kit-${KIT.version}`;
const VISITED = "visited";
const MOST_VISITED = 40;
const PATIENCE = 5000; // a kept page comes when the network takes longer
export const BUILT = /^\/static\//;

/** An answer of our own server that may be kept. A page of ours says so by Vary; that of a hotspot does not. */
function keepable({ ok, redirected, headers }, page) {
  const says = (name, words) => `${headers.get(name)}`.includes(words);
  return ok && !redirected && !says("cache-control", "no-store")
    && (says("vary", "HX-Request") || !(page || says("content-type", "html")));
}

const kept = (address, cacheName = kitName()) => caches.match(address, { cacheName, ignoreVary: true });

async function keep(request, reply) {
  const ring = await caches.open(VISITED);
  await ring.put(request, reply);
  for (const old of (await ring.keys()).slice(0, -MOST_VISITED)) await ring.delete(old);
}

/** `reply` with the bytes it took from the network written on it: behind a worker a page cannot see that itself. */
function priced(reply, bytes = reply.headers.get("content-length"), body = reply.body) {
  if (reply.type !== "basic") return reply; // a redirection
  const told = new Response(body, reply);
  told.headers.set("server-timing", `sent;dur=${bytes}`);
  return told;
}

/** A kept page. Its form gets an id and a time of its own, or two people would share one submission; where a browser
 * makes no ids, the server will. */
async function handOut(reply) {
  const html = await reply.text();
  const id = crypto.randomUUID ? crypto.randomUUID() : "";
  return priced(reply, 0, html
    .replace(/(name="submission_id"[^>]*value=")[^"]*/, `$1${id}`)
    .replace(/(name="filled_at"[^>]*value=")[^"]*/, `$1${Date.now()}`));
}

const withoutSignal = () => kept("/luring").then(handOut);

/** All of the kit or nothing, as a stranger. With Save-Data the extras come when they are used. */
export async function install() {
  const cache = await caches.open(kitName());
  const { connection = {} } = navigator;
  const fetched = KIT.kit.concat(connection.saveData ? [] : KIT.extras).map(async (address) => {
    const reply = await fetch(address, { cache: BUILT.test(address) ? "default" : "no-cache", credentials: "omit" });
    if (!keepable(reply)) throw Error(address);
    await cache.put(address, reply);
  });
  await Promise.all(fetched).catch((fault) => caches.delete(kitName()).then(() => { throw fault; }));
  // What it took: the next page adds it to the sum of the month (js/page-cost.js).
  const bytes = performance.getEntriesByType("resource").reduce((sum, { transferSize }) => sum + transferSize, 0);
  await outbox.meta.put({ k: kitName(), bytes }).catch(() => {});
}

/** Kits of other versions go; what was visited stays. */
export async function clean() {
  for (const name of await caches.keys()) if (name !== kitName() && name !== VISITED) await caches.delete(name);
}

/** For one person only: never kept. */
export const fromNetwork = ({ request }) => fetch(request).then((reply) => priced(reply), withoutSignal);

/** From the kit, without asking anybody; from the network what is not in it, or was cleared away. */
export async function fromKit(event) {
  const { request } = event;
  const reply = await kept(request.url) || await kept(request.url, VISITED);
  if (reply) return request.mode === "navigate" ? handOut(reply) : reply;
  const fetched = await fetch(request);
  if (keepable(fetched)) event.waitUntil(keep(request, fetched.clone()));
  return priced(fetched);
}

/** The newest page; the kept one when the network fails or is slow; else what can be done without signal. */
export async function networkThenKept(event) {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  const old = await kept(request.url, VISITED) || await kept(pathname);
  const network = fetch(request).then((reply) => {
    if (old && reply.status > 501) throw reply; // a proxy speaks, not we
    // What somebody searched for is nobody's business.
    if (/^(\?bahasa=..)?$/.test(search) && keepable(reply, true)) event.waitUntil(keep(request, reply.clone()));
    return priced(reply);
  });
  event.waitUntil(network.catch(() => {})); // also what comes too late is kept
  if (!old) return network.catch(withoutSignal);
  const slow = new Promise((resolve, reject) => setTimeout(reject, PATIENCE));
  return Promise.race([network, slow]).catch(() => handOut(old));
}

/** A form sent by a page whose scripts did not come. Without network it goes into the outbox under its own id. */
export async function keepForLater({ request }) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (fault) {
    const pairs = [...await copy.formData()];
    const { submission_id: id, form_version: version, filled_at: filledAt } = Object.fromEntries(pairs);
    // No pictures, and no form on its way: a button of the plain way asks for the next choices, not for a receipt.
    const whole = pairs.every(([name, value]) => name !== "tahap" && (value.trim || !value.size));
    if (!id || !whole || !await outbox.ready()) throw fault;
    await outbox.add({
      id, version, filledAt: +filledAt || Date.now(), address: new URL(request.url).pathname, title: KIT.title,
      pairs: pairs.filter(([name, value]) => value.trim && !FRAME.includes(name)),
    });
    if (registration.sync) registration.sync.register("outbox");
    return Response.redirect("/kotak-keluar", 303);
  }
}

/** Background Sync. What is left makes the browser try again later. */
export async function flush() {
  await outbox.flush();
  if ((await outbox.counts()).waiting) throw Error("later");
}
