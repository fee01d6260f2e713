// Draws QR codes; fetched only when somebody wants one.
import { encodeQR } from "qr";

/** The modules of `text` in alphanumeric mode, true for dark, with a quiet zone of four. */
self.drawQr = (text) => encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", border: 4 });
