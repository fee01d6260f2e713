// The table: the first line that fits a request says what is done with it; `leave`: the browser goes on by itself.
import { BUILT, fromKit, fromNetwork, keepForLater, networkThenKept } from "./strategies.js";

const leave = null;

// Never kept, whatever their headers say: what is meant for one person only.
const PERSONAL = /^\/(masuk|keluar|ganti-pengguna|akun|sesi|kiriman|petugas|tautan|tanda-terima|status)\b/;

/** @param {Request} request */
export function rule({ url, method, mode, headers }) {
  const { origin, pathname, search } = new URL(url);
  const page = mode === "navigate";
  const personal = PERSONAL.test(pathname);
  const fragment = headers.has("HX-Request"); // no page, although its address is one

  return [
    [origin !== location.origin || fragment || headers.has("Range"), leave],
    [method === "POST" && page && !personal, keepForLater],
    [method !== "GET", leave],
    [personal, page ? fromNetwork : leave],
    [KIT.kit.includes(pathname + search) || BUILT.test(pathname), fromKit],
    [page, networkThenKept],
    [true, leave],
  ].find(([fits]) => fits)[1];
}
