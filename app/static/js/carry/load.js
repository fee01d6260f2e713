// Scripts that are fetched only when somebody wants what they do.

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** @param {string} address of a script of ours; rejects when it cannot be had now, and may be asked again */
export function load(address) {
  if (!loading.has(address)) {
    loading.set(address, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve();
      script.onerror = () => { loading.delete(address); reject(new Error(address)); };
      document.head.append(script);
    }));
  }
  return loading.get(address);
}
