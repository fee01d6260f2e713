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
    if (detail.target && detail.target.id === swapped) deed(detail.target);
  });
  // dimmed from here: the stylesheet travels with every form, also where nothing is swapped
  const busy = (box, on) => {
    box.setAttribute("aria-busy", String(on));
    box.style.opacity = on ? ".5" : "";
  };
  about("htmx:beforeRequest", (box) => busy(box, true));
  about("htmx:afterRequest", (box) => busy(box, false));
  about("htmx:sendError", () => tell(lost, true));
  about("htmx:responseError", () => tell(lost, true));
  about("htmx:afterSettle", (box) => {
    tell(box.querySelector("[data-news]").dataset.news);
    // the link that was pressed may not be there any more
    if (document.activeElement === document.body) box.querySelector("[aria-current],#slot").focus();
  });
}
