"""What is measured on every page that a browser shows: axe, sideways scroll, size of what is touched, keyboard."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE: Final = Axe()
OPTIONS: Final[dict[str, Any]] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
TOUCH_PX: Final = (
    48  # trust.md section 5; links inside a sentence keep the 24 px of WCAG 2.5.8, which axe measures
)

TOO_SMALL: Final = """touch => {
  const found = [];
  for (const e of document.querySelectorAll('button, input, select, textarea, summary')) {
    if (e.type === 'hidden' || e.closest('[aria-hidden=true]') || !e.checkVisibility({visibilityProperty: true})) continue;
    const label = (e.type === 'radio' || e.type === 'checkbox' || e.type === 'file') && e.labels[0];
    const box = (label || e).getBoundingClientRect();
    if (box.width < 2 || box.right < 0) continue;
    if (box.height < touch - 0.5 || box.width < touch - 0.5)
      found.push(`${e.tagName} ${e.id || e.name || e.textContent.trim()} ${box.width} x ${box.height}`);
  }
  return found;
}"""
SIDEWAYS: Final = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1)
    .slice(-4).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`);
}"""
# What the keyboard should come by, in the order of the page; of radio buttons of one name only one.
TO_REACH: Final = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  const groups = new Set();
  window.__stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(e => {
    if (e.tabIndex < 0 || e.disabled || e.type === 'hidden' || e.closest('[inert]')) return false;
    if (!e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${e.name}"]`)].filter(r => r.form === e.form);
    const chosen = group.find(r => r.checked);
    if (chosen ? chosen !== e : groups.has(group[0])) return false;
    groups.add(group[0]);
    return true;
  });
  const top = document.createElement('i'); // some pages begin elsewhere, at their summary of errors
  top.tabIndex = -1;
  document.body.prepend(top);
  top.focus();
  return window.__stops.length;
}"""
FOCUSED: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0]) : style;
  const card = e.closest('label, fieldset, .choice') ? getComputedStyle(e.closest('label, fieldset, .choice')) : style;
  const seen = [style, label, card].some(s =>
    (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none');
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 30)}`;
  return {at: window.__stops.indexOf(e), seen, within, name};
}"""


def axe_faults(page: Page) -> list[str]:
    """What axe says against the page as it stands."""
    violations = AXE.run(page, options=OPTIONS).response["violations"]
    return [
        f"axe {each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in violations
        for node in each["nodes"][:3]
    ]


def size_faults(page: Page) -> list[str]:
    """Sideways scroll and small targets on the smallest phone, and with letters of double size."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    faults = [f"sideways at 320 px: {each}" for each in page.evaluate(SIDEWAYS)]
    faults += [f"small target: {each}" for each in page.evaluate(TOO_SMALL, TOUCH_PX)]
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    faults += [f"sideways at 200 % text: {each}" for each in page.evaluate(SIDEWAYS)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before:
        page.set_viewport_size(before)
    return faults


DATE_PARTS = (
    4  # day, month, year, and the button of the calendar: stops inside one field of the browser's own
)
AT_A_DATE = "document.activeElement.type === 'date'"


def _press_tab(page: Page) -> None:
    """On to the next control; a date is one."""
    presses = DATE_PARTS if page.evaluate(AT_A_DATE) else 1
    for _ in range(presses):
        page.keyboard.press("Tab")
        if presses > 1 and not page.evaluate(AT_A_DATE):
            return


def keyboard_faults(page: Page) -> list[str]:
    """Walk through the page by Tab: everything is reached, in the order of the page, seen, and the walk ends."""
    faults: list[str] = []
    count = page.evaluate(TO_REACH)
    reached: list[int] = []
    for _ in range(count + 3):
        _press_tab(page)
        stop = page.evaluate(FOCUSED)
        if stop is None or (reached and stop["at"] == reached[0]):
            break
        if reached and stop["at"] == reached[-1]:
            return [*faults, f"the keyboard is trapped at {stop['name']}"]
        if stop["at"] < (reached[-1] if reached else 0):
            faults.append(f"out of the page's order, or not to be reached at all: {stop['name']}")
        reached.append(stop["at"])
        if not stop["seen"]:
            faults.append(f"no visible focus: {stop['name']}")
        if not stop["within"]:
            faults.append(f"focus outside the screen: {stop['name']}")
    else:
        faults.append(f"no end after {len(reached)} stops")
    missed = sorted(set(range(count)) - set(reached))
    names = page.evaluate("missed => missed.map(i => window.__stops[i].outerHTML.slice(0, 120))", missed)
    return faults + [f"not reached: {name}" for name in names]
