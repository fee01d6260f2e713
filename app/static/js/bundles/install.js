// Offers to put the application on the home screen: only where the browser can, in two sentences, with what it takes;
// "Jangan tawarkan lagi" is for good. On an iPhone, where pages may not ask, a plain hint.

const KEY = "install";
const offer = document.querySelector("[data-install]");
const find = (name) => offer.querySelector(`[data-${name}]`);
const refused = () => localStorage.getItem(KEY) === "no";

/** What the worker keeps on this phone, as it came through the network. */
async function kilobytes() {
  let bytes = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith("kit-")) continue;
    const cache = await caches.open(name);
    for (const reply of await cache.matchAll()) bytes += Number(reply.headers.get("content-length"));
  }
  return Math.ceil(bytes / 1024);
}

function end() {
  offer.hidden = true;
}

if (offer && !refused()) {
  find("never").onclick = () => {
    localStorage.setItem(KEY, "no");
    end();
  };
  addEventListener("appinstalled", end);
  addEventListener("beforeinstallprompt", async (event) => {
    event.preventDefault(); // no bar of the browser's own
    if (!self.caches) return;
    const words = find("size");
    const size = await kilobytes();
    if (!size || refused()) return; // nothing is kept yet: nothing to promise
    words.textContent = words.dataset.size.replace("{kb}", String(size));
    const button = find("yes");
    button.hidden = false;
    button.onclick = async () => {
      event.prompt();
      const { outcome } = await event.userChoice;
      if (outcome === "accepted") end();
    };
    offer.hidden = false;
  });
  if (navigator.standalone === false) { // Safari on a phone, not on the home screen
    find("apple").hidden = offer.hidden = false;
  }
}
