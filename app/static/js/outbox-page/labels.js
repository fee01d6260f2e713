// The names of a form's fields as its page shows them: what the office says about a field stands beside its name.

/** @type {Map<string, Promise<Record<string, string>>>} */
const known = new Map();

/**
 * @param {{address: string, errors: Record<string, string> | null}} item
 * @returns {Promise<Record<string, string>>} empty when the form cannot be had now
 */
export async function labelsFor({ address, errors }) {
  if (!errors) return {};
  if (!known.has(address)) known.set(address, fetchPage(address));
  const page = await known.get(address);
  if (!page) {
    known.delete(address);
    return {};
  }
  const labels = {};
  for (const name in errors) labels[name] = labelIn(page, name);
  return labels;
}

function fetchPage(address) {
  return fetch(address, { headers: { Accept: "text/html" } })
    .then((answer) => answer.text())
    .then((text) => new DOMParser().parseFromString(text, "text/html"), () => null);
}

/** @param {Document} page */
function labelIn(page, name) {
  const field = page.getElementsByName(name)[0];
  if (!field) return "";
  const several = /^(radio|checkbox)$/.test(field.getAttribute("type")) && field.closest("fieldset");
  const label = several ? several.querySelector("legend") : page.querySelector(`label[for="${field.id}"]`);
  if (!label) return "";
  label.querySelectorAll(".hint, .soft, small").forEach((part) => part.remove());
  return label.textContent.trim().replace(/\s+/g, " ");
}
