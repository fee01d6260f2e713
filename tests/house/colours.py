"""Colours of the tokens and their contrast (WCAG 2): read from the stylesheet, computed, no browser needed."""

from __future__ import annotations

import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[2] / "app" / "static" / "css" / "10-tokens.css"
DARK = "prefers-color-scheme: dark"
KINDS = ("info", "ok", "warn", "bad", "plain")
Palette = dict[str, str]


def _declarations(body: str) -> Palette:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


def _rules(css: str) -> list[tuple[list[str], Palette]]:
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    return [([name.strip() for name in selector.split(",")], _declarations(body)) for selector, body in found]


def palettes(css: str) -> dict[tuple[str, str], Palette]:
    """(light|dark, kind) -> token -> #rrggbb, as the cascade of the tokens sheet gives it."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    start = css.index("@media")
    light = _rules(css[css.index(":root") : start])
    dark = light + _rules(css[css.index("{", start) + 1 :])
    return {
        (mode, kind): _resolve(rules, kind)
        for mode, rules in (("light", light), ("dark", dark))
        for kind in KINDS
    }


def _resolve(rules: list[tuple[list[str], Palette]], kind: str) -> Palette:
    """A class outweighs :root; among equals the later one wins."""
    tokens: Palette = {}
    for wanted in (":root", f".{kind}"):
        for selectors, declared in rules:
            if wanted in selectors:
                tokens |= declared
    for name, value in tokens.items():
        reference = re.fullmatch(r"var\(--([\w-]+)\)", value)
        if reference:
            tokens[name] = tokens[reference.group(1)]
    return tokens


def _luminance(colour: str) -> float:
    digits = colour.strip().lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
