// A script that makes a page nicer, not possible: fetched after the first paint, and not at all where data is saved.

import { load } from "./load.js";

/** What was typed into a search before there was anybody to hear it is told now. */
function tellWhatWasTyped() {
  for (const field of document.querySelectorAll("[role=search] input")) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLElement} element data-later: address of the script */
export function loadLater(element) {
  const { connection } = navigator;
  if (connection && connection.saveData) return;
  const fetchIt = () => load(element.dataset.later).then(tellWhatWasTyped).catch(() => {});
  requestAnimationFrame(() => setTimeout(fetchIt));
}
