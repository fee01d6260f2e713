// Fetched when a draft is gone on with, the office found something wrong, an item of the outbox is opened again, inside other apps.
import * as mending from "../mending.js";

self.mending = mending;
