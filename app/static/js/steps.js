// One question per screen. The whole form is in the page; nothing is fetched between two questions, and sending
// sends everything. The phone's own back button goes one question back. Without this file it is one long form.

/** @param {HTMLFormElement} form with [data-step] parts, [data-steps-progress], -back, -next, and [data-submit] */
export function takeSteps(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const steps = [...form.querySelectorAll("[data-step]")];
  const [progress, back, next, send] = ["steps-progress", "steps-back", "steps-next", "submit"].map(find);
  const words = progress.firstElementChild;
  const pattern = words.textContent;
  let now = -1;

  const stepOf = (element) => steps.findIndex((step) => step.contains(element));
  const asked = () => document.getElementById(location.hash.slice(1));

  function show(number, focus = true) {
    const last = number === steps.length - 1;
    if (number !== now) {
      now = number;
      steps.forEach((step, index) => { step.hidden = index !== now; });
      back.hidden = !now;
      next.hidden = last;
      send.hidden = !last;
      words.textContent = pattern.replace("{n}", String(now + 1)).replace("{m}", String(steps.length));
      progress.lastElementChild.value = (now + 1) / steps.length;
    }
    if (focus) {
      steps[now].querySelector("legend").focus();
      progress.scrollIntoView();
    }
  }

  /** The first control that the browser itself finds wrong, among `controls`. */
  const firstWrong = (controls) => [...controls].find((control) => control.willValidate && !control.checkValidity());

  function complain(control) {
    show(stepOf(control), false);
    control.reportValidity();
  }

  function forward() {
    const wrong = firstWrong(steps[now].elements);
    if (wrong) return complain(wrong);
    history.pushState(null, "", "#" + steps[now + 1].id);
    show(now + 1);
  }

  next.onclick = forward;
  back.onclick = () => history.back();
  addEventListener("popstate", () => {
    const target = asked();
    show(Math.max(stepOf(target), 0));
    if (target && target.matches("input,select,textarea")) target.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && now < steps.length - 1) {
      event.preventDefault();
      forward();
    }
  });
  form.addEventListener("submit", (event) => {
    const plainWay = event.submitter && event.submitter.formNoValidate;
    const wrong = plainWay ? null : firstWrong(form.elements);
    if (!wrong) return;
    event.preventDefault();
    complain(wrong);
  });

  steps.forEach((step, index) => { step.style.counterReset = `s ${index}`; }); // hidden ones would not count
  form.noValidate = true;
  progress.hidden = false;
  const wrong = steps.findIndex((step) => step.querySelector(".error"));
  const wished = stepOf(asked());
  const reached = firstWrong(form.elements);
  show(Math.max(wrong < 0 && reached ? Math.min(wished, stepOf(reached)) : wrong < 0 ? wished : wrong, 0), false);
}
