// The outbox for pages and for the service worker: the global `outbox` (see outbox/index.js). Pages also bring the
// moments at which sending is tried; a browser's own background sync only comes on top of them.
import { api } from "../outbox/index.js";

self.outbox = api;

if (self.document) {
  const tryNow = () => { api.flush().catch(() => {}); };
  for (const moment of ["pageshow", "online", "visibilitychange"]) addEventListener(moment, tryNow);
  setInterval(() => { api.flush({ timer: true }).catch(() => {}); }, 15e3);
}
