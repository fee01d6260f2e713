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
  const named = () => document.getElementById(location.hash.slice(1)); // by a link of the error summary

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
      const legend = steps[now].querySelector("legend");
      legend.tabIndex = -1;
      legend.focus();
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
    // The address stays the same: with a new one, browsers would ask for the icon of the page again.
    history.pushState({ step: now + 1 }, "");
    show(now + 1);
  }

  next.onclick = forward;
  back.onclick = () => history.back();
  addEventListener("popstate", ({ state }) => {
    const target = named();
    show(state ? state.step : Math.max(stepOf(target), 0));
    if (!state && target && target.matches("input,select,textarea")) target.focus();
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
  // First the question with an error; else where one was (after a reload), but never beyond what is filled.
  let first = steps.findIndex((step) => step.querySelector(".error"));
  if (first < 0) {
    const gap = firstWrong(form.elements);
    first = Math.min(history.state ? history.state.step : stepOf(named()), gap ? stepOf(gap) : steps.length - 1);
  }
  show(Math.max(first, 0), false);
}
