// Fetches one more script.
/** Fetch and run one more script. @returns {Promise<Event>} rejected when it does not come */
export const load = (src) => new Promise((onload, onerror) => {
  document.head.append(Object.assign(document.createElement("script"), { src, onload, onerror }));
});
