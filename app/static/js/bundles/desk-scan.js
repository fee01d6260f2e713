// The desk's page /petugas/titipan: what the camera reads is written into the text, one code a line.
import { watch } from "../carry/camera.js";
import { read } from "../carry/format.js";
import { load } from "../carry/load.js";

const section = document.querySelector("[data-desk-scan]");
const part = (name) => section.querySelector(`[data-${name}]`);
const area = document.getElementById(section.dataset.deskScan);
const seen = new Set();
let stop = null;

function close() {
  if (stop) stop();
  stop = null;
  part("looking").hidden = true;
  part("camera").hidden = false;
}

/** A code of ours is written down once; others are passed over. */
function take(text) {
  const code = text.trim();
  const { items, missing } = read(code);
  if (seen.has(code) || (!items.length && !missing.length)) return;
  seen.add(code);
  area.value += (area.value && !area.value.endsWith("\n") ? "\n" : "") + code + "\n";
  part("said").textContent = part("said").dataset.read.replace("{n}", seen.size);
  if (navigator.vibrate) navigator.vibrate(100);
}

section.hidden = !navigator.mediaDevices;
part("camera").onclick = () => {
  part("looking").hidden = false;
  part("camera").hidden = true;
  stop = watch(section.querySelector("video"), () => load(section.dataset.reader).then(() => self.readQr), take, () => {
    close();
    part("said").textContent = part("said").dataset.failed;
  });
};
part("stop").onclick = () => { close(); part("camera").focus(); };
addEventListener("pagehide", close);
