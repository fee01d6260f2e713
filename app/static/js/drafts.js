// What is being typed stays on this phone until it is sent, half an hour at most: a call that comes in or an empty
// battery costs nothing, and whoever takes the phone later finds nothing.

/** What the server puts around the content. */
export const FRAME = ["submission_id", "form_version", "filled_at", "csrf_token"];
const HALF_AN_HOUR = 18e5;

/** What is filled, as pairs; an empty answer says nothing. */
export const filled = (form) => [...new FormData(form)].filter(([name, value]) => value && !FRAME.includes(name));

/**
 * @param {HTMLFormElement} form
 * @param {string} address of the form
 * @param {string} owner the officer whose form it is, or ""
 * @param {{id: string}} mending id of the item of the outbox that is mended in the form, or ""
 * @param {(kept: object) => Promise<any>} resume puts a draft in; true when it could not
 * @returns {{resting: boolean, open: () => Promise<void>}} resting: nothing is kept, before the draft of before was
 *   looked at and while it is being sent
 */
export function keepDraft(form, address, owner, mending, resume) {
  let writing = 0;
  const draft = {
    resting: true,
    /** Go on where one was. */
    async open() {
      const kept = await outbox.draft.get(address);
      const good = kept && kept.owner === owner && Math.abs(Date.now() - kept.at) < HALF_AN_HOUR;
      draft.resting = !!(good && await resume(kept)); // it waits for the next time rather than be written over
    },
  };
  const write = () => {
    clearTimeout(writing);
    if (draft.resting) return;
    const { now: step } = form.dataset;
    outbox.draft.put({ address, owner, step, item: mending.id, at: Date.now(), pairs: filled(form) }).catch(() => {});
  };
  form.addEventListener("change", write);
  form.addEventListener("input", () => {
    clearTimeout(writing);
    writing = setTimeout(write, 300);
  });
  return draft;
}
