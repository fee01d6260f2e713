// The rarer ways of a form of the outbox, each handed what outbox-form.js holds of the form.
import { filled } from "./drafts.js";
import { fill } from "./fill.js";
import { showErrors } from "./form-errors.js";

export { offerChrome } from "./in-app-browser.js";

/** Is it as the server sent it? */
const untouched = ({ options, type, value, defaultValue, checked, defaultChecked }) => (
  options ? ![...options].some(({ selected, defaultSelected }, place) => selected !== defaultSelected && place)
    : /radio|checkbox/.test(type) ? checked === defaultChecked : value === defaultValue
);

/** Go on with a draft, where one was. What was typed while it was on its way stands, and is kept with it. */
export function resume(context, { pairs, item, step }) {
  const { form, identity, mending } = context;
  const typed = new Set([...form.elements].filter((control) => !untouched(control)).map(({ name }) => name));
  fill(form, [
    ...pairs.filter(([name]) => !typed.has(name)),
    ...filled(form).filter(([name]) => typed.has(name)),
  ]);
  if (typed.size) form.dispatchEvent(new Event("input"));
  if (item) identity.value = mending.id = item;
  form.dispatchEvent(new CustomEvent("step", { detail: step }));
  offerLeaving(context);
}

const UNDO_MS = 1e4;
const WRITTEN_MS = 400; // longer than a draft waits for the next letter

/**
 * Says that one goes on, and lets go of it. "Orang lain": all that is being typed on this phone goes, for good.
 * "Hapus dari HP ini": only this form, and for a while the same button brings it back.
 */
function offerLeaving(context) {
  const { form, address, owner, mending, part } = context;
  const line = part("draft");
  const words = line.querySelector("p");
  const [everybody, mine] = line.querySelectorAll("button");
  const [label, undo] = [mine.textContent, mine.dataset.undo];
  const hide = () => {
    const held = line.contains(document.activeElement);
    mine.textContent = label;
    words.hidden = everybody.hidden = false;
    line.hidden = true;
    if (held) focusOn(form); // the button that was pressed is gone
  };
  const leave = async (drafts) => {
    empty(form);
    const forget = async () => {
      for (const one of drafts || (await outbox.draft.list()).map((draft) => draft.address)) await outbox.draft.remove(one);
    };
    await forget();
    // What was typed last may just be on its way.
    setTimeout(() => { if (!filled(form).length) forget(); }, WRITTEN_MS);
  };
  line.hidden = false;
  everybody.onclick = () => {
    hide();
    return leave();
  };
  mine.onclick = () => {
    const left = { address, owner, step: form.dataset.now, item: mending.id, pairs: filled(form) };
    mine.textContent = undo;
    words.hidden = everybody.hidden = true;
    const over = setTimeout(hide, UNDO_MS);
    mine.onclick = () => {
      clearTimeout(over);
      hide();
      resume(context, left);
      return outbox.draft.put({ ...left, at: Date.now() });
    };
    return leave([address]);
  };
}

function empty(form) {
  form.reset();
  for (const select of form.querySelectorAll("select")) select.dispatchEvent(new Event("change"));
  form.dispatchEvent(new CustomEvent("step", { detail: 0 }));
}

function focusOn(form) {
  form.tabIndex = -1;
  form.focus();
}

/** The office says what is wrong: it is mended here, under the same id. */
export async function showWrong(context, { errors, error, message }) {
  if (error === "unknown_key" && await freshKey()) return sealAnew(context);
  const { form, identity, draft, mending, free } = context;
  mending.id = identity.value;
  free();
  draft.resting = false;
  showErrors(form, errors || { form: message || error });
}

/** The office lost the key that this was sealed to; what was typed is still here, so nobody has to do anything. */
async function sealAnew({ form, store, sendNow, show }) {
  if (await store(filled(form))) await sendNow();
  return show();
}

/** The office's key as it is now; the worker would answer with that of its own release. */
const freshKey = () => fetch("/kunci?baru=1", { cache: "no-cache" }).then((answer) => answer.json())
  .then(({ key_id, key }) => outbox.meta.put({ k: "key", at: Date.now(), key_id, key })).then(() => true, () => false);

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
  const { hash, search } = location;
  const [, wanted] = hash.split("=");
  history.replaceState(null, "", location.pathname);
  const item = await outbox.get(wanted);
  if (!item || item.address !== address || (item.owner || "") !== owner) return draft.open();
  identity.value = wanted;
  const told = item.pairs ? item : await sendNow();
  const values = item.pairs || Object.entries(told.values || {}).flatMap(([name, all]) => all.map((one) => [name, one]));
  if (!values.length) return show();
  const turn = otherChoices(form, values, search);
  if (turn) return location.replace(`?${turn}${hash}`);
  fill(form, values);
  part("open").checked = item.openUntil;
  return showWrong(context, { ...told, errors: told.errors || (told.message ? { form: told.message } : {}) });
}

/** `data-turns`: hidden answers by which the page offers other choices. The search of the page that offers them, or "". */
function otherChoices({ dataset, elements }, values, search) {
  const asked = new URLSearchParams(search);
  const names = (dataset.turns || "").split(" ");
  const other = values.filter(([name, value]) => (
    names.includes(name) && !asked.has(name) && (!elements[name] || elements[name].value !== value)
  ));
  for (const [name, value] of other) asked.set(name, value);
  return other.length ? String(asked) : "";
}
