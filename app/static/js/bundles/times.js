// The clinic's times, a block that HTMX changes (data-swapped).
import { begin } from "../start.js";
import { tellSwapped } from "../swapped.js";

begin({ "[data-swapped]": tellSwapped });
