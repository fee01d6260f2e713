// A photo of a code: large pictures are read small first, because that is quick and mostly enough.
import { browsersReader, pixels } from "./camera.js";

const SIDES = [1000, 1600, 2400];
const PATIENCE_MS = 400;

/**
 * @param {File} file
 * @param {() => Promise<(picture: ImageData, patience: number) => string>} reader
 * @returns {Promise<string>} text of the code, or ""
 */
export async function readPhoto(file, reader) {
  const picture = await createImageBitmap(file);
  const own = await browsersReader();
  const found = own && await own(picture).catch(() => "");
  if (found) return found;
  const read = await reader();
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const text = read(
      pixels(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)), PATIENCE_MS,
    );
    if (text || scale === 1) return text;
  }
  return "";
}
