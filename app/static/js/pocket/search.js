// Searching the directory on the phone. Every word asked for is compared with every word of the names once (there are
// few thousand different ones); a record counts for what its best words tell, rare words more than frequent ones.
import { askedWords, EMPTY, isOneAway, namedWords, wordsOf } from "./words.js";

const PLACE = 0.6; // a word of the place tells less than one of the name
const EXACT = 1, BEGUN = 0.8, NEAR = 0.7, PART = 0.4;
const NEARLY = 0.7; // of the best: what is shown beside it
const REMEMBERED = 60;

/**
 * @param {string[]} lines of the directory @param {Record<string, string>} places code -> name
 * @returns {(text: string, kecamatan: string) => {rows: number[], exact: boolean}} positions in `lines`, best first
 */
export function makeIndex(lines, places) {
  const ids = new Map(); // word -> its number
  const words = [];
  const postings = []; // for each word: record, weight, record, weight ...
  const sizes = new Float32Array(lines.length); // words of the name
  const placed = {};

  const post = (word, record, weight) => {
    let id = ids.get(word);
    if (id === undefined) {
      id = words.push(word) - 1;
      ids.set(word, id);
      postings.push([]);
    }
    postings[id].push(record, weight);
  };
  const placeWords = (code) => {
    placed[code] = placed[code] || new Set(wordsOf(`${places[code] || ""} ${places[code.slice(0, 8)] || ""}`));
    return placed[code];
  };
  lines.forEach((line, record) => {
    const cut = line.indexOf("\t");
    const named = namedWords(line.slice(cut + 1, line.indexOf("\t", cut + 1)));
    sizes[record] = named.size;
    for (const word of named) post(word, record, 1);
    for (const word of placeWords(line.slice(0, cut))) {
      if (!named.has(word) && !EMPTY.has(word)) post(word, record, PLACE);
    }
  });

  /** Words of the directory that may be meant by `asked`, each with how surely. */
  const meant = (asked, last) => {
    const letters = /^[a-z]{3,}$/.test(asked);
    const found = [];
    words.forEach((word, id) => {
      const sure = word === asked ? EXACT
        : last && asked.length > 1 && word.startsWith(asked) ? BEGUN
        : letters && (asked.length > 3 || word.length > 3) && isOneAway(asked, word) ? NEAR : 0;
      if (sure) found.push([id, sure]);
    });
    if (!found.length && letters) words.forEach((word, id) => { if (word.includes(asked)) found.push([id, PART]); });
    return found;
  };
  const known = new Map();
  const remembered = (asked, last) => {
    const key = asked + (last ? "*" : "");
    if (!known.has(key)) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, meant(asked, last));
    }
    return known.get(key);
  };

  /** The words asked for, with a blank more or less where that makes known words of unknown ones. */
  const read = (asked) => {
    const strange = (word) => !ids.has(word) && /^[a-z]+$/.test(word);
    return asked.flatMap((word, at) => {
      if (strange(word) && ids.has(word + asked[at + 1])) return [word + asked[at + 1]];
      if (at && strange(asked[at - 1]) && ids.has(asked[at - 1] + word)) return [];
      for (let cut = 3; strange(word) && cut < word.length - 2; cut += 1) {
        if (ids.has(word.slice(0, cut)) && ids.has(word.slice(cut)) && !remembered(word).length) {
          return [word.slice(0, cut), word.slice(cut)];
        }
      }
      return [word];
    });
  };

  const score = (asked) => {
    const scores = new Float32Array(lines.length);
    const best = new Float32Array(lines.length);
    asked.forEach((word, at) => {
      best.fill(0);
      for (const [id, sure] of remembered(word, at === asked.length - 1)) {
        const list = postings[id];
        const telling = sure * Math.log(1 + (2 * lines.length) / list.length);
        for (let i = 0; i < list.length; i += 2) best[list[i]] = Math.max(best[list[i]], telling * list[i + 1]);
      }
      for (let record = 0; record < best.length; record += 1) scores[record] += best[record];
    });
    return scores;
  };

  return (text, kecamatan) => {
    const inside = (record) => !kecamatan || lines[record].startsWith(kecamatan);
    const asked = read(askedWords(text));
    if (!asked.length) return { rows: [...lines.keys()].filter(inside), exact: true };
    const scores = score(asked);
    let most = 0;
    for (let record = 0; record < scores.length; record += 1) {
      if (scores[record] > most && inside(record)) most = scores[record];
    }
    const rows = [];
    for (let record = 0; record < scores.length; record += 1) {
      if (most && scores[record] >= most * NEARLY && inside(record)) rows.push(record);
    }
    const order = (record) => scores[record] - 0.05 * sizes[record];
    rows.sort((a, b) => order(b) - order(a) || a - b);
    return { rows, exact: asked.every((word) => ids.has(word)) };
  };
}
