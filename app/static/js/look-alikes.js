// While name and desa are being filled: "is this your cooperative?", asked of the server as soon as both are there.
// It never holds anybody up; without signal, and without this file, the question comes after sending.

/** @param {HTMLElement} box data-look-alikes: the address that answers with the block of look-alikes */
export function askLookAlikes(box) {
  const { form } = box.closest("fieldset");
  const value = (name) => form.elements.namedItem(name).value;
  let asked = "";
  form.addEventListener("change", async () => {
    const url = new URL(box.dataset.lookAlikes, location.href);
    url.searchParams.set("nama", value("name"));
    url.searchParams.set("kecamatan", value("kecamatan"));
    url.searchParams.set("desa", value("desa"));
    if (!value("name") || !value("desa") || asked === url.href) return;
    asked = url.href;
    const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": box.id } }).catch(() => null);
    if (answer && answer.ok && asked === url.href) box.innerHTML = await answer.text();
  });
}
