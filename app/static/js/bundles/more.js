// What nobody waits for, and what few pages need: page.js fetches it after all else.
import { begin } from "../start.js";
import { loadLater } from "../later.js";
import { askLookAlikes } from "../look-alikes.js";
import { showCost, showMonth } from "../page-cost.js";
import { fillBlock } from "../block.js";
import { keepReceipt, listReceipts } from "../receipts.js";
import { offerListening } from "../read-aloud.js";
import { offerLooking } from "../show-password.js";
import { share } from "../share.js";
import { countUnsent } from "../unsent.js";
import { keepSweeping } from "../sweep.js";
import { offerUpdate } from "../update.js";
import { countVisit } from "../visit.js";

begin({
  "[data-unsent]": countUnsent, // of earlier visits: this file is on the phone since the first
  "[data-keep]": keepReceipt,
  "[data-receipts]": listReceipts,
  "[data-look]": offerLooking,
  "[data-look-alikes]": askLookAlikes,
  "[data-share]": share,
  "[data-block]": fillBlock,
  "[data-listen]": offerListening,
  "[data-print]": (button) => { button.hidden = false; button.onclick = () => print(); },
  "[data-month-cost]": showMonth,
  "[data-later]": loadLater,
  "[data-update]": offerUpdate,
  "[data-page-cost]": showCost,
  "[data-visit]": countVisit,
});
keepSweeping();
