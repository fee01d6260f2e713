// A second tap on "Kirim" sends nothing. (The server would know the submission again; the guard saves the quota.)

/** @param {HTMLFormElement} form data-once: what the button says while sending */
export function sendOnce(form) {
  let sending = null;
  form.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    if (event.defaultPrevented) return;
    const button = event.submitter || form.querySelector("[data-submit]");
    sending = { button, content: [...button.childNodes] };
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.once;
  });
  // Back from the next page: the form is as it was.
  addEventListener("pageshow", () => {
    if (!sending) return;
    sending.button.removeAttribute("aria-disabled");
    sending.button.textContent = "";
    sending.button.append(...sending.content);
    sending = null;
  });
}
