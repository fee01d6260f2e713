// Starts behaviours at the elements that carry their names.
/** @type {Map<string, WeakSet<Element>>} one element may have several behaviours */
const started = new Map();

/** Start all `behaviours` (selector -> what starts there), each element once. A fault of one must not stop the others. */
function start(behaviours) {
  for (const selector in behaviours) {
    const here = started.get(selector) || new WeakSet();
    started.set(selector, here);
    for (const element of document.querySelectorAll(selector)) {
      if (here.has(element)) continue;
      here.add(element);
      try {
        behaviours[selector](element);
      } catch (fault) {
        console.error(selector, fault);
      }
    }
  }
}

/** Now, and in whatever HTMX brings. @param {Record<string, (element: any) => void>} behaviours */
export function begin(behaviours) {
  start(behaviours);
  addEventListener("htmx:load", () => start(behaviours));
}
