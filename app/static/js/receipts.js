// The app looks after its own receipts: number, link and title stay on this phone when a receipt is opened, and are
// shown again at home and on the status page. Nothing personal is kept, and one tap clears them.

const KEY = "receipts";
const KEPT = 20;

/** @returns {{number: string, url: string, title: string}[]} newest first */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "[]");
  } catch {
    return [];
  }
}

/** @param {HTMLElement} element data-receipt, data-keep (link), data-title */
export function keepReceipt(element) {
  const { receipt: number, keep: url, title } = element.dataset;
  const others = read().filter((one) => one.number !== number);
  localStorage.setItem(KEY, JSON.stringify([{ number, url, title }, ...others].slice(0, KEPT)));
}

/** @param {HTMLElement} section hidden until there is something to show */
export function listReceipts(section) {
  const list = section.querySelector("ul");
  for (const { number, url, title } of read()) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link, ` ${number}`);
    list.append(item);
  }
  section.hidden = !list.childElementCount;
  const clear = section.querySelector("button");
  clear.onclick = () => {
    if (!confirm(clear.dataset.ask)) return;
    localStorage.removeItem(KEY);
    section.hidden = true;
  };
}
