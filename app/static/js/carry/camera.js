// The camera, looked through until somebody closes it. What it sees stays in this phone.

const PAUSE_MS = 120;
const PATIENCE_MS = 5e3; // a browser's own reader may be there and yet read nothing: ours takes its turn

/**
 * Show the camera in `video` and call `seen` with the text of every code, until the function it gives back is called.
 * @param {HTMLVideoElement} video
 * @param {() => Promise<(picture: ImageData) => string>} reader ours, fetched when it is needed
 * @param {(text: string) => void} seen
 * @param {(why: string) => void} failed denied, none or reader
 */
export function watch(video, reader, seen, failed) {
  let stream = null, over = false;
  const stop = () => {
    over = true;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  (async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (fault) {
      failed(fault.name === "NotAllowedError" ? "denied" : "none");
      return;
    }
    if (over) return stop();
    video.srcObject = stream;
    await video.play().catch(() => {});
    const own = await browsersReader();
    let read = own ? null : await ours(reader, failed), last = Date.now();
    while (!over && (own || read)) {
      const text = (own && await own(video).catch(() => "")) || (read && read(frame(video)));
      if (text && !over) {
        last = Date.now();
        seen(text);
      }
      if (!read && Date.now() - last > PATIENCE_MS) read = await ours(reader, () => {});
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  })();
  return stop;
}

const ours = (reader, failed) => reader().catch(() => { failed("reader"); return null; });

/** The phone's own reader, where it has one. @returns {Promise<null | ((source: ImageBitmapSource) => Promise<string>)>} */
export async function browsersReader() {
  try {
    const formats = await self.BarcodeDetector.getSupportedFormats();
    if (!formats.includes("qr_code")) return null;
    const detector = new self.BarcodeDetector({ formats: ["qr_code"] });
    return async (source) => ((await detector.detect(source))[0] || { rawValue: "" }).rawValue;
  } catch {
    return null;
  }
}

const canvas = document.createElement("canvas");

/** @param {HTMLVideoElement} video */
const frame = (video) => pixels(video, video.videoWidth || 1, video.videoHeight || 1);

/** @param {CanvasImageSource} source */
export function pixels(source, width, height) {
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}
