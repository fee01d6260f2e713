// One question per screen. The whole form is in the page; nothing is fetched between two questions, and sending
// sends everything. The phone's own back button goes one question back. Without this file it is one long form.

/** @param {HTMLFormElement} form with [data-step] parts, [data-steps-progress], -back, -next, and -end: only at the last */
export function takeSteps(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const steps = [...form.querySelectorAll("[data-step]")];
  const [progress, back, next] = ["steps-progress", "steps-back", "steps-next"].map(find);
  const ends = form.querySelectorAll("[data-steps-end]");
  const words = progress.firstElementChild;
  const pattern = words.textContent;
  let now = -1;

  const stepOf = (element) => steps.findIndex((step) => step.contains(element));
  const named = () => document.getElementById(location.hash.slice(1)); // by a link of the error summary

  function show(number, focus = true) {
    const last = number === steps.length - 1;
    if (number !== now) {
      now = number;
      form.dataset.now = String(now);
      steps.forEach((step, index) => { step.hidden = index !== now; });
      back.hidden = !now;
      next.hidden = last;
      for (const end of ends) end.hidden = !last;
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
    form.dispatchEvent(new Event("input")); // a draft knows where one is
  }

  next.onclick = forward;
  // What is shown is not always where the history stands: an error or a draft leads to a question directly.
  back.onclick = () => (history.state && history.state.step === now ? history.back() : show(now - 1));
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
  /** The question with an error first; else where one was (a reload, a draft), but never beyond what is filled. */
  function resume(wanted) {
    const wrong = steps.findIndex((step) => step.querySelector(".error"));
    const gap = firstWrong(form.elements);
    show(wrong < 0 ? Math.max(0, Math.min(wanted, gap ? stepOf(gap) : steps.length - 1)) : wrong, false);
  }
  form.addEventListener("step", ({ detail }) => resume(detail));
  resume(history.state ? history.state.step : stepOf(named()));
}
