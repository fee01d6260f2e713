// What few pages need; app.js fetches it where one of the names below stands in the page.
import { begin } from "../start.js";
import { keepReceipt, listReceipts } from "../receipts.js";
import { offerListening } from "../read-aloud.js";
import { offerLooking } from "../show-password.js";
import { share } from "../share.js";

begin({
  "[data-keep]": keepReceipt,
  "[data-receipts]": listReceipts,
  "[data-look]": offerLooking,
  "[data-share]": share,
  "[data-listen]": offerListening,
  "[data-print]": (button) => { button.hidden = false; button.onclick = () => print(); },
});
