// Fetched when the office found something wrong: most forms never need it.
import { showErrors } from "../form-errors.js";

self.showErrors = showErrors;
