// A second tap on "Kirim" sends nothing. (The server would know the submission again; the guard saves the quota.)

/**
 * Say on the form's button that it is being sent.
 * @returns {() => void} the button as it was
 */
export function hold(form, submitter) {
  const seen = submitter && submitter.tabIndex >= 0; // Enter presses the hidden one (fields.html)
  const button = seen ? submitter : form.querySelector("[data-submit]") || submitter;
  const content = [...button.childNodes];
  button.setAttribute("aria-disabled", "true");
  button.textContent = form.dataset.once;
  return () => {
    button.removeAttribute("aria-disabled");
    button.textContent = "";
    button.append(...content);
  };
}

/** @param {HTMLFormElement} form data-once: what the button says while sending */
export function sendOnce(form) {
  let release = null;
  form.addEventListener("submit", (event) => {
    if (release) event.preventDefault();
    if (!event.defaultPrevented) release = hold(form, event.submitter);
  });
  // Back from the next page: the form is as it was.
  addEventListener("pageshow", () => {
    if (release) release();
    release = null;
  });
}
