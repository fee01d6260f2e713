// The directory in the pocket: only the page /koperasi/saku loads it.
import * as format from "../pocket/format.js";
import { makeIndex } from "../pocket/search.js";
import { askedWords, wordsOf } from "../pocket/words.js";
import { startPocket } from "../pocket/page.js";

self.pocket = { ...format, makeIndex, askedWords, wordsOf }; // what tests and benchmarks measure is what the page uses
for (const element of document.querySelectorAll("[data-pocket]")) startPocket(element);
