// Bodies of the pocket directory (docs/offline-formats.md): columns into lines, a difference into what is kept.
// A line: place, name, code without "K-", four letters, two days; between tabs. The same as app/cooperatives/pocket_rules.py.

const CODE = 7;
const PARTS = 12;

/**
 * @typedef {{version: number, since: number, at: number, scope: string, sum: number, gone: string[], lines: string[],
 *   places: Record<string, string>}} Body   at: minutes since 1970
 * @param {string} text
 * @returns {Body} throws where it is no body of ours: the page of a hotspot, half an answer
 */
export function unpack(text) {
  const parts = text.split("\n");
  const [magic, version, since, at, scope, sum] = parts[0].split("\t");
  if (magic !== "saku1" || parts.length !== PARTS || !sum) throw new Error("not a directory");
  const places = {};
  const placeOf = placesOf(parts[2], parts[3], places);
  const [names, on, healthOn] = [parts[5], parts[10], parts[11]].map((column) => column.split("\t"));
  const codes = codesOf(parts[4]);
  if (codes.length !== placeOf.length || (codes.length && names.length !== codes.length)) throw new Error("torn");
  const lines = codes.map((code, i) => {
    const letters = parts[6][i] + parts[7][i] + parts[8][i] + parts[9][i];
    return [placeOf[i], names[i], code, letters, on[i], healthOn[i]].join("\t");
  });
  return { version: +version, since: +since, at: +at, scope, sum: parseInt(sum, 16), gone: codesOf(parts[1]), lines, places };
}

const codesOf = (text) => text.match(/.{7}/g) || [];

/** The place of each line; names of places come along. */
function placesOf(items, counts, names) {
  const found = [];
  const times = counts.split(" ");
  let kecamatan = "";
  let at = 0;
  for (const item of items ? items.split("\t") : []) {
    const blank = item.indexOf(" ");
    const code = blank < 0 ? item : item.slice(0, blank);
    if (code[0] === "=") {
      kecamatan = code.slice(1);
      names[kecamatan] = item.slice(blank + 1);
      continue;
    }
    const place = code === "-" ? kecamatan : `${kecamatan}.${code}`;
    if (blank > 0) names[place] = item.slice(blank + 1);
    for (let n = +times[at]; n > 0; n -= 1) found.push(place);
    at += 1;
  }
  return found;
}

/** The code in a line. */
export const codeOf = (line) => {
  const at = line.indexOf("\t", line.indexOf("\t") + 1) + 1;
  return line.slice(at, at + CODE);
};

/**
 * What is kept after `body`.
 * @param {string[]} kept lines @param {Body} body
 * @returns {string[]} throws when the sum says that it is not what the server has
 */
export function apply(kept, body) {
  const lines = new Map(body.since ? kept.map((line) => [codeOf(line), line]) : []);
  for (const code of body.gone) lines.delete(code);
  for (const line of body.lines) lines.set(codeOf(line), line);
  const after = [...lines.values()];
  if (checksum(after) !== body.sum) throw new Error("another sum");
  return after;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 of each line, all in one: the same in any order. */
export function checksum(lines) {
  const encoder = new TextEncoder();
  let sum = 0;
  for (const line of lines) {
    let crc = -1;
    for (const byte of encoder.encode(line)) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
    sum ^= ~crc;
  }
  return sum >>> 0;
}
