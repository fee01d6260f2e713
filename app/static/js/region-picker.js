// Kecamatan and desa by typing or by choosing, from one small list that is fetched once and works offline after.
// The list: [{code, name, desa: [{code, name, status}]}]. Without it the two plain lists of the page remain.

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
  const all = regions.flatMap((region) => region.desa.map((place) => ({ ...place, region })));

  function fill(chosen) {
    const region = regions.find((one) => one.code === kecamatan.value);
    desa.length = 1; // the first says "Pilih desa"
    for (const place of region ? region.desa : []) desa.add(new Option(place.name, place.code));
    desa.value = chosen;
  }

  function choose(place) {
    kecamatan.value = place.region.code;
    fill(place.code);
    input.value = "";
    suggest();
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
      button.className = "button second";
      button.textContent = `${place.name}, Kec. ${place.region.name}`;
      button.onclick = () => choose(place);
      hits.append(button);
    }
  }

  const before = desa.value;
  const button = box.querySelector("[data-region-next]");
  if (button) button.hidden = true;
  search.hidden = false;
  fill(before);
  kecamatan.onchange = () => fill("");
  input.oninput = suggest;
}
