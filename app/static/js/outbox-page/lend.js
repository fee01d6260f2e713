// A sealed submission shown so that somebody else can carry it: QR codes in turn, a text, a file.
import { toParts, toText } from "../carry/format.js";
import { load } from "../carry/load.js";
import { say } from "./words.js";

const TURN_MS = 2500;

/** The one panel of the page; it opens under the card that asked for it. */
export function lendingPanel(page) {
  const panel = page.querySelector("[data-lend]");
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const canvas = panel.querySelector("canvas");
  const area = panel.querySelector("textarea");
  const state = { id: "", parts: [], at: 0, turning: 0, lock: null };

  function open(item, card, which) {
    close();
    state.id = item.id;
    part("codes").hidden = which !== "codes";
    part("words").hidden = which !== "words";
    part("note").textContent = "";
    card.after(panel);
    panel.hidden = false;
    panel.focus();
  }

  function close() {
    clearInterval(state.turning);
    if (state.lock) state.lock.release().catch(() => {});
    Object.assign(state, { id: "", parts: [], at: 0, turning: 0, lock: null });
    panel.hidden = true;
  }

  function show() {
    const { parts, at } = state;
    paint(canvas, self.drawQr(parts[at]), panel.clientWidth);
    canvas.dataset.part = `${at + 1}/${parts.length}`;
    part("turn").textContent = parts.length > 1 ? say("turn", { n: at + 1, of: parts.length }) : say("once");
  }

  function turn(on) {
    clearInterval(state.turning);
    state.turning = on ? setInterval(next, TURN_MS) : 0;
    part("turn").setAttribute("aria-live", on ? "off" : "polite"); // nobody wants it read aloud every two seconds
    part("pause").textContent = say(on ? "pause" : "resume");
  }

  function next() {
    state.at = (state.at + 1) % state.parts.length;
    show();
  }

  part("next").onclick = () => { turn(false); next(); };
  part("pause").onclick = () => turn(!state.turning);
  part("copy").onclick = async () => { part("note").textContent = say(await copy(area) ? "copied" : "select"); };
  part("whatsapp").onclick = (event) => {
    if (!navigator.share) return;
    event.preventDefault();
    navigator.share({ text: area.value }).catch(() => {});
  };
  part("close").onclick = () => {
    const card = panel.previousElementSibling;
    close();
    if (card) card.querySelector("h2").focus();
  };
  addEventListener("resize", () => { if (state.parts.length) show(); });

  return {
    get id() { return state.id; },
    close,

    /** @returns {Promise<boolean>} whether a code is on the screen */
    async codes(item, card) {
      const parts = toParts(item);
      const drawer = page.getElementById("outbox").dataset.draw;
      open(item, card, "codes");
      const ready = parts.length && await load(drawer).then(() => true, () => false);
      part("codes").hidden = !ready;
      if (!ready) {
        part("note").textContent = say(parts.length ? "failed" : "long");
        return false;
      }
      if (state.id !== item.id) return false; // closed meanwhile
      state.parts = parts;
      for (const name of ["next", "pause"]) part(name).hidden = parts.length < 2;
      show();
      canvas.scrollIntoView({ block: "center" });
      turn(parts.length > 1 && !matchMedia("(prefers-reduced-motion: reduce)").matches);
      if (navigator.wakeLock) navigator.wakeLock.request("screen").then((lock) => { state.lock = lock; }, () => {});
      return true;
    },

    text(item, card) {
      open(item, card, "words");
      area.value = toText(item);
      part("whatsapp").href = "https://wa.me/?text=" + encodeURIComponent(area.value);
    },
  };
}

/**
 * Modules as whole pixels of the screen, as large as fits: a cheap camera needs every one of them.
 * @param {HTMLCanvasElement} canvas
 * @param {boolean[][]} modules
 */
function paint(canvas, modules, room) {
  const ratio = devicePixelRatio || 1;
  const count = modules.length;
  const size = Math.max(1, Math.floor(Math.min(room, 600) * ratio / count));
  canvas.width = canvas.height = size * count;
  canvas.style.cssText = `display:block;margin:0 auto;max-width:100%;width:${canvas.width / ratio}px`;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.width);
  pen.fillStyle = "#000";
  modules.forEach((row, y) => row.forEach((dark, x) => { if (dark) pen.fillRect(x * size, y * size, size, size); }));
}

/** @param {HTMLTextAreaElement} area */
async function copy(area) {
  area.select();
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** One line in a file of plain text; the name tells nothing about who sent it. */
export function saveFile(item) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toText(item) + "\n"], { type: "text/plain" }));
  link.download = `kiriman-${item.id.slice(0, 8)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
}
