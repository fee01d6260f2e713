// Fetched when the office found something wrong, when an item of the outbox is opened again, inside other apps.
import * as mending from "../mending.js";

self.mending = mending;
