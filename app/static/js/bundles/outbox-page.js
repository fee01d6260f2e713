// The page /kotak-keluar. It is loaded with the outbox, which stands in every page.
import { showBox } from "../outbox-page/box.js";

showBox(document);
