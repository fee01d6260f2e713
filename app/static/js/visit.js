// One visit by the link of a channel: a number on the server, nothing about the visitor. Once per tab and channel, for
// the address carries the channel from page to page. Without storage it stays uncounted rather than be counted twice.

/** @param {HTMLElement} mark */
export function countVisit({ dataset: { visit, channel } }) {
  if (sessionStorage.lewat === channel) return;
  sessionStorage.lewat = channel;
  navigator.sendBeacon(visit, new URLSearchParams({ lewat: channel }));
}
