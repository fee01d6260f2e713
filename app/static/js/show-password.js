// A typed password can be looked at: on a phone most wrong passwords are slips of the finger.

/** @param {HTMLInputElement} input data-look: the button's words, hidden and shown: "Lihat|Sembunyikan" */
export function offerLooking(input) {
  const [look, hide] = input.dataset.look.split("|");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button second";
  button.textContent = look;
  button.setAttribute("aria-controls", input.id);
  function show(shown) {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? hide : look;
  }
  button.onclick = () => show(input.type === "password");
  // Browsers offer to keep a password only of a field that is one when it is sent.
  input.form.addEventListener("submit", () => show(false));
  input.after(button);
}
