// What is over is erased, while any page of ours is open.

const DAY = 864e5;

/**
 * What is over is erased: open copies after their days, receipts after a month, drafts after half an hour idle, because
 * by then somebody else may have the phone.
 */
const sweep = () => outbox.write(["outbox", "draft"], (items, drafts) => {
  const now = Date.now();
  const each = (store, look) => { store.getAll().onsuccess = ({ target }) => target.result.forEach(look); };
  each(drafts, ({ address, at }) => { if (Math.abs(now - at) > 18e5) drafts.delete(address); });
  each(items, (item) => {
    const { openUntil } = item;
    if (now - item.doneAt > 30 * DAY && item.doneAt) items.delete(item.id);
    else if (openUntil && (now > openUntil || openUntil - now > 8 * DAY)) {
      items.put({ ...item, openUntil: 0, pairs: item.sealed ? null : item.pairs });
    }
  });
});

export function keepSweeping() {
  const now = () => { sweep().catch(() => {}); };
  addEventListener("visibilitychange", now);
  setInterval(now, 15e3);
  now();
}
