// The page of the directory in the pocket: fetch it once at a touch, search it without signal, fetch what changed.
// Every figure is told before anything is fetched; every sentence comes from the page.
import { apply, unpack } from "./format.js";
import { makeIndex } from "./search.js";
import { clear, list, put } from "./store.js";

const SHOWN = 20;
const HOUR = 3600e3;
const BY_ITSELF = 10 * 1024; // more is asked for first
const PATIENCE = 45e3;
const TYPING = 60;
const UNKNOWN = ["", "plain"]; // a letter of a newer format

/** @param {HTMLElement} root data-pocket: address of the list; data-profile: start of a profile's address; data-say */
export async function startPocket(root) {
  const part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
  const say = JSON.parse(root.dataset.say);
  const days = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "Asia/Jakarta" });
  const hours = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const kb = (bytes) => number(Math.max(0.1, Math.round(bytes / 102.4) / 10));
  const tell = (sentence) => { part.status.textContent = sentence; part.status.hidden = !sentence; };

  let pieces = [];
  let lines = [];
  let places = {};
  let find = null;

  /** Read what is kept; false where this browser keeps nothing. */
  async function load() {
    pieces = await list();
    lines = pieces.flatMap(({ text }) => (text ? text.split("\n") : []));
    places = Object.assign({}, ...pieces.map((piece) => piece.places));
    find = pieces.length ? makeIndex(lines, places) : null;
    show();
  }

  // --- fetching ---------------------------------------------------------------------------------------------------

  const addressOf = (scope, since) => `${root.dataset.pocket}?wilayah=${scope}&sejak=${since}`;

  async function ask(scope, since, method) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(addressOf(scope, since), { method, credentials: "omit", cache: "no-cache", signal: stop.signal });
      const text = await answer.text();
      if (!answer.ok || !/^text\/plain/.test(answer.headers.get("content-type"))) throw new Error(answer.status);
      return { text, bytes: +answer.headers.get("content-length") };
    } finally {
      clearTimeout(clock);
    }
  }

  /** Fetch `scope`, or what changed since `piece`. Bytes that it took. A copy whose sum is wrong is fetched anew. */
  async function take(scope, piece) {
    const { text, bytes } = await ask(scope, piece ? piece.version : 0, "GET");
    const body = unpack(text);
    if (body.scope !== scope) throw new Error(body.scope);
    let after;
    try {
      after = apply(piece && piece.text ? piece.text.split("\n") : [], body);
    } catch (fault) {
      if (!body.since) throw fault;
      return bytes + await take(scope, null);
    }
    const needless = scope === root.dataset.everywhere ? pieces.map((one) => one.scope).filter((one) => one !== scope) : [];
    await put({
      scope, version: body.version, at: body.at, seen: Date.now(), text: after.sort().join("\n"),
      places: { ...(body.since ? piece.places : {}), ...body.places },
    }, needless);
    return bytes;
  }

  const costs = async (wanted) => {
    const answers = await Promise.all(wanted.map(([scope, since]) => ask(scope, since, "HEAD")));
    return answers.reduce((sum, { bytes }) => sum + bytes, 0);
  };

  async function busy(button, work) {
    button.disabled = true;
    try {
      await work();
    } catch (fault) {
      console.error(fault);
      tell(fault.name === "QuotaExceededError" ? say.full : say.failed);
    }
    button.disabled = false;
  }

  // --- showing ----------------------------------------------------------------------------------------------------

  function show() {
    const some = pieces.length > 0;
    part.manage.hidden = !some;
    part.about.hidden = !some;
    if (some) {
      const oldest = new Date(Math.min(...pieces.map((piece) => piece.at)) * 6e4);
      const areas = pieces.map(({ scope }) => (scope === root.dataset.everywhere ? say.everywhere : `Kec. ${places[scope] || scope}`));
      part.about.textContent = fill(say.about, {
        when: `${days.format(oldest)} ${hours.format(oldest)}`, records: number(lines.length), areas: areas.join(", "),
      });
      part.more.append(part.fetch);
      part.fetch.hidden = pieces.some(({ scope }) => scope === root.dataset.everywhere);
    } else {
      part.first.append(part.fetch);
      part.fetch.hidden = false;
    }
    search();
  }

  function search() {
    const { cari, kecamatan } = part.search.elements;
    part.results.textContent = "";
    part.count.textContent = "";
    if (!find || !(cari.value.trim() || kecamatan.value)) return;
    const { rows, exact } = find(cari.value, kecamatan.value);
    part.count.textContent = rows.length
      ? fill(exact ? say.found : say.nearly, { records: number(rows.length), shown: Math.min(SHOWN, rows.length) }) : say.nothing;
    part.results.dataset.total = rows.length;
    part.results.append(...rows.slice(0, SHOWN).map((row) => card(lines[row])));
  }

  const made = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name || "" });
  const dayOf = (text) => (text ? days.format(new Date(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T12:00Z`)) : "");

  function placeOf(code) {
    const kecamatan = `Kec. ${places[code.slice(0, 8)]}`;
    return code.length > 8 ? `${code[9] === "1" ? "Kelurahan" : "Desa"} ${places[code]}, ${kecamatan}` : kecamatan;
  }

  function card(line) {
    const [place, name, code, letters, on, healthOn] = line.split("\t");
    const box = made("div", "", "card");
    box.dataset.record = `K-${code}`;
    const link = made("a", name);
    link.href = `${root.dataset.profile}${code}`;
    const head = made("h2", "");
    head.append(link);
    const where = made("p", placeOf(place));
    where.append(made("br", ""), made("span", say.type[letters[0]] || "", "soft"));
    const [activity, kind] = say.activity[letters[1]] || UNKNOWN;
    const what = made("p", "");
    what.append(made("span", activity, `tag ${kind}`), " ", made("small", [say.source[letters[2]], dayOf(on)].filter(Boolean).join(", "), "soft"));
    if (letters[3] !== "n") {
      const [health, colour] = say.health[letters[3]] || UNKNOWN;
      what.append(" ", made("span", health, `tag ${colour}`), " ", made("small", dayOf(healthOn), "soft"));
    }
    box.append(head, where, what);
    return box;
  }

  // --- touches ----------------------------------------------------------------------------------------------------

  const { scope } = part.fetch.elements;
  const button = part.fetch.querySelector("button");

  async function price() {
    const chosen = scope.value;
    part.cost.textContent = say.asking;
    button.hidden = true;
    try {
      const bytes = await costs([[chosen, 0]]);
      if (chosen !== scope.value) return;
      part.cost.textContent = fill(say.cost, { kb: kb(bytes) });
      button.hidden = false;
    } catch {
      part.cost.textContent = say.noSignal;
    }
  }

  async function update() {
    const wanted = pieces.map((piece) => [piece.scope, piece.version]);
    let bytes = 0;
    for (const [area] of wanted) bytes += await take(area, pieces.find((piece) => piece.scope === area));
    await load();
    tell(fill(say.updated, { kb: kb(bytes) }));
  }

  /** Opened with signal, an hour after the last time: small differences come by themselves, large ones when touched. */
  async function offerUpdate() {
    const saving = navigator.connection && navigator.connection.saveData;
    if (!pieces.length || navigator.onLine === false || pieces.every(({ seen }) => Math.abs(Date.now() - seen) < HOUR)) return;
    const bytes = await costs(pieces.map((piece) => [piece.scope, piece.version]));
    part.update.textContent = fill(say.update, { kb: kb(bytes) });
    if (bytes <= BY_ITSELF && !saving) await update();
    else tell(fill(say.newer, { kb: kb(bytes) }));
  }

  part.fetch.onsubmit = (event) => {
    event.preventDefault();
    busy(button, async () => {
      tell(say.fetching);
      const bytes = await take(scope.value, null);
      await load();
      tell(fill(say.kept, { kb: kb(bytes) }));
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    });
  };
  part.update.onclick = () => busy(part.update, update);
  part.remove.onclick = () => busy(part.remove, async () => {
    if (!confirm(part.remove.dataset.ask)) return;
    await clear();
    await load();
    tell(say.removed);
    price();
  });
  let typing = 0;
  part.search.oninput = () => { clearTimeout(typing); typing = setTimeout(search, TYPING); };
  part.search.onsubmit = (event) => {
    if (!find) return; // the look-up of the server answers
    event.preventDefault();
    search();
  };

  for (const option of part.search.elements.kecamatan.options) {
    if (option.value) scope.add(new Option(`Kec. ${option.text}`, option.value));
  }
  scope.onchange = price;
  try {
    await load();
  } catch (fault) {
    console.error(fault);
    return; // nothing can be kept here: the page stays as it is without script
  }
  part.plain.hidden = true;
  root.dataset.pocketReady = "";
  const asked = new URLSearchParams(location.search);
  if (asked.get("cari")) part.search.elements.cari.value = asked.get("cari");
  search();
  if (!part.fetch.hidden) price();
  offerUpdate().catch(() => {});
}
