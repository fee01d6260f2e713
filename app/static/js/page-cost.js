// Says at the foot what this page cost in data: honest, and a reason to keep it small.

/** @param {HTMLElement} element data-page-cost: the sentence with {kb} */
export function showCost(element) {
  addEventListener("load", () => setTimeout(() => {
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const bytes = parts.reduce((sum, part) => sum + (part.transferSize || 0), 0);
    if (bytes) element.textContent = element.dataset.pageCost.replace("{kb}", String(Math.ceil(bytes / 1024)));
  }));
}
