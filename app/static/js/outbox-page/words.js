// The sentences of the page stand in its HTML, in the language of the page.

/** @type {Record<string, string>} */
const sentences = {};

/** Read them. @param {HTMLTemplateElement} template of elements with data-w */
export function learn(template) {
  for (const { dataset, textContent } of template.content.children) sentences[dataset.w] = textContent;
}

export const knows = (name) => name in sentences;

/** The sentence `name` with its {gaps} filled. */
export function say(name, gaps = {}) {
  return sentences[name].replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
}

/** A moment as people here write it. @param {number} at ms since 1970 */
export function moment(at) {
  const [language] = document.documentElement.lang.split("-");
  return new Date(at).toLocaleString(language === "su" ? "id" : language, {
    day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
  });
}
