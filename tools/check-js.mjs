// Checks the JavaScript of the look: it parses, speaks the language of the oldest phones we promise, shows no text
// of its own (words come translated from the page), and keeps to what the security policy allows.
//   node tools/check-js.mjs        exit 1 and one line per fault
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

const FOLDER = "app/static/js";
const FORBIDDEN = [
  [/\beval\(|new Function\(|setTimeout\(\s*["'`]/, "text run as code"],
  [/\.setAttribute\(\s*["']style/, "style attribute"],
  [/\bvar\s/, "var"],
  [/[^=!]==[^=]|!=[^=]/, "loose comparison"],
  [/https?:\/\//, "address of another host"],
  [/\b(alert)\(/, "alert box"],
];

const faults = [];
for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".js")).sort()) {
  const path = join(FOLDER, name);
  const text = readFileSync(path, "utf8");
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
  for (const [pattern, why] of FORBIDDEN) if (pattern.test(code)) faults.push(`${path}: ${why}`);
  if (!/^\/\/ /.test(text)) faults.push(`${path}: first line says what the file is for`);
  try {
    const { warnings } = await esbuild.transform(text, { target: ["chrome80", "firefox78", "safari14.1"] });
    for (const { text: why, location } of warnings) faults.push(`${path}:${location?.line}: ${why}`);
  } catch (problem) {
    for (const { text: why, location } of problem.errors) faults.push(`${path}:${location?.line}: ${why}`);
  }
}
for (const fault of faults) console.error(fault);
process.exit(faults.length ? 1 : 0);
