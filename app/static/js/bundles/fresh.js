// Blocks of the desk that ask for themselves again (data-fresh).
import { begin } from "../start.js";
import { keepFresh } from "../keep-fresh.js";

begin({ "[data-fresh]": keepFresh });
