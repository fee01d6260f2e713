// The database of this phone: what waits to be sent, drafts, and a few facts of our own. A promise is kept only when
// its transaction is complete: "tersimpan" is said after that and never before.

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open("kopukm", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of [["outbox", "id"], ["draft", "address"], ["meta", "k"]]) {
        asked.result.createObjectStore(name, { keyPath });
      }
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const base = asked.result;
      base.onclose = () => { opened = null; };
      base.onversionchange = () => { base.close(); opened = null; };
      resolve(base);
    };
  });
  opened.catch(() => { opened = null; }); // asked again next time: the disk may have room by then
  return opened;
}

/**
 * One transaction over the stores `names`. `work` gets the stores in that order and may return a request, whose
 * result is the promise's.
 * @param {"readonly" | "readwrite"} mode
 */
async function run(mode, names, work) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const change = base.transaction(names, mode, { durability: "strict" });
    const request = work(...names.map((name) => change.objectStore(name)));
    change.oncomplete = () => resolve(request && request.result);
    change.onabort = () => reject(change.error);
  });
}

export const read = (name, work) => run("readonly", [name], work);
export const write = (names, work) => run("readwrite", names, work);

/** list, get, put and remove of one store. */
export const shelf = (name) => ({
  list: () => read(name, (store) => store.getAll()),
  get: (key) => read(name, (store) => store.get(key)),
  put: (value) => write([name], (store) => { store.put(value); }),
  remove: (key) => write([name], (store) => { store.delete(key); }),
});

export const meta = shelf("meta");

/**
 * `work`, while no other tab and no worker does anything under the same `name`. Not waiting, a busy name means that
 * somebody else is at it: nothing is done.
 */
export async function alone(name, waiting, work) {
  if (navigator.locks) return navigator.locks.request(name, { ifAvailable: !waiting }, (held) => held && work());
  // An old browser: a lease in the database. It ends by itself, should its holder be killed.
  while (!await lease(name)) {
    if (!waiting) return null;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  return work().finally(() => meta.remove(name));
}

async function lease(k) {
  let mine = false;
  await write(["meta"], (store) => {
    store.get(k).onsuccess = ({ target: { result } }) => {
      mine = !result || Math.abs(Date.now() - result.at) > 6e4;
      if (mine) store.put({ k, at: Date.now() });
    };
  });
  return mine;
}
