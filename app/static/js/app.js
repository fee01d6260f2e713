// The one script of every page and of the service worker: both have the outbox, and a phone fetches it once.
import { api } from "./outbox/index.js";
import { startPage } from "./page.js";
import { startWorker } from "../sw/worker.js";

self.outbox = api;
if (self.document) startPage();
else startWorker();
