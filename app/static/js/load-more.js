// bundles/more.js is fetched only where it has something to do: by its names, or where the phone has a voice that could
// read aloud.
import { load } from "./load.js";

const NAMES = "[data-keep],[data-receipts],[data-look],[data-share],[data-print]";
const { more } = document.currentScript.dataset;

export function loadMore() {
  const voices = document.querySelector("[data-listen]") && self.speechSynthesis;
  let asked = null;
  const fetchIt = () => { asked = asked || load(more).catch(() => {}); };
  if (document.querySelector(NAMES) || (voices && voices.getVoices().length)) fetchIt();
  else if (voices) voices.onvoiceschanged = fetchIt;
}
