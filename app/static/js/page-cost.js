// Says at the foot what this page cost in data: honest, and a reason to keep it small. The sum of the month stays on
// this phone: one number and the month, nothing else.

const KEY = "month";
const kilobytes = (words, bytes) => words.replace("{kb}", String(Math.ceil(bytes / 1024)));

/** Behind a service worker the browser tells the unpacked size; the worker writes the true one on the answer. */
function bytesOf({ serverTiming = [], transferSize = 0 }) {
  const sent = serverTiming.find(({ name }) => name === "sent");
  return sent ? sent.duration : transferSize;
}

function month(more) {
  const now = new Date().toISOString().slice(0, 7);
  const [then, bytes] = (localStorage.getItem(KEY) || "").split(" ");
  const sum = (then === now ? +bytes : 0) + more;
  if (more) localStorage.setItem(KEY, `${now} ${sum}`);
  return sum;
}

/** What the worker fetched at its installation belongs to the month, once; no page could see it. */
async function addKit() {
  const { outbox } = self;
  if (outbox) await outbox.write(["meta"], (store) => {
    store.getAll().onsuccess = ({ target }) => {
      for (const { k, bytes } of target.result) {
        if (!/^kit-/.test(k)) continue;
        month(bytes);
        store.delete(k);
      }
    };
  }).catch(() => {});
}

/** @param {HTMLElement} element data-page-cost: the sentence with {kb}, |, the one for a page that cost nothing */
export function showCost(element) {
  const [words, free] = element.dataset.pageCost.split("|");
  let counted = 0;
  function count() {
    const [page, ...parts] = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
    const bytes = parts.reduce((sum, part) => sum + bytesOf(part), bytesOf(page));
    const fromPhone = page.serverTiming && page.serverTiming.length;
    if (bytes || fromPhone) element.textContent = bytes ? kilobytes(words, bytes) : free;
    month(bytes - counted);
    counted = bytes;
  }
  addKit();
  setTimeout(count);
  addEventListener("pagehide", count); // what came later, such as results
}

/** @param {HTMLElement} element data-month-cost: the sentence with {kb}, hidden until there is something to say */
export function showMonth(element) {
  const show = () => {
    const bytes = month(0);
    element.textContent = kilobytes(element.dataset.monthCost, bytes);
    element.hidden = !bytes;
  };
  addKit().then(show);
}
