// A block that is as of now for who only looks at it: it asks for itself again, and never while somebody is at it. What
// is under a finger, in focus, typed or opened stays; the link that stands in the block does the same by hand.

const REST_MS = 3e3; // a finger that was just there is about to come again
let touched = 0;
for (const kind of ["pointerdown", "pointermove", "touchstart", "keydown", "wheel", "scroll", "input"]) {
  addEventListener(kind, () => { touched = Date.now(); }, { capture: true, passive: true });
}

/** Is something in it otherwise than the server sent it? */
const changed = ({ type, value, defaultValue, checked, defaultChecked, options }) => (
  options ? [...options].some(({ selected, defaultSelected }, place) => selected !== defaultSelected && place)
    : /radio|checkbox/.test(type) ? checked !== defaultChecked
      : type !== "hidden" && value !== defaultValue
);

/** @param {Element} box */
const isAtRest = (box) => !document.hidden && Date.now() - touched > REST_MS
  && !box.contains(document.activeElement)
  && !document.querySelector("dialog[open]") && !box.querySelector("details[open]")
  && ![...box.querySelectorAll("input,select,textarea")].some(changed);

/**
 * @param {HTMLAnchorElement} link data-fresh: after how many seconds; data-seen: the version that is shown; data-quiet:
 *   asking does not keep its person signed in; data-lost: what is said while nothing comes
 */
export function keepFresh(link) {
  const { fresh, seen, quiet, lost } = link.dataset;
  const box = document.querySelector(link.getAttribute("hx-target"));
  const line = link.parentElement.querySelector("[role=status]");
  const headers = { "HX-Request": "true", "HX-Target": box.id, "X-Seen": seen };
  if (quiet !== undefined) headers["X-By-Itself"] = "1";
  let due = Date.now() + fresh * 1e3;

  const ask = async () => {
    const answer = await fetch(link.href, { headers, redirect: "manual" }).catch(() => null);
    if (answer && (answer.status === 401 || answer.type === "opaqueredirect")) return location.assign(link.href);
    line.textContent = answer && answer.ok ? "" : lost;
    if (!answer || answer.status !== 200) return null;
    const html = await answer.text();
    if (!link.isConnected || !isAtRest(box)) due = 0; // somebody came while it was on its way: again, when they rest
    else self.htmx.swap(box, html, { swapStyle: "outerHTML" });
    return null;
  };

  const tick = setInterval(() => {
    if (!link.isConnected) clearInterval(tick);
    else if (Date.now() > due && isAtRest(box)) {
      due = Date.now() + fresh * 1e3;
      ask();
    }
  }, 1e3);
}
