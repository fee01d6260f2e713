// The outbox: what was typed is kept on this phone before it is sent, and leaves it only on a receipt. Loaded by pages
// and by the service worker, hence without any document.
self.outbox = {};
