// What every page does. A behaviour starts at the elements that carry its data- name; what the phone cannot do stays
// away, and the page works without any of it. bundles/more.js, what nobody waits for, comes when all else is there.
import { begin } from "./start.js";
import { load } from "./load.js";
import { pickRegion } from "./region-picker.js";
import { keepThenSend } from "./outbox-form.js";
import { sendOnce } from "./submit-once.js";
import { takeSteps } from "./steps.js";

export function startPage() {
  const { more, worker } = document.currentScript.dataset;

  // A browser's own background sync only comes on top of these moments.
  const flush = (how) => { outbox.flush(how).catch(() => {}); };
  for (const moment of ["pageshow", "online", "visibilitychange"]) addEventListener(moment, () => flush());
  setInterval(() => flush({ timer: true }), 15e3);

  begin({
    "[data-steps]": takeSteps,
    "[data-region-picker]": pickRegion,
    "[data-outbox]": keepThenSend,
    "[data-once]:not([data-outbox])": sendOnce,
    "[data-summary]": (summary) => summary.focus(),
  });

  addEventListener("load", () => {
    const { serviceWorker } = navigator;
    if (serviceWorker && worker) serviceWorker.register(worker).catch(() => {}); // no storage, or no signal
    load(more).catch(() => {});
  });
}
