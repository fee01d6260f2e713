// A script that makes a page nicer, not possible: fetched after the first paint, and not at all where data is saved.

import { load } from "./load.js";

/** @param {HTMLElement} element data-later: address of the script */
export function loadLater(element) {
  const { connection } = navigator;
  if (connection && connection.saveData) return;
  requestAnimationFrame(() => setTimeout(() => load(element.dataset.later).catch(() => {})));
}
