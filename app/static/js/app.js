// Every page loads this one file. A behaviour starts at the elements that carry its data- name; what the phone
// cannot do stays away, and the page works without any of it.
import { askLookAlikes } from "./look-alikes.js";
import { begin } from "./start.js";
import { pickRegion } from "./region-picker.js";
import { keepThenSend } from "./outbox-form.js";
import { sendOnce } from "./submit-once.js";
import { loadLater } from "./later.js";
import { loadMore } from "./load-more.js";
import { showCost, showMonth } from "./page-cost.js";
import { takeSteps } from "./steps.js";
import { countUnsent } from "./unsent.js";
import { keepWorker } from "./worker.js";

begin({
  "[data-steps]": takeSteps,
  "[data-region-picker]": pickRegion,
  "[data-look-alikes]": askLookAlikes,
  "[data-outbox]": keepThenSend,
  "[data-once]:not([data-outbox])": sendOnce,
  "[data-page-cost]": showCost,
  "[data-month-cost]": showMonth,
  "[data-later]": loadLater,
  "[data-unsent]": countUnsent,
  "[data-worker]": keepWorker,
  "[data-summary]": (summary) => summary.focus(),
});
loadMore();
