// A newer service worker (static/sw/) waits until the person takes it; where something is being filled in, it is not
// even offered.

/** @param {HTMLElement} notice data-update, hidden: "Versi baru." with a button "Muat ulang" */
export async function offerUpdate(notice) {
  const workers = navigator.serviceWorker;
  if (!workers || document.querySelector("main form[method=post]")) return;

  function offer(waiting) {
    if (!waiting) return;
    notice.hidden = false;
    notice.querySelector("button").onclick = () => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("skip");
    };
  }

  const registration = await workers.ready;
  if (workers.controller) offer(registration.waiting);
  const follow = (fresh) => fresh && fresh.addEventListener("statechange", () => {
    if (fresh.state === "installed" && workers.controller) offer(fresh);
  });
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
}
