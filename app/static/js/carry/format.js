// How a sealed submission is written so that another phone, or the desk, can carry it: a line of text, or the parts of
// QR codes (docs/offline-formats.md). app/offline/carried_rules.py reads the same; a test compares the two.

/** @typedef {{address: string, id: string, version: number, at: number, sealed: string}} Carried */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:";
const BASE = DIGITS.length;
const HEAD = 25;
const ADDRESS = "/(?!/)[A-Za-z0-9/_.~-]{0,254}";
const LINE = new RegExp("KOPUKM1\\s+(" + ADDRESS + ")\\s+([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
  + "\\s+(\\d{1,5})\\s+(\\d{1,15})\\s+([A-Za-z0-9_-]{100,})(?!\\S)", "g");
const PART = /KU1\/([1-9])\/([1-9])\/([0-9A-F]{8})\/([0-9A-Z$+\-.:]+)(?!\S)/g;
/** More characters than this in one QR are hard to read from one cheap phone by another (docs/offline-formats.md). */
export const MOST_CHARACTERS = 900;
export const MOST_PARTS = 9;

/**
 * The line of text of a submission.
 * @param {Carried} item
 */
export function toText(item) {
  return ["KOPUKM1", item.address, item.id, item.version, item.at, item.sealed].join(" ");
}

/**
 * The texts of its QR codes, or an empty list when it is too long for them.
 * @param {Carried} item
 * @returns {string[]}
 */
export function toParts(item, most = MOST_CHARACTERS) {
  const content = pack(item);
  const digits = digitsOf(content);
  const room = most - "KU1/1/1/00000000/".length;
  const of = Math.ceil(digits.length / room);
  if (of > MOST_PARTS) return [];
  const each = Math.ceil(digits.length / of);
  const check = crc32(content);
  return Array.from({ length: of }, (_, n) => `KU1/${n + 1}/${of}/${check}/${digits.slice(n * each, (n + 1) * each)}`);
}

/**
 * Everything that texts carry. Hand over all that was read so far: parts may come in any order and again.
 * @param {string} text
 * @returns {{items: Carried[], missing: {have: number[], of: number}[], damaged: number}}
 */
export function read(text) {
  const items = new Map(), sets = new Map(), missing = [];
  let damaged = 0;
  for (const [, address, id, version, at, sealed] of text.matchAll(LINE)) {
    items.set(id.toLowerCase(), { address, id: id.toLowerCase(), version: +version, at: +at, sealed });
  }
  for (const [, part, of, check, chunk] of text.matchAll(PART)) {
    if (+part > +of) continue;
    const key = of + check;
    if (!sets.has(key)) sets.set(key, { of: +of, check, chunks: new Map() });
    sets.get(key).chunks.set(+part, chunk);
  }
  for (const { of, check, chunks } of sets.values()) {
    const have = [...chunks.keys()].sort();
    if (have.length < of) {
      missing.push({ have, of });
      continue;
    }
    const item = unpack(bytesOf(have.map((n) => chunks.get(n)).join("")), check);
    if (item) items.set(item.id, item);
    else damaged += 1;
  }
  return { items: [...items.values()], missing, damaged };
}

/** @param {Carried} item */
function pack(item) {
  const sealed = atob(item.sealed.replace(/-/g, "+").replace(/_/g, "/"));
  const { address } = item;
  const content = new Uint8Array(HEAD + address.length + sealed.length);
  item.id.replace(/-/g, "").match(/../g).forEach((hex, n) => { content[n] = parseInt(hex, 16); });
  put(content, 16, 2, item.version);
  put(content, 18, 6, item.at);
  content[24] = address.length;
  for (let n = 0; n < address.length; n++) content[HEAD + n] = address.charCodeAt(n);
  for (let n = 0; n < sealed.length; n++) content[HEAD + address.length + n] = sealed.charCodeAt(n);
  return content;
}

/** @returns {Carried | null} null when it is damaged */
function unpack(content, check) {
  if (!content || crc32(content) !== check || content.length <= HEAD) return null;
  const end = HEAD + content[24];
  const address = String.fromCharCode(...content.subarray(HEAD, end));
  if (!new RegExp(`^${ADDRESS}$`).test(address) || content.length <= end) return null;
  const hex = Array.from(content.subarray(0, 16), (byte) => (byte + 256).toString(16).slice(1)).join("");
  let sealed = "";
  for (const byte of content.subarray(end)) sealed += String.fromCharCode(byte);
  return {
    address,
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    version: number(content, 16, 2),
    at: number(content, 18, 6),
    sealed: btoa(sealed).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""),
  };
}

function put(content, start, length, value) {
  for (let n = length - 1, rest = value; n >= 0; n--, rest = Math.floor(rest / 256)) content[start + n] = rest % 256;
}

function number(content, start, length) {
  return content.subarray(start, start + length).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Base 41: three digits for two bytes, two for a last one. */
function digitsOf(content) {
  let digits = "";
  for (let n = 0; n < content.length; n += 2) {
    const pair = n + 1 < content.length;
    const value = pair ? content[n] * 256 + content[n + 1] : content[n];
    if (pair) digits += DIGITS[Math.floor(value / BASE / BASE)];
    digits += DIGITS[Math.floor(value / BASE) % BASE] + DIGITS[value % BASE];
  }
  return digits;
}

/** @returns {Uint8Array | null} null when it is no base 41 */
function bytesOf(digits) {
  const content = [];
  for (let n = 0; n < digits.length; n += 3) {
    const group = [...digits.slice(n, n + 3)];
    const value = group.reduce((sum, digit) => sum * BASE + DIGITS.indexOf(digit), 0);
    if (group.length < 2 || value >= (group.length === 3 ? 65536 : 256)) return null;
    if (group.length === 3) content.push(value >> 8);
    content.push(value & 255);
  }
  return Uint8Array.from(content);
}

/** CRC-32 as zlib counts it, eight capital hexadecimal digits. */
function crc32(content) {
  let crc = -1;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, "0").toUpperCase();
}
