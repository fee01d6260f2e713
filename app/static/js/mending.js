// The rarer ways of a form of the outbox, each handed what outbox-form.js holds of the form.
import { fill } from "./fill.js";
import { showErrors } from "./form-errors.js";

export { offerChrome } from "./in-app-browser.js";

/** Go on with a draft, where one was. */
export function resume({ form, identity, mending, part }, { pairs, item, step }) {
  fill(form, pairs);
  if (item) identity.value = mending.id = item;
  form.dispatchEvent(new CustomEvent("step", { detail: step }));
  part("draft").hidden = false;
}

/** The office says what is wrong: it is mended here, under the same id. */
export function showWrong({ form, identity, draft, mending, free }, { errors, error, message }) {
  mending.id = identity.value;
  free();
  draft.resting = false;
  showErrors(form, errors || { form: message || error });
}

/** The office has what stood here before: this mends it, as a submission of its own. */
export async function replace({ identity, fresh, store, sendNow, show }, pairs) {
  const before = identity.value;
  fresh();
  if (await store([...pairs, ["replaces", before]])) {
    outbox.remove(before);
    await sendNow();
  }
  show();
}

/** `#kiriman=<id>`: an item that waits for mending, with its open copy or with what the office reads to its sender. */
export async function open(context) {
  const { identity, address, owner, draft, part, form, sendNow, show } = context;
  const [, wanted] = location.hash.split("=");
  history.replaceState(null, "", location.pathname);
  const item = await outbox.get(wanted);
  if (!item || item.address !== address || (item.owner || "") !== owner) return draft.open();
  identity.value = wanted;
  const told = item.pairs ? item : await sendNow();
  const values = item.pairs || Object.entries(told.values || {}).flatMap(([name, all]) => all.map((one) => [name, one]));
  if (!values.length) return show();
  fill(form, values);
  part("open").checked = item.openUntil;
  return showWrong(context, { ...told, errors: told.errors || {} });
}
