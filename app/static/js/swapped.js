// What a swapped block says to who does not see it, and where they are afterwards. One sentence, once: a whole block
// that announces itself is read from its first button to its last.

/**
 * @param {HTMLElement} line role=status, empty. data-swapped: id of the box that HTMX fills, and its block holds one
 *   [data-news]; data-lost: what is said where nothing came
 */
export function tellSwapped(line) {
  const { swapped, lost } = line.dataset;
  const tell = (words, shown) => {
    line.className = shown ? "note bad" : "away";
    line.textContent = words;
    if (shown) line.scrollIntoView({ block: "nearest" }); // the button may be far below
  };
  const about = (event, deed) => addEventListener(event, ({ detail }) => {
    if (detail.target && detail.target.id === swapped) deed(detail.target, detail);
  });
  // dimmed from here: the stylesheet travels with every form, also where nothing is swapped
  const busy = (box, on) => {
    box.setAttribute("aria-busy", String(on));
    box.style.opacity = on ? ".5" : "";
  };
  // A day that is on its way is given up for the one asked for after it, and for a time ticked meanwhile.
  let coming = null;
  const giveUp = () => {
    if (coming && coming.elt.matches("a")) self.htmx.trigger(coming.elt, "htmx:abort");
  };
  const ticked = (box) => box.querySelector("[name=slot]:checked");
  document.getElementById(swapped).addEventListener("change", giveUp);
  about("htmx:beforeRequest", (box, { elt, xhr }) => {
    giveUp();
    coming = { elt, xhr };
    busy(box, true);
  });
  about("htmx:afterRequest", (box, { xhr }) => {
    if (coming && coming.xhr !== xhr) return; // its link is gone by now, the request is the same
    coming = null;
    busy(box, false);
  });
  // What the new block offers too stays ticked: another way to meet, or held while another time was ticked.
  let time = null;
  about("htmx:beforeSwap", (box) => { time = ticked(box); });
  about("htmx:sendError", () => tell(lost, true));
  about("htmx:responseError", () => tell(lost, true));
  about("htmx:afterSettle", (box) => {
    const same = time && box.querySelector(`[name=slot][value="${time.value}"]`);
    if (same) same.checked = true;
    tell(box.querySelector("[data-news]").dataset.news);
    // the link that was pressed may not be there any more
    if (document.activeElement === document.body) box.querySelector("[aria-current],#slot").focus();
  });
}
