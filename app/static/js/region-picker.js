// Kecamatan and desa by typing or by choosing, from one small list that is fetched once and works offline after.
// The list, one line per kecamatan: "32.01.01.1001Pondok Rajeg,Karadenan,2001Cikeas". A number stands only where the
// code is not the one before plus one; 1xxx is a kelurahan. Without the list the two plain lists of the page remain.

const SHOWN = 6;
const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** 32.01.01 -> 32.01.02 */
const next = (code) => code.replace(/\d+$/, (digits) => String(+digits + 1).padStart(digits.length, "0"));

/** The places whose kecamatan `select` offers, by name. */
function read(list, select) {
  const names = new Map([...select.options].map((option) => [option.value, option.text]));
  const places = [];
  let kecamatan = "";
  for (const line of list.split("\n")) {
    const [, given, rest] = /^(?:([\d.]+)\.)?(.*)/.exec(line);
    kecamatan = given || next(kecamatan);
    let tail = "";
    for (const word of rest.split(",")) {
      const [, number, name] = /^(\d*)(.*)/.exec(word);
      tail = number || next(tail);
      const within = names.get(kecamatan);
      if (within) places.push({ code: `${kecamatan}.${tail}`, name, kecamatan, within });
    }
  }
  return places.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {HTMLElement} box with two selects (kecamatan, desa), [data-region-search] and maybe [data-region-next] */
export async function pickRegion(box) {
  const [kecamatan, desa] = box.querySelectorAll("select");
  const search = box.querySelector("[data-region-search]");
  const input = search.querySelector("input");
  const hits = search.querySelector("[data-empty]");
  const answer = await fetch(box.dataset.regionPicker).catch(() => null);
  if (!answer || !answer.ok) return;
  const all = read(await answer.text(), kecamatan);

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
      button.textContent = `${place.code[9] === "1" ? "Kel." : "Desa"} ${place.name}, Kec. ${place.within}`;
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
