// The kept page /bagikan, opened without signal: what was shared stands in its address and is put in here, as the server
// does where it is asked (app/offline/routes.py). Nothing of it is stored.

const MOST_SHARED = 1000;
const MOST_WANTED = 60;
const shorten = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

/** @param {HTMLElement} place hidden: no text stands there yet */
export function showShared(place) {
  const asked = new URLSearchParams(location.search);
  const given = (name) => (asked.get(name) || "").trim().replace(/\s+/g, " ");
  const text = shorten([...new Set(["judul", "teks", "tautan"].map(given))].filter(Boolean).join("\n"), MOST_SHARED);
  if (!text || !place.hidden) return;
  place.textContent = text;
  place.hidden = false;
  document.querySelector("[data-nothing]").hidden = true;
  document.getElementById("cari").value = shorten(given("judul") || given("teks"), MOST_WANTED);
  const words = encodeURIComponent(text);
  for (const link of document.querySelectorAll("[data-ask] a")) {
    if (/^https:/.test(link.href)) link.href += "?text=" + words;
    else if (/^mailto:/.test(link.href)) link.href += words; // ends in "body="
  }
}
