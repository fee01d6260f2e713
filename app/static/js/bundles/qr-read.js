// Reads QR codes in pictures where the browser cannot by itself; fetched only when a camera or a photo is opened.
import decodeQR from "qr/decode.js";

/**
 * @param {ImageData} picture
 * @returns {string} text of the code, or "" when none is found
 */
self.readQr = (picture, patience = 60) => {
  try {
    return decodeQR(picture, { timeLimit: patience });
  } catch {
    return "";
  }
};
