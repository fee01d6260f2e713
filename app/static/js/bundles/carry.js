// The page /titipan. It is loaded with the outbox, which stands in every page.
import { offerCarrying } from "../carry/page.js";

offerCarrying(document);
