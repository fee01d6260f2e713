// A form whose answers are stored on this phone before they are sent. Without a database (private window, full phone,
// browser inside another app) it is an ordinary form, and says what that means.
import { filled, keepDraft } from "./drafts.js";
import { load } from "./load.js";
import { hold } from "./submit-once.js";

const PATIENCE = 8e3;
const patience = () => new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
const part = (name) => document.querySelector(`[data-kept=${name}]`);
/** Browsers name what lies in their memory by a random uuid, also the old ones that make no other. */
const uuid = () => URL.createObjectURL(new Blob()).slice(-36);

/** @param {HTMLFormElement} form data-outbox: what kind of form it is, data-owner: the officer's opaque name */
export async function keepThenSend(form) {
  const { outbox: title, owner = "" } = form.dataset;
  const { submission_id: identity, form_version: version } = form.elements;
  const address = new URL(form.action).pathname;
  const mending = { id: "" };
  const draft = keepDraft(form, address, owner, mending, (kept) => mend("resume", kept, () => true));
  const ready = Promise.race([outbox.ready(), patience()]); // some browsers' databases never answer
  let release = null;
  let plainly = false;

  const fresh = () => {
    mending.id = "";
    identity.value = uuid();
  };
  const free = () => {
    if (release) release();
    release = null;
  };

  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter || document.activeElement;
    const ordinary = plainly || event.defaultPrevented || pressed.formNoValidate;
    plainly = false;
    if (ordinary) return;
    event.preventDefault();
    if (release) return;
    release = hold(form, event.submitter);
    draft.resting = true;
    const pairs = filled(form);
    if (pressed.type === "submit" && pressed.name) pairs.push([pressed.name, pressed.value]);
    if (await ready && await store(pairs)) follow(pairs, await sendNow());
    else {
      // Nothing can be kept here: the ordinary way, under the same id, when this event is over.
      plainly = true;
      setTimeout(() => (event.submitter || form.querySelector("[data-submit]")).click());
    }
  });

  const store = (pairs) => outbox.add({
    id: identity.value, address, title, owner, pairs, version: version.value, filledAt: Date.now(),
    keepOpen: part("open").checked,
  }).then(() => true, () => false);

  const sendNow = () => Promise.race([
    outbox.send(identity.value).catch(() => null),
    patience(),
  ]).then((told) => told || {});

  /** It is kept; what became of the first attempt? */
  function follow(pairs, told) {
    if (told.error === "other_content") mend("replace", pairs);
    else if (told.state === "needs_you") mend("showWrong", told);
    else {
      show(told);
      if (told.url) location.replace(told.url); // its page may never come; the number stands here by then
    }
  }

  /** What most people never need comes when it is needed (bundles/mend.js). */
  const mend = (deed, given, otherwise = show) => Promise.resolve(self.mending || load(form.dataset.mend)).then(() => self.mending[deed]({
    form, identity, address, owner, draft, mending, part, fresh, free, store, sendNow, show,
  }, given), otherwise);

  /** In place of the form: where it is now, and from now on. */
  function show(told) {
    const id = identity.value;
    const panel = part("sent");
    const look = async (known) => {
      const { state, no, url } = known && known.state ? known : await outbox.get(id) || {};
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
    look(told);
  }

  form.addEventListener("reset", fresh);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && !mending.id) fresh();
    if (persisted) free();
  });

  // Back from the server with errors, it is still the same submission; else another one, also when the page is a copy.
  const back = document.querySelector("[data-summary] li");
  if (!back) fresh();
  if (!await ready) {
    part("none").hidden = false;
    if (outbox.inApp) load(form.dataset.mend).then(() => self.mending.offerChrome(part("none")), () => {});
    return;
  }
  part("open").closest(".choice").hidden = false;
  if (back) draft.resting = false;
  else if (/^#kiriman=/.test(location.hash)) mend("open");
  else draft.open();
}
