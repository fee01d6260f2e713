// Where the directory lies on this phone: one record per area that was fetched, each written whole or not at all.

/** @typedef {{scope: string, version: number, at: number, seen: number, text: string, places: Record<string, string>}} Piece */

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("kopukm-saku", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("piece", { keyPath: "scope" });
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(asked.result);
  });
}

async function run(mode, work) {
  const base = await open();
  base.onversionchange = () => base.close();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction("piece", mode, { durability: "strict" });
      const request = work(change.objectStore("piece"));
      change.oncomplete = () => resolve(request.result);
      change.onabort = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

/** @returns {Promise<Piece[]>} */
export const list = () => run("readonly", (store) => store.getAll());

/** @param {Piece} piece @param {string[]} without scopes that it makes needless, gone in the same transaction */
export const put = (piece, without = []) => run("readwrite", (store) => {
  for (const scope of without) store.delete(scope);
  return store.put(piece);
});

/** All of it goes. */
export const clear = () => run("readwrite", (store) => store.clear());
