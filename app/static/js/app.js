// Every page loads this one file. A behaviour starts at the elements that carry its data- name; what the phone
// cannot do stays away, and the page works without any of it.
import { askLookAlikes } from "./look-alikes.js";
import { keepReceipt, listReceipts } from "./receipts.js";
import { offerListening } from "./read-aloud.js";
import { pickRegion } from "./region-picker.js";
import { offerLooking } from "./show-password.js";
import { keepThenSend } from "./outbox-form.js";
import { sendOnce } from "./submit-once.js";
import { share } from "./share.js";
import { loadLater } from "./later.js";
import { showCost, showMonth } from "./page-cost.js";
import { takeSteps } from "./steps.js";
import { countUnsent } from "./unsent.js";
import { keepWorker } from "./worker.js";

/** @type {Record<string, (element: any) => void>} selector -> what starts there */
const BEHAVIOURS = {
  "[data-steps]": takeSteps,
  "[data-region-picker]": pickRegion,
  "[data-look-alikes]": askLookAlikes,
  "[data-outbox]": keepThenSend,
  "[data-once]:not([data-outbox])": sendOnce,
  "[data-keep]": keepReceipt,
  "[data-receipts]": listReceipts,
  "[data-look]": offerLooking,
  "[data-share]": share,
  "[data-listen]": offerListening,
  "[data-page-cost]": showCost,
  "[data-month-cost]": showMonth,
  "[data-later]": loadLater,
  "[data-unsent]": countUnsent,
  "[data-print]": (button) => { button.hidden = false; button.onclick = () => print(); },
  "[data-worker]": keepWorker,
  "[data-summary]": (summary) => summary.focus(),
};

/** @type {Record<string, WeakSet<Element>>} one element may have several behaviours */
const started = {};

/** Start all behaviours inside `root`, each element once. A fault of one must not stop the others. */
function start(root) {
  for (const selector in BEHAVIOURS) {
    const here = started[selector] = started[selector] || new WeakSet();
    for (const element of root.querySelectorAll(selector)) {
      if (here.has(element)) continue;
      here.add(element);
      try {
        BEHAVIOURS[selector](element);
      } catch (fault) {
        console.error(selector, fault);
      }
    }
  }
}

start(document);
addEventListener("htmx:load", () => start(document));
