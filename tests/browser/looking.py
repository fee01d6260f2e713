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
FOCUSED: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0]) : style;
  const card = e.closest('label, fieldset, .choice') ? getComputedStyle(e.closest('label, fieldset, .choice')) : style;
  const seen = [style, label, card].some(s =>
    (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none');
  const within = box.bottom > 0 && box.top < innerHeight;
  window.__seen = window.__seen || new Map();
  if (!window.__seen.has(e)) window.__seen.set(e, window.__seen.size);
  return {at: window.__seen.get(e), seen, within, name: `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 30)}`};
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


def keyboard_faults(page: Page, most: int = 150) -> list[str]:
    """Walk through the page by Tab: every stop is seen, none is hidden, the walk comes to an end."""
    faults: list[str] = []
    last = -1
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stop["at"] == 0 and last > 0):
            return faults
        if stop["at"] == last:
            return [*faults, f"the keyboard is trapped at {stop['name']}"]
        last = stop["at"]
        if not stop["seen"]:
            faults.append(f"no visible focus: {stop['name']}")
        if not stop["within"]:
            faults.append(f"focus outside the screen: {stop['name']}")
    return [*faults, f"no end after {most} stops"]
