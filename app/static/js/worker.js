// The service worker (static/sw/): registered when the page has everything it needs itself. A newer one waits until the
// person takes it; where something is being filled in, it is not even offered.

/** @param {HTMLElement} notice data-worker, hidden: "Versi baru." with a button "Muat ulang" */
export function keepWorker(notice) {
  const workers = navigator.serviceWorker;
  if (!workers) return;

  function offer(waiting) {
    if (!waiting || document.querySelector("main form[method=post]")) return;
    notice.hidden = false;
    notice.querySelector("button").onclick = () => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("skip");
    };
  }

  async function register() {
    const registration = await workers.register("/sw.js").catch(() => null); // no storage, or no signal
    if (!registration) return;
    if (workers.controller) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh.addEventListener("statechange", () => {
        if (fresh.state === "installed" && workers.controller) offer(fresh);
      });
    });
  }

  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}
