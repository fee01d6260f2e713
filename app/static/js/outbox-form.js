// A form whose answers are stored on this phone before they are sent. Without a database (private window, full phone,
// browser inside another app) and without outbox.js it is an ordinary form, and says what that means.
import { fill, filled, keepDraft } from "./drafts.js";
import { inApp, warn } from "./in-app-browser.js";
import { load } from "./load.js";
import { hold, sendOnce } from "./submit-once.js";

const PATIENCE = 8e3;
const part = (name) => document.querySelector(`[data-kept=${name}]`);
const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16));

/** @param {HTMLFormElement} form data-outbox: what kind of form it is, data-owner: the officer's opaque name */
export async function keepThenSend(form) {
  const { outbox } = self;
  if (!outbox) return sendOnce(form);
  const { outbox: title, owner = "" } = form.dataset;
  const { submission_id: identity, form_version: version } = form.elements;
  const address = new URL(form.action).pathname;
  const mending = { item: "" };
  const draft = keepDraft(form, address, owner, part("draft"), mending);
  const ready = inApp ? Promise.resolve(false) : outbox.ready();
  let release = null;

  const fresh = () => {
    mending.item = "";
    identity.value = uuid();
  };
  const free = () => {
    if (release) release();
    release = null;
  };

  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter || document.activeElement;
    if (event.defaultPrevented || pressed.formNoValidate) return;
    event.preventDefault();
    if (release) return;
    release = hold(form, event.submitter);
    draft.resting = true;
    const pairs = filled(form);
    if (pressed.type === "submit" && pressed.name) pairs.push([pressed.name, pressed.value]);
    if (await ready && await store(pairs)) follow(pairs, await sendNow());
    else sendPlainly(pressed);
  });

  const store = (pairs) => outbox.add({
    id: identity.value, address, title, owner, pairs, version: version.value, filledAt: Date.now(),
    keepOpen: part("open").checked,
  }).then(() => true, () => false);

  /** Nothing can be kept here: the ordinary way, under the same id. */
  function sendPlainly({ type, name, value }) {
    if (type === "submit" && name) {
      const said = document.createElement("input");
      said.type = "hidden";
      form.append(Object.assign(said, { name, value }));
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  const sendNow = () => Promise.race([
    outbox.send(identity.value).catch(() => null),
    new Promise((resolve) => { setTimeout(resolve, PATIENCE); }),
  ]).then((told) => told || {});

  /** It is kept; what became of the first attempt? */
  async function follow(pairs, { state, error, url, errors, message }) {
    const id = identity.value;
    if (error === "other_content") {
      // The office has what stood here before: this mends it, as a submission of its own.
      fresh();
      if (await store([...pairs, ["replaces", id]])) {
        outbox.remove(id);
        await sendNow();
      }
      show();
    } else if (state === "needs_you") mend(errors || { form: message });
    else if (url) {
      form.reset();
      location.replace(url);
    } else show();
  }

  /** The office says what is wrong: it is mended here, under the same id. */
  async function mend(errors) {
    mending.item = identity.value;
    try {
      if (!self.showErrors) await load(form.dataset.errors);
    } catch {
      return show();
    }
    free();
    draft.resting = false;
    return self.showErrors(form, errors);
  }

  /** In place of the form: where it is now, and from now on. */
  function show() {
    const id = identity.value;
    const panel = part("sent");
    const look = async () => {
      const { state, no, url } = await outbox.get(id) || {};
      for (const words of panel.querySelectorAll("[data-state]")) words.hidden = words.dataset.state !== state;
      const link = panel.querySelector("a");
      link.textContent = no;
      link.href = url;
    };
    form.reset();
    for (const gone of [form, part("draft"), document.getElementById("ringkasan")]) gone.hidden = true;
    panel.hidden = false;
    panel.focus();
    addEventListener("outbox", look);
    look();
  }

  form.addEventListener("reset", fresh);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && !mending.item) fresh();
    if (persisted) free();
  });

  // Back from the server with errors, it is still the same submission; else another one, also when the page is a copy.
  const back = document.querySelector("[data-summary] li");
  if (!back) fresh();
  if (!await ready) return warn(part("none"));
  part("open").closest(".choice").hidden = false;
  if (back) {
    draft.resting = false;
    return undefined;
  }
  const [, wanted] = /^#kiriman=([\w-]+)/.exec(location.hash) || [];
  if (!wanted) return draft.open();
  history.replaceState(null, "", location.pathname);
  const item = await outbox.get(wanted);
  if (!item || item.address !== address || (item.owner || "") !== owner) return draft.open();
  identity.value = wanted;
  const told = item.pairs ? item : await sendNow();
  const values = item.pairs || Object.entries(told.values || {}).flatMap(([name, all]) => all.map((one) => [name, one]));
  if (!values.length) return show();
  fill(form, values);
  return mend(told.errors || {});
}
