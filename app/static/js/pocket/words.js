// Names as words, in the one spelling that the server's search uses (app/registry/words_of_names.py, search_rules.py;
// tests/browser/test_pocket.py compares both).

const NUMERALS = Object.fromEntries(
  ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"].map((roman, at) => [roman, `${at + 1}`]));
const LONG_EMPTY = ["koperasi", "kelurahan", "kecamatan", "kabupaten"];
const set = (text) => new Set(text.split(" "));
export const EMPTY = set("koperasi kop kopr koprasi desa ds kelurahan kel kecamatan kec kabupaten kab dan di");
const KDMP = set("kdmp kkmp kdkmp kopdes kopkel kopdeskel kopdesmp kopdesmerahputih");
const BEFORE_MERAH = new Set([...KDMP, ..."desa ds kelurahan kel koperasi kop".split(" ")]);
const PHRASES = `ksp simpan pinjam|kspps simpan pinjam pembiayaan syariah|kspps simpan pinjam dan pembiayaan syariah
|usp unit simpan pinjam|ksu serba usaha|kud unit desa|kpri pegawai republik indonesia|kpn pegawai negeri|kopkar karyawan
|kopwan wanita|koppas pasar|kopma mahasiswa|koptan tani|koppontren pondok pesantren|bmt baitul maal tamwil
|bmt baitul maal wat tamwil`.split("|").map((line) => line.trim().split(" ").map(evenOut));
const OTHER = { kopwanita: "kopwan", kopkaryawan: "kopkar", petani: "tani", primkop: "primer", primkoperasi: "primer" };
const MOST = 40;

function evenOut(word) {
  const start = word.startsWith("tj") ? `c${word.slice(2)}` : word;
  return start.replace(/oe/g, "u").replace(/dj/g, "j").replace(/([a-z])\1+/g, "$1");
}

/** Every word of `text` in order and in one spelling: "K.S.P. Jum'at II" is ksp, jumat, 2. */
export function wordsOf(text) {
  const plain = text.slice(0, 300).replace(/['`\u2018\u2019\u02bc]/g, "").normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  const words = [];
  let initials = false;
  for (const token of plain.match(/[a-z]+|[0-9]+/g) || []) {
    const single = /^[a-z]$/.test(token);
    if (single && initials) words[words.length - 1] += token;
    else words.push(token);
    initials = single;
  }
  return words.map(oneSpelling);
}

function oneSpelling(token, at) {
  if (/^\d/.test(token)) return token.replace(/^0+/, "").slice(0, MOST) || "0";
  if (at && NUMERALS[token]) return NUMERALS[token];
  const empty = token.length > 6 && LONG_EMPTY.find((word) => word === token || isOneAway(word, token));
  if (empty) return empty;
  const even = evenOut(token).slice(0, MOST);
  return OTHER[even] || even;
}

/** True when one typing error leads from `a` to `b`: another, missing, additional or swapped letter. */
export function isOneAway(a, b) {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const more = long.length - short.length;
  if (more > 1 || a === b) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (more) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
}

const phraseAt = (words, phrase) =>
  words.findIndex((_, i) => phrase.every((word, j) => words[i + j] === word)) >= 0;

/** The words that a name is found by: its own, what abbreviations in it stand for, and the other way round. */
export function namedWords(name) {
  const words = wordsOf(name);
  const found = new Set(words.filter((word) => !EMPTY.has(word)));
  for (const [short, ...phrase] of PHRASES) {
    if (found.has(short)) phrase.forEach((word) => found.add(word));
    else if (phraseAt(words, phrase)) found.add(short);
  }
  if (namesKdmp(words)) {
    for (const word of KDMP) found.delete(word);
    for (const word of ["kdmp", "merah", "putih"]) found.add(word);
  }
  for (const word of EMPTY) found.delete(word);
  return found;
}

function namesKdmp(words) {
  if (words.some((word) => KDMP.has(word))) return true;
  const at = words.findIndex((word, i) => word === "merah" && words[i + 1] === "putih");
  return at >= 0 && (BEFORE_MERAH.has(words[at - 1]) || ["desa", "kelurahan"].includes(words[at + 2]));
}

/** What a question asks for: telling words, each once, at most eight. */
export function askedWords(text) {
  const words = wordsOf(text.slice(0, 120));
  const last = words[words.length - 1];
  if (last && last.length > 3 && LONG_EMPTY.some((word) => word.startsWith(last))) words.pop();
  const kept = words.filter((word) => !EMPTY.has(word)).map((word) => (KDMP.has(word) ? "kdmp" : word));
  return [...new Set(kept)].slice(0, 8);
}
