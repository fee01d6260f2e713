// Everything of the last person off a shared phone, in one go; only what has not arrived yet stays, and is named.

/**
 * @param {HTMLElement} section with the button: data-ask, data-kept (sentence with {n}), data-gone
 * @param {any} outbox
 * @param {() => void} changed
 */
export function offerWipe(section, outbox, changed) {
  const button = section.querySelector("button");
  const { ask, kept, gone } = button.dataset;
  section.hidden = false;
  button.onclick = async () => {
    const items = await outbox.list();
    const pending = items.filter(({ state }) => state !== "done").length;
    const left = pending ? " " + kept.replace("{n}", String(pending)) : "";
    if (!confirm(ask + left)) return;
    for (const { address } of await outbox.draft.list()) await outbox.draft.remove(address);
    for (const { id, state } of items) {
      const item = await outbox.get(id);
      if (item && item.state === "done" && state === "done") await outbox.remove(id);
      else if (item && item.sealed && item.pairs) await outbox.put({ ...item, pairs: null, openUntil: null });
    }
    try {
      localStorage.removeItem("receipts");
    } catch {
      // storage is closed: then there is no list of receipts either
    }
    section.querySelector("[data-wiped]").textContent = gone + left;
    changed();
  };
}
