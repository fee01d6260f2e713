// Takes a neighbour's sealed submission along: by camera, photo, file or text. It then waits in this phone's outbox,
// unreadable here, and whoever of the two gets a signal first delivers it.
import { learn, say } from "../outbox-page/words.js";
import { watch } from "./camera.js";
import { read } from "./format.js";
import { load } from "./load.js";
import { readPhoto } from "./photo.js";

/** @param {Document} page */
export async function offerCarrying(page) {
  const section = page.querySelector("[data-carry]");
  const part = (name) => section.querySelector(`[data-${name}]`);
  const { outbox } = self;
  learn(page.querySelector("[data-sentences]"));
  section.hidden = false;
  const tell = (name, gaps) => {
    const words = say(name, gaps);
    if (part("said").textContent !== words) part("said").textContent = words;
  };
  if (!outbox || !await outbox.ready()) {
    part("camera").hidden = section.querySelector("details").hidden = true;
    tell("unkept");
    return;
  }
  const reader = () => load(section.dataset.reader).then(() => self.readQr);
  const take = taker(outbox, tell, () => {
    part("taken").hidden = false;
    close();
    if (navigator.vibrate) navigator.vibrate(200);
  });

  let stop = null;
  function close() {
    if (stop) stop();
    stop = null;
    part("looking").hidden = true;
    part("camera").hidden = false;
  }
  function give(why) {
    close();
    section.querySelector("details").open = true;
    tell(why);
  }
  part("camera").onclick = () => {
    if (!navigator.mediaDevices) return give("none");
    part("looking").hidden = false;
    part("camera").hidden = true;
    tell("aim");
    const seen = (text) => take(text, { strange: "strange", part: "part" });
    stop = watch(section.querySelector("video"), reader, seen, give);
  };
  section.querySelector("video").onplaying = ({ target }) => target.scrollIntoView({ block: "nearest" });
  part("stop").onclick = () => { close(); part("camera").focus(); };
  addEventListener("pagehide", close);

  const area = page.getElementById("teks");
  part("take").onclick = async () => {
    if (await take(area.value, { strange: "wrong", part: "lacks" })) area.value = "";
  };
  page.getElementById("berkas").onchange = ({ target }) => each(target, async (file) => {
    await take(await file.text(), { strange: "wrong", part: "lacks" });
  });
  page.getElementById("foto").onchange = ({ target }) => each(target, async (file) => {
    const text = await readPhoto(file, reader).catch((fault) => fault.message === section.dataset.reader ? null : "");
    if (text) await take(text, { strange: "strange", part: "lacks" });
    else tell(text === null ? "reader" : "unread");
  });
}

/** One file after the other; the same may be chosen again. */
async function each(input, work) {
  for (const file of [...input.files]) await work(file);
  input.value = "";
}

/** Whoever has it keeps what there is; but what the office could not take may come again, whole or mended. */
const taking = (item, known) => !known
  || (known.carried && known.state !== "done" && (known.state === "needs_you" || known.at < item.at));

/** Gives a function that takes a text in and remembers the parts that were read before. */
function taker(outbox, tell, taken) {
  const parts = new Set();
  const stored = new Set();
  return async (text, { strange, part }) => {
    if (/^KU1\//.test(text.trim())) parts.add(text.trim());
    const found = read([text, ...parts].join("\n"));
    const fresh = found.items.filter(({ id, sealed }) => !stored.has(id + sealed));
    if (fresh.length) {
      let added = 0;
      for (const item of fresh) {
        stored.add(item.id + item.sealed);
        if (!taking(item, await outbox.get(item.id))) continue;
        await outbox.put({ ...item, title: "", carried: true, state: "waiting", tries: 0, next: 0 });
        added += 1;
      }
      parts.clear();
      tell(added > 1 ? "several" : added ? "taken" : "known", { n: added });
      taken();
      outbox.flush().catch(() => {});
      return true;
    }
    if (found.items.length) tell("known");
    else if (found.damaged) { parts.clear(); tell("damaged"); }
    else if (found.missing.length) tell(part, { n: found.missing[0].have.length, of: found.missing[0].of });
    else tell(strange);
    return found.items.length > 0;
  };
}
