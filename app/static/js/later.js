// A script that makes a page nicer, not possible: fetched after the first paint, and not at all where data is saved.

/** @param {HTMLElement} element data-later: address of the script */
export function loadLater(element) {
  const { connection } = navigator;
  if (connection && connection.saveData) return;
  requestAnimationFrame(() => setTimeout(() => {
    const script = document.createElement("script");
    script.src = element.dataset.later;
    document.head.append(script);
  }));
}
