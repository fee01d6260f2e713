// Errors that came as data, shown as the server shows them: a summary on top that is focused, each at its field.

/** @param {Record<string, string>} errors by name of the field, which is the id of its element; "form": the whole */
export function showErrors(form, errors) {
  const summary = document.getElementById("ringkasan");
  const list = summary.querySelector("ul");
  list.textContent = "";
  for (const box of form.querySelectorAll(".wrong")) {
    box.classList.remove("wrong", "bad");
    for (const old of box.querySelectorAll(".error")) old.remove();
  }
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");

  const line = (content) => {
    const item = document.createElement("li");
    item.append(content);
    list.append(item);
  };
  const controls = [...form.querySelectorAll("[id]")].filter(({ id }) => errors[id]);
  for (const name in errors) if (!controls.some(({ id }) => id === name)) line(errors[name]);
  for (const control of controls) {
    const link = document.createElement("a");
    link.href = "#" + control.id;
    link.textContent = errors[control.id];
    line(link);
    const box = control.closest(".field");
    const words = document.createElement("p");
    words.className = "error";
    words.id = control.id + "-error";
    words.append(summary.querySelector("svg").cloneNode(true), " ", errors[control.id]);
    const label = box.querySelector("legend,label");
    if (label.parentNode === box) label.after(words);
    else box.prepend(words);
    box.classList.add("wrong", "bad");
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", words.id);
  }
  summary.hidden = false;
  form.dispatchEvent(new CustomEvent("step"));
  summary.focus();
}
