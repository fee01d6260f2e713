// Seals what was typed to the office's public key: from then on this phone cannot read it, whoever holds it.
// The format is contract.md section 6; the server's side is app/core/sealed_form.py.
import { ask } from "./ask.js";
import { meta } from "./store.js";

const DAY = 864e5;
const curve = { name: "ECDH", namedCurve: "P-256" };
const utf8 = (text) => new TextEncoder().encode(text);
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (...parts) => btoa(parts.map((part) => String.fromCharCode(...new Uint8Array(part))).join(""))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** The office's key: the one kept here, renewed after a day beside what is being done; or asked for now. */
export async function officeKey() {
  const kept = await meta.get("key");
  if (!kept) return fetchKey();
  if (Math.abs(Date.now() - kept.at) > DAY) fetchKey();
  return kept;
}

async function fetchKey() {
  const { data } = await ask("/kunci", {}, 8e3).catch(() => ({}));
  if (!data || !data.key) return null;
  const fresh = { k: "key", at: Date.now(), ...data };
  await meta.put(fresh);
  return fresh;
}

/**
 * @param {string} address path of the form
 * @param {string[][]} pairs names and values
 * @returns {Promise<{sealed?: string, reader?: string}>} nothing where this browser cannot seal
 */
export async function seal(address, id, pairs) {
  const { subtle } = crypto; // not in an insecure context
  const office = subtle && await officeKey();
  if (!office) return {};
  const own = await subtle.generateKey(curve, false, ["deriveBits"]);
  const theirs = await subtle.importKey("raw", fromText(office.key), curve, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const root = await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const derive = (info, bits) =>
    subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: utf8(""), info: utf8(info) }, root, bits);
  const lock = await subtle.importKey("raw", await derive("kopukm-submission", 256), "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const closed = await subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: utf8(address + id) }, lock, utf8(JSON.stringify([...pairs, ["reader", "1"]])),
  );
  return {
    sealed: toText([1, office.key_id], await subtle.exportKey("raw", own.publicKey), iv, closed),
    reader: toText(await derive("kopukm-reader", 128)),
  };
}
