// Builds the look into the folder named on the command line (tools/assets.py calls it).
//   node tools/build-assets.mjs OUT FINGERPRINT
// Makes app.css (inlined into every page), form.css (instead of it in pages that only ask), desk.css (linked on the desk),
// app.js (pages and the service worker), the scripts of js/bundles, off.js (takes the worker back), htmx.js and the
// icons, each with a hash of its content in its name, and manifest.json: { fingerprint, files: { "app.js": "app-0A1B2C3D.js" } }.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import * as esbuild from "esbuild";
import { minify } from "terser";

const [out, fingerprint] = process.argv.slice(2);
if (!out || !fingerprint) throw new Error("usage: node tools/build-assets.mjs OUT FINGERPRINT");

const SOURCES = "app/static";
const TARGET = ["chrome80", "firefox78", "safari14.1"]; // phones of the villages, eight years back
/** @type {Record<string, string>} */
const files = {};

const SHORT = { ecma: 2020, toplevel: true, compress: { passes: 3 }, format: { comments: false } }; // for terser

/** Write `bytes` under a name that changes with its content. */
function put(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(out, hashed), bytes);
  files[name] = hashed;
}

/**
 * The sheets of these folders in the order of their names, each without its `@layer name { }` wrapper: browsers before
 * 2022 drop whole layers, and the villages' phones would see no style at all. The order of the files is the order of
 * the layers, and selectors stay simple enough for both to mean the same (tests/house/test_assets.py compares).
 */
function joinSheets(folders) {
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const sheets = paths.filter((path) => path.endsWith(".css"));
  sheets.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  return sheets.map((path) => withoutLayer(path, readFileSync(path, "utf8"))).join("\n");
}

/** Name of the built sheet -> folders of its parts. form.css is for pages that only ask: they carry a third less. */
const SHEETS = { "app.css": ["css", "css/records"], "form.css": ["css"], "desk.css": ["css/desk"] };

function withoutLayer(name, text) {
  const found = /^\s*(?:\/\*[^]*?\*\/\s*)?@layer [a-z]+ \{([^]*)\}\s*$/.exec(text);
  if (!found) throw new Error(`${name}: one comment, then one @layer with everything inside`);
  return found[1];
}

async function buildStyles() {
  for (const [name, folders] of Object.entries(SHEETS)) {
    const sheet = joinSheets(folders.map((folder) => join(SOURCES, folder)));
    const { code } = await esbuild.transform(sheet, { loader: "css", minify: true, target: TARGET });
    put(name, code.trim().replace(/(--[a-z]+): /g, "$1:")); // esbuild leaves that space alone
  }
}

/**
 * app.js, what every page and the service worker load; each file of js/bundles/ as one more script. esbuild joins the
 * modules and lowers them to what old phones know; terser makes 5 % less of it than esbuild alone, as sent.
 */
async function buildScripts() {
  const bundles = readdirSync(join(SOURCES, "js", "bundles")).filter((name) => name.endsWith(".js"));
  const entries = [join(SOURCES, "js", "app.js"), ...bundles.map((name) => join(SOURCES, "js", "bundles", name))];
  entries.push(join(SOURCES, "sw", "off.js"));
  for (const entry of entries) {
    const built = await esbuild.build({
      entryPoints: [entry],
      bundle: true, minify: true, format: "iife", target: TARGET, legalComments: "none", outdir: out, write: false,
    });
    const { code } = await minify(built.outputFiles[0].text, SHORT);
    put(basename(entry), code);
  }
  put("htmx.js", readFileSync("node_modules/htmx.org/dist/htmx.min.js"));
}

function copyImages() {
  const folder = join(SOURCES, "img");
  for (const name of readdirSync(folder).filter((file) => /\.(svg|png)$/.test(file))) {
    put(name, readFileSync(join(folder, name)));
  }
}

mkdirSync(out, { recursive: true });
await buildStyles();
await buildScripts();
copyImages();
writeFileSync(join(out, "manifest.json"), JSON.stringify({ fingerprint, files }, null, 1) + "\n");
