// Kecamatan and desa by typing or by choosing, from one small list that is fetched once and works offline after.
// The list: {"32.01.01": {n: "Cibinong", d: [["1001", "Pondok Rajeg", "k"], ...]}, ...}; k is a kelurahan.
// Without it the two plain lists of the page remain.

const SHOWN = 6;
const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** @param {HTMLElement} box with two selects (kecamatan, desa), [data-region-search] and maybe [data-region-next] */
export async function pickRegion(box) {
  const [kecamatan, desa] = box.querySelectorAll("select");
  const search = box.querySelector("[data-region-search]");
  const input = search.querySelector("input");
  const hits = search.querySelector("[data-empty]");
  const answer = await fetch(box.dataset.regionPicker).catch(() => null);
  if (!answer || !answer.ok) return;
  const regions = await answer.json();
  const all = Object.entries(regions).flatMap(([code, { n, d }]) =>
    d.map(([tail, name, status]) => ({ code: `${code}.${tail}`, name, status, kecamatan: code, within: n })));

  function fill(chosen) {
    desa.length = 1; // the first says "Pilih desa"
    for (const place of all) if (place.kecamatan === kecamatan.value) desa.add(new Option(place.name, place.code));
    desa.value = chosen;
  }

  function choose(place) {
    kecamatan.value = place.kecamatan;
    fill(place.code);
    input.value = "";
    suggest();
    desa.dispatchEvent(new Event("change", { bubbles: true }));
    desa.focus();
  }

  function suggest() {
    const wanted = plain(input.value);
    const found = wanted.length < 2 ? [] : all
      .filter((place) => plain(place.name).includes(wanted))
      .sort((a, b) => plain(a.name).indexOf(wanted) - plain(b.name).indexOf(wanted))
      .slice(0, SHOWN);
    hits.textContent = wanted.length > 2 && !found.length ? hits.dataset.empty : "";
    for (const place of found) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button second full";
      button.textContent = `${place.status === "k" ? "Kel." : "Desa"} ${place.name}, Kec. ${place.within}`;
      button.onclick = () => choose(place);
      hits.append(button);
    }
  }

  const before = desa.value;
  const button = box.querySelector("[data-region-next]");
  if (button) button.hidden = button.firstElementChild.disabled = true;
  search.hidden = false;
  fill(before);
  kecamatan.onchange = () => fill("");
  input.oninput = suggest;
}
