// What waits on this phone. Drawn anew whenever the outbox changes, here, in another tab or in the worker; what stays
// keeps its place, its open parts and the focus.
import { labelsFor } from "./labels.js";
import { lendingPanel, saveFile } from "./lend.js";
import { storyOf } from "./story.js";
import { learn, say } from "./words.js";
import { offerWipe } from "./wipe.js";

const UNDO_MS = 1e4;
const LENT = "lent:";

/** @param {Document} page */
export async function showBox(page) {
  const { outbox } = self;
  const box = page.getElementById("outbox");
  learn(page.querySelector("[data-sentences]"));
  if (!outbox || !await outbox.ready()) {
    tell(box, say("unkept"));
    return;
  }
  const view = { page, box, outbox, cards: new Map(), gone: new Map(), panel: lendingPanel(page), uid: undefined };
  view.enter = box.querySelector("[data-enter-all]").textContent;
  view.draw = oneAtATime(() => draw(view));
  addEventListener("outbox", view.draw);
  addEventListener("online", () => { view.uid = undefined; });
  setInterval(view.draw, 15e3);
  box.querySelector("[data-send-all]").onclick = (event) => sendAll(view, event.currentTarget);
  offerWipe(page.querySelector("[data-wipe]"), outbox, view.draw);
  await view.draw();
}

/** `work`, never twice at a time; asked for meanwhile, once more afterwards. */
function oneAtATime(work) {
  let running = null, again = false;
  return function run() {
    again = true;
    running = running || (async () => {
      while (again) {
        again = false;
        await work();
      }
    })().finally(() => { running = null; });
    return running;
  };
}

function tell(box, sentence) {
  const said = box.querySelector("[data-said]");
  said.hidden = !sentence;
  said.textContent = sentence;
}

async function draw(view) {
  const { box, outbox, cards, gone } = view;
  const items = await outbox.list();
  const lent = await lentTimes(view, items);
  const uid = await signedIn(view, items);
  const shown = items.sort((a, b) => (a.state === "done") - (b.state === "done") || b.at - a.at);
  const deleted = [...gone.values()].map(({ item }) => item).filter((item) => !shown.some(({ id }) => id === item.id));
  const order = [...shown, ...deleted];
  for (const [id, card] of cards) if (!order.some((item) => item.id === id)) drop(view, id, card);
  let before = null;
  for (const item of order) {
    const card = cards.get(item.id) || add(view, item.id);
    if (!gone.has(item.id)) {
      const foreign = Boolean(item.owner) && item.owner !== uid;
      fill(card, item, storyOf(item, {
        foreign, own: box.dataset.own.split(" "), lent: lent[item.id], labels: await labelsFor(item),
      }));
    }
    if (!card.isConnected) before ? last(before).after(card) : box.querySelector("[data-items]").prepend(card);
    before = card;
  }
  const counts = await outbox.counts();
  for (const name in counts) box.dataset[name] = counts[name];
  box.querySelector("[data-empty]").hidden = order.length > 0;
  box.querySelector("[data-send-all]").hidden = counts.waiting < 2;
  // Ten cards that all ask for the same: asked once, on top.
  const asleep = items.filter(({ owner, state }) => owner && state !== "done" && (owner !== uid || state === "sign_in"));
  const enter = box.querySelector("[data-enter-all]");
  enter.hidden = asleep.length < 2;
  put(enter, view.enter.replace("{n}", String(asleep.length)));
}

/** The card, or the panel that is open under it. */
function last(card) {
  const next = card.nextElementSibling;
  return next && next.matches("[data-lend]") ? next : card;
}

/** When the codes of which items were shown; what belongs to no item any more is forgotten. */
async function lentTimes({ outbox, gone }, items) {
  const times = {};
  for (const { k, at } of await outbox.meta.list()) {
    if (!k.startsWith(LENT)) continue;
    const id = k.slice(LENT.length);
    if (items.some((item) => item.id === id) || gone.has(id)) times[id] = at;
    else await outbox.meta.remove(k);
  }
  return times;
}

/** Who is signed in here, asked only when an officer's item lies in the box. */
async function signedIn(view, items) {
  if (view.uid === undefined && items.some(({ owner }) => owner)) {
    view.uid = await fetch("/sesi/token", { headers: { Accept: "application/json", "X-Outbox": "1" } })
      .then((answer) => (answer.ok ? answer.json() : {})).then(({ uid }) => uid || null, () => undefined);
  }
  return view.uid;
}

function add(view, id) {
  const card = view.page.querySelector("template[data-item]").content.firstElementChild.cloneNode(true);
  card.dataset.id = id;
  card.addEventListener("click", (event) => {
    const asked = event.target.closest("button[data-do]");
    if (asked) DEEDS[asked.dataset.do](view, id, card, asked);
  });
  view.cards.set(id, card);
  return card;
}

/** @param {HTMLElement} card */
function fill(card, item, story) {
  card.dataset.state = item.state;
  put(card.querySelector("h2"), story.title);
  const badge = card.querySelector(".tag");
  badge.className = "tag " + story.kind;
  put(badge, story.badge);
  const list = card.querySelector("[data-story]");
  if (list.innerText !== story.sentences.join("\n")) list.replaceChildren(...story.sentences.map(line));
  const number = card.querySelector("[data-number]");
  number.hidden = !story.number;
  put(number.querySelector(".number"), story.number || "");
  for (const button of card.querySelectorAll("[data-do]")) button.hidden = !story.deeds.includes(button.dataset.do);
  card.querySelector("details").hidden = !story.deeds.includes("lend");
  card.querySelector("[data-do=mend]").href = `${item.address}#kiriman=${item.id}`;
  card.querySelector("[data-do=again]").href = item.address;
  card.querySelector("[data-do=receipt]").href = item.url || "/";
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

function drop({ cards, panel }, id, card) {
  if (panel.id === id) panel.close();
  const held = card.contains(document.activeElement);
  card.remove();
  cards.delete(id);
  if (held) document.getElementById("isi").focus();
}

const DEEDS = {
  async send(view, id, card, button) {
    await busy(button, async () => say_(card, await outcome(view, id)));
  },

  /** Gone from this phone at once; for a while this page alone still has it. A receipt needs no way back. */
  async remove(view, id, card) {
    const { outbox, gone, page, draw: again } = view;
    const item = await outbox.get(id);
    if (!item || item.state === "done") {
      await outbox.remove(id);
      return;
    }
    const undo = page.querySelector("template[data-undo]").content.firstElementChild.cloneNode(true);
    if (view.panel.id === id) view.panel.close();
    card.replaceWith(undo);
    view.cards.set(id, undo);
    const end = () => { gone.delete(id); again(); };
    gone.set(id, { item, timer: setTimeout(end, UNDO_MS) });
    await outbox.remove(id);
    const button = undo.querySelector("button");
    button.focus();
    button.onclick = async () => {
      clearTimeout(gone.get(id).timer);
      gone.delete(id);
      undo.replaceWith(card);
      view.cards.set(id, card);
      await outbox.put(item);
      card.querySelector("h2").focus();
    };
  },

  async forget({ outbox }, id) {
    const item = await outbox.get(id);
    if (item && item.sealed) await outbox.put({ ...item, pairs: null, openUntil: null });
  },

  async lend(view, id, card) {
    const item = await view.outbox.get(id);
    if (item && await view.panel.codes(item, card)) await lend(view, id);
  },

  async text(view, id, card) {
    const item = await view.outbox.get(id);
    if (!item) return;
    view.panel.text(item, card);
    await lend(view, id);
  },

  async file(view, id) {
    const item = await view.outbox.get(id);
    if (!item) return;
    saveFile(item);
    await lend(view, id);
  },
};

DEEDS.save = DEEDS.file; // where carrying is no way, the file stands alone

/** Somebody may carry it from now on: said beside it, and remembered for when it turns out to have arrived. */
async function lend({ outbox, draw: again }, id) {
  await outbox.meta.put({ k: LENT + id, at: Date.now() });
  await again();
}

/** What came of sending one, in words; nothing where its card tells it anyway. */
async function outcome({ outbox, draw: again }, id) {
  const told = await outbox.send(id);
  await again();
  return told && told.state === "waiting" ? say("offline") : "";
}

function say_(card, sentence) {
  const said = card.querySelector("[data-said]");
  if (said) put(said, sentence);
}

async function busy(button, work) {
  if (button.disabled) return;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = say("sending");
  try {
    await work();
  } finally {
    button.textContent = words;
    button.disabled = false;
  }
}

/** One after the other; a wrong one does not stop the next, a missing network does. */
function sendAll(view, button) {
  return busy(button, async () => {
    tell(view.box, "");
    for (const { id, state } of await view.outbox.list()) {
      if (state !== "waiting") continue;
      const sentence = await outcome(view, id);
      if (sentence) {
        tell(view.box, sentence);
        break;
      }
    }
  });
}
